import ArgumentParser
import CalendarModel
import CalendarTime
import Foundation
import ICalendar
import LoopBooking

struct ICSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ics", abstract: "Read iCalendar files (.ics), and book what is in them.",
        subcommands: [Show.self, Import.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a file's meetings, occurrence by occurrence.",
            discussion: "Nothing is stored. What could not be taken over is listed after the meetings.")
        @OptionGroup var options: CommonOptions
        @OptionGroup var file: ICSFile
        @Option(help: "The first day shown, such as 2026-03-02 (default: today).") var from: String?
        @Option(help: "The day after the last one shown (default: a year later).") var to: String?

        func run() async throws {
            try await attempt(json: options.json) {
                let zone = try file.zone(or: .utc)
                let shown = try ICSOccurrences(file.read(in: zone), zone: zone, window: window(in: zone))
                if options.json { return try Terminal.writeJSON(shown) }
                Terminal.write(shown.text)
            }
        }

        private func window(in zone: ZoneID) throws -> TimeSpan {
            let first =
                try from.map(Timestamps.parseDate) ?? Zones.date(of: Installation.now(), in: zone)
                ?? CivilDate(year: 2026, month: 1, day: 1)
            let end = try to.map(Timestamps.parseDate) ?? Zones.date(first, addingDays: 365)
            return try Zones.allDay(first: first, end: end, zone: zone).span
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Book a file's meetings in a LoopBooking room.",
            discussion: """
                What is over is passed over; a series that began earlier is booked from its next occurrence on. \
                Importing the same file again books nothing twice. Ends with status 1 when something could not be booked.
                """)
        @OptionGroup var options: CommonOptions
        @OptionGroup var file: ICSFile
        @Option(help: "The room's name.") var room: String

        func run() async throws {
            try await withInstallation(options) { installation in
                let room = try await installation.room(room, of: options.organizationID)
                let calendar = try file.read(in: try file.zone(or: room.zone))
                let booking = ICSBooking(
                    room: room, desk: installation.desk(options.organizationID), now: Installation.now())
                let outcome = await booking.book(calendar)
                if options.json { try Terminal.writeJSON(outcome) } else { Terminal.write(outcome.text) }
                if outcome.meetings.contains(where: { $0.outcome == .refused }) { throw ExitCode(1) }
            }
        }
    }
}

/// The file that a command reads.
struct ICSFile: ParsableArguments {
    @Argument(help: "The .ics file.") var path: String
    @Option(
        name: .customLong("time-zone"),
        help: "Where times without a zone are meant (default: the room's zone, or UTC).")
    var timeZone: String?

    func zone(or standard: ZoneID) throws -> ZoneID {
        guard let timeZone else { return standard }
        guard let zone = Zones.known(timeZone) else { throw TimeError.unknownZone(timeZone) }
        return zone
    }

    func read(in zone: ZoneID) throws -> ImportedCalendar {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                "ics.file", "The file \(path) cannot be read.", remedy: "Check its path and its permissions.")
        }
        do {
            return try ICalendarReader.read(String(decoding: data, as: UTF8.self), roomZone: zone)
        } catch {
            throw CommandFailure("ics.unreadable", "\(error)", remedy: "Give a file in iCalendar form (RFC 5545).")
        }
    }
}
