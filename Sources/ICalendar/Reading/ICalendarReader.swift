import CLibICal
import CalendarModel
import CalendarTime

/// Reads iCalendar files (RFC 5545) as people's programs write them, broken ones included.
package enum ICalendarReader {
    private static let mostMegabytes = 20

    /// The meetings of a file.
    ///
    /// - Parameters:
    ///   - text: The file.
    ///   - roomZone: Where all-day meetings and times without a zone are meant, unless the file says otherwise.
    /// - Throws: When nothing can be read. Parts that cannot be taken over are remarks, in words.
    package static func read(_ text: String, roomZone: ZoneID) throws(ICalendarError) -> ImportedCalendar {
        guard Zones.known(roomZone.name) != nil else { throw .unknownZone(roomZone.name) }
        guard text.utf8.count <= mostMegabytes * 1_000_000 else { throw .tooLarge(megabytes: mostMegabytes) }
        guard let file = ParsedFile(cleaned(text)) else { throw .notACalendar }
        let calendars = file.calendars
        guard !calendars.isEmpty else { throw .notACalendar }
        var result = ImportedCalendar(meetings: [], remarks: [])
        for calendar in calendars { read(calendar, roomZone: roomZone, into: &result) }
        result.remarks = result.remarks.inOrderOnce
        return result
    }

    /// Without marks of the byte order and zero bytes, and without empty lines, which some programs put where a long
    /// line goes on.
    private static func cleaned(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { $0 != "\u{FEFF}" && $0 != "\u{0}" }
        return String(String.UnicodeScalarView(scalars)).split(whereSeparator: \.isNewline).joined(separator: "\r\n")
            + "\r\n"
    }

    private static func read(_ calendar: Component, roomZone: ZoneID, into result: inout ImportedCalendar) {
        let zones = FileZones(of: calendar, roomZone: roomZone)
        var order: [String] = []
        var groups: [String: [FileEvent]] = [:]
        for (number, component) in calendar.events().enumerated() {
            // An event without a UID belongs to no other.
            let uid = component.property(ICAL_UID_PROPERTY)?.text ?? "event \(number + 1) without UID"
            guard let event = FileEvent(component, zones: zones, remarks: &result.remarks) else { continue }
            if groups[uid] == nil { order.append(uid) }
            groups[uid, default: []].append(event)
        }
        for uid in order {
            let series = FileSeries(uid: uid, events: groups[uid] ?? [], zones: zones, roomZone: zones.floating)
            result.meetings += series.meetings(remarks: &result.remarks)
        }
        let others = [
            (ICAL_VTODO_COMPONENT, "tasks"), (ICAL_VJOURNAL_COMPONENT, "journal entries"),
            (ICAL_VFREEBUSY_COMPONENT, "free/busy lists"),
        ]
        for (kind, what) in others {
            let count = calendar.children(kind).count
            if count > 0 { result.remarks.append("Not meetings, and left out: \(what) (\(count)).") }
        }
        if !calendar.unreadable.isEmpty { result.remarks.append("Some lines could not be read.") }
        result.remarks += zones.remarks
    }
}
