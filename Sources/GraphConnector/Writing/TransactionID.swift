import CalendarModel
import Foundation

/// The GUID by which Graph recognizes the second attempt of one create.
package enum TransactionID {
    /// The key itself when it is a GUID; else one made from it, always the same.
    package static func text(for key: OperationKey) -> String {
        if let id = UUID(uuidString: key.rawValue) { return id.uuidString.lowercased() }
        var bytes = [ShortHash.seed, 0x6c62_272e_07bb_0142].flatMap {
            ShortHash.bytes(ShortHash.of(key.rawValue, seed: $0))
        }
        // Version 8 (made by the application) and the standard's variant, by RFC 9562 §5.8.
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
    }
}
