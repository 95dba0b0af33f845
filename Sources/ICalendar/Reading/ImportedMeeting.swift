import CalendarModel

/// What an iCalendar file says about meetings.
package struct ImportedCalendar: Hashable, Sendable {
    package var meetings: [ImportedMeeting]
    /// What could not be taken over from the file as a whole, in words.
    package var remarks: [String]
}

/// One meeting of a file: single, or a series with what differs from its rule.
package struct ImportedMeeting: Hashable, Sendable {
    /// The file's own name for it (UID). Not always one of a kind: a file may hold changed occurrences without their
    /// series.
    package var uid: String
    package var meeting: Meeting
    /// Whether the file calls the whole meeting off (STATUS:CANCELLED).
    package var isCancelled: Bool
    /// Whether its zone is one that the file defines by rules, under a name that nobody else knows; the meeting is in a known
    /// zone with the same rules.
    package var isInUnnamedZone: Bool
    /// What could not be taken over, in words, without anything that people wrote.
    package var remarks: [String]
}

/// Why a file could not be read at all.
package enum ICalendarError: Error, Hashable, CustomStringConvertible {
    case notACalendar
    case tooLarge(megabytes: Int)
    case unknownZone(String)

    package var description: String {
        switch self {
        case .notACalendar:
            "This is not an iCalendar file: no BEGIN:VCALENDAR or BEGIN:VEVENT with its END stands in it. "
                + "Export the calendar again as .ics."
        case .tooLarge(let megabytes):
            "The file is larger than \(megabytes) MB, more than a room's calendar comes to. Export a shorter period."
        case .unknownZone(let name):
            "The time zone “\(name.prefix(60))” is unknown. Use an IANA name such as Europe/Oslo."
        }
    }
}
