import CalendarModel
import Foundation

/// An item's id as Graph shows it: opaque text that names a mailbox, an item, and for an occurrence its original date.
/// The mutable form also names how often the item was moved: it changes whenever Exchange moves the item, the immutable
/// form does not.
struct GraphIdentifier: Hashable, Sendable {
    var mailbox: UInt64
    var item: UInt32
    /// nil in an immutable id.
    var moves: UInt16?
    /// The original date of one occurrence of the item.
    var occurrence: CivilDate?

    private static let mutablePrefix = "AAMkAGVmMDEzMTM4LTZmYWUtNDdkNC1hMDZi"
    private static let immutablePrefix = "AAkALgAAAAAAHYQDEapmEc2byACqAC_EWg0A"
    private static let tail = "AAA="

    var text: String {
        var bytes: [UInt8] = []
        bytes += Self.bytes(mailbox, 8)
        bytes += Self.bytes(UInt64(item), 4)
        bytes += Self.bytes(UInt64(moves ?? 0), 2)
        let date = occurrence.map { $0.year * 10_000 + $0.month * 100 + $0.day } ?? 0
        bytes += Self.bytes(UInt64(date), 4)
        bytes += Self.bytes(Self.checksum(bytes), 3)
        let core = Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
        return (moves == nil ? Self.immutablePrefix : Self.mutablePrefix) + core + Self.tail
    }

    /// Reads an id back; nil when it is malformed.
    init?(_ text: String) {
        let isMutable = text.hasPrefix(Self.mutablePrefix)
        guard isMutable || text.hasPrefix(Self.immutablePrefix), text.hasSuffix(Self.tail),
            text.count == Self.mutablePrefix.count + 28 + Self.tail.count
        else { return nil }
        let core = text.dropFirst(Self.mutablePrefix.count).dropLast(Self.tail.count)
            .replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        guard let data = Data(base64Encoded: core), data.count == 21 else { return nil }
        let bytes = [UInt8](data)
        guard Self.number(bytes[18..<21]) == Self.checksum(Array(bytes[0..<18])) else { return nil }
        mailbox = Self.number(bytes[0..<8])
        item = UInt32(Self.number(bytes[8..<12]))
        moves = isMutable ? UInt16(Self.number(bytes[12..<14])) : nil
        let date = Int(Self.number(bytes[14..<18]))
        occurrence = date == 0 ? nil : CivilDate(year: date / 10_000, month: date / 100 % 100, day: date % 100)
    }

    init(mailbox: UInt64, item: UInt32, moves: UInt16?, occurrence: CivilDate? = nil) {
        self.mailbox = mailbox
        self.item = item
        self.moves = moves
        self.occurrence = occurrence
    }

    /// A number that stands for a mailbox in ids: the same on every run.
    static func tag(of address: String) -> UInt64 {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in address.lowercased().utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return value
    }

    static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64(count - 1 - $0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(UInt64(7)) { ($0 &* 131 &+ UInt64($1)) & 0xff_ffff }
    }
}
