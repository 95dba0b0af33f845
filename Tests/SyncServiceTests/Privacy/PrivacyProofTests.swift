import CalendarModel
import Foundation
import Logging
import LoopBooking
import SQLStore
import SQLiteDriver
import SyncEngine
import SyncService
import Synchronization
import TestSupport
import Testing

/// What people wrote, marked in every place where they can write.
private enum Mark {
    static let content = "Zanzibar"
    static let organizer = "Quagmire"

    static func meeting(_ start: String, _ sensitivity: Sensitivity, series: Bool = false) -> Meeting {
        var meeting = Samples.meeting(
            "\(content) subject", Times.at(start), body: "\(content) body\nsecond \(content)",
            organizer: Person(name: organizer, address: "\(organizer.lowercased())@contoso.example"),
            attendees: [
                Attendee(person: Person(name: "\(content) Guest", address: "\(content.lowercased())@contoso.example"))
            ], sensitivity: sensitivity, location: "\(content) location")
        guard series else { return meeting }
        let exception = OccurrenceChange(
            subject: "\(content) exception", body: "\(content) exception's body", location: "\(content) elsewhere")
        let moved = OccurrenceChange(time: Times.at("2026-03-24 15:00"), subject: "\(content) moved")
        meeting.recurrence = Recurrence(
            rule: RecurrenceRule(frequency: .weekly, weekdays: [.tuesday], end: .after(count: 5)),
            exceptions: [Times.wall("2026-03-10 14:00"): exception, Times.wall("2026-03-24 14:00"): moved])
        return meeting
    }
}

/// Every line that was logged, at every level.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.add("\(event.message) \(event.metadata ?? [:])") }
    }
}

private struct OneCalendar: ConnectorSource {
    let calendar: InMemoryCalendar

    func connector(for connection: ConnectionID) async throws -> any CalendarConnector { calendar }
}

/// One office on a database file, with everything it shows collected.
private final class Witness {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("privacy-\(UUID()).sqlite").path
    let office: SmallOffice
    let lines = Lines()
    let worker: SyncWorker
    private(set) var shown = ""

    init(_ policy: LinkPolicy) async throws {
        office = try await SmallOffice(policy: policy, driver: SQLiteDriver(path: path))
        let (clock, ids) = (office.clock, office.ids)
        worker = SyncWorker(
            store: office.store, connectors: OneCalendar(calendar: office.calendar),
            settings: WorkerSettings(node: "node", nightly: NightlyCheck(hour: 1)), bell: WakeBell(),
            surroundings: SyncWorker.Surroundings(
                now: { clock.now }, newID: { ids.next() }, sleep: { _ in }, chance: { 0.5 }),
            logger: lines.logger)
    }

    func passes(_ count: Int = 6) async throws {
        for _ in 0..<count {
            try await worker.runNow(SmallOffice.linkID, patience: .zero)
            office.clock.advance(by: .seconds(20))
        }
    }

    func show(_ value: Any) { shown += "\(value)\n" }

    /// Looks at everything that people can look at, and decides what can be decided.
    func lookAround() async throws {
        let desk = office.clashDesk
        for clash in try await desk.list() {
            show(try await desk.show(clash.id))
            show(try await desk.decide(clash.id, .keep(.b), by: .person("Rita")))
            try await passes(2)
            do { show(try await desk.undo(clash.id, by: .person("Rita"))) } catch { show(error) }
            try await passes(2)
        }
        // Something to be found: two meetings that were one.
        if let pairing = try await office.memory.pairings.keys.sorted().first {
            try await office.store.sync.apply([.end(pairing)], for: SmallOffice.linkID, at: office.clock.now)
        }
        show(try await worker.checkDrift(SmallOffice.linkID, patience: .zero))
        show(try await worker.repairDrift(SmallOffice.linkID, ids: nil, missing: .follow, patience: .zero))
        show(DriftView(try await office.store.latestDrift(of: SmallOffice.linkID), of: office.link))
        for booking in try await office.bookings() {
            show(
                try await BookingStory.read(
                    booking.id, organization: SmallOffice.organization, store: office.store, desk: office.desk))
        }
        show(try await office.store.history(of: SmallOffice.linkID, limit: 1000))
        show(lines.text)
    }

    /// Everything in the files of the database, as text.
    func bytes() async throws -> String {
        try await office.store.driver.read { _ in }
        return ["", "-wal", "-shm"].map { end in
            FileManager.default.contents(atPath: path + end).map { String(decoding: $0, as: Unicode.ASCII.self) } ?? ""
        }.joined()
    }

    /// What the tables that are not LoopBooking's own hold.
    func kept() async throws -> String {
        let tables = [
            "observed_events", "history", "clashes", "rulings", "drift_reports", "drift_items", "links",
            "link_schedule",
        ]
        return try await office.store.driver.read { connection in
            try tables.map { "\(try connection.query("SELECT * FROM \($0)"))" }.joined()
        }
    }

    func close() async throws {
        try await office.store.driver.close()
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    }
}

extension String {
    fileprivate func holds(_ mark: String) -> Bool { range(of: mark, options: .caseInsensitive) != nil }
}

@Suite("Private stays private")
struct PrivacyProofTests {
    static let policies: [LinkPolicy] = LinkPolicy.Content.allCases.flatMap { content in
        WritingMode.allCases.map { LinkPolicy(writing: $0, content: content) }
    }

    @Test(
        "From the calendar: what the policy hides is in no file, log, list or story",
        arguments: policies, Sensitivity.allCases)
    func fromCalendar(policy: LinkPolicy, sensitivity: Sensitivity) async throws {
        let witness = try await Witness(policy)
        let office = witness.office
        try await office.book("Standup", "2026-03-03 09:00")
        try await witness.passes(2)
        await office.calendar.answerInvitations()
        for (start, series, invites) in [
            ("2026-03-03 14:00", true, false), ("2026-03-04 10:00", false, false), ("2026-03-05 10:00", false, true),
            ("2026-03-03 09:30", false, false), ("2026-03-03 09:00", false, true),
        ] {
            await office.calendar.personCreates(
                Mark.meeting(start, sensitivity, series: series), invitingRoom: invites)
        }
        try await witness.passes()
        let event = try #require(await office.calendar.events.first { $0.meeting.subject.holds("subject") })
        await office.calendar.personChanges(event.id) { meeting in
            meeting.subject += " again"
            meeting.time = Times.at("2026-03-06 10:00")
        }
        try await witness.lookAround()

        let hidesContent = policy.content != .everything
        let files = try await witness.bytes()
        #expect(files.holds("Standup") && files.count > 10_000)
        if hidesContent {
            #expect(!files.holds(Mark.content), "in the files of the database")
            witness.show(try await office.bookings())
        }
        if policy.content == .busyOnly {
            #expect(!files.holds(Mark.organizer), "in the files of the database")
            #expect(!witness.shown.holds(Mark.organizer), "in what is shown")
        }
        if hidesContent || sensitivity.hidesContent { #expect(!witness.shown.holds(Mark.content), "in what is shown") }
        #expect(try await office.bookings().count >= 4)
        #expect(try await office.clashes(all: true).count >= 1)
        #expect(try await office.store.latestDrift(of: SmallOffice.linkID)?.entries.isEmpty == false)
        try await witness.close()
    }

    @Test(
        "From LoopBooking: what the policy hides is not in the calendar, nor in what is kept and shown of the link",
        arguments: policies, Sensitivity.allCases)
    func fromLoopBooking(policy: LinkPolicy, sensitivity: Sensitivity) async throws {
        let witness = try await Witness(policy)
        let office = witness.office
        await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-04 10:00")))
        try await witness.passes(2)
        try await book(Mark.meeting("2026-03-03 14:00", sensitivity), in: office)
        try await witness.passes(2)
        await office.calendar.answerInvitations()
        // This one loses: somebody took the slot in the calendar a moment before.
        await office.calendar.personCreates(Samples.meeting("Also theirs", Times.at("2026-03-05 10:30")))
        office.clock.advance(by: .seconds(1))
        try await book(Mark.meeting("2026-03-05 10:00", sensitivity), in: office)
        try await witness.passes()
        try await witness.lookAround()

        let calendar = "\(await office.calendar.events) \(await office.calendar.invitationTexts)"
        let kept = try await witness.kept()
        #expect(await office.calendar.events.count >= 3)
        if policy.content != .everything {
            #expect(!calendar.holds(Mark.content), "in the calendar")
            #expect(!kept.holds(Mark.content), "in what is kept of the link")
        }
        if policy.content == .busyOnly {
            #expect(!calendar.holds(Mark.organizer), "in the calendar")
            #expect(!kept.holds(Mark.organizer), "in what is kept of the link")
            #expect(!witness.shown.holds(Mark.organizer), "in what is shown")
        }
        if policy.content != .everything || sensitivity.hidesContent {
            #expect(!witness.shown.holds(Mark.content), "in what is shown")
        }
        #expect(policy.content != .everything || calendar.holds(Mark.content))
        try await witness.close()
    }

    private func book(_ meeting: Meeting, in office: SmallOffice) async throws {
        _ = try await office.desk.create(
            BookingDraft(
                room: office.link.room, time: TimeDraft(meeting.time), subject: meeting.subject, body: meeting.body,
                organizer: meeting.organizer, attendees: meeting.attendees, sensitivity: meeting.sensitivity,
                location: meeting.location), by: .person("Somebody"))
    }

    @Test("Of a private meeting the flag crosses with its content, and people see that it is private")
    func flag() async throws {
        let office = try await SmallOffice()
        await office.calendar.personCreates(Mark.meeting("2026-03-04 10:00", .private))
        try await office.settle()
        let booking = try #require(try await office.bookings().first)
        #expect(booking.meeting.sensitivity == .private && booking.meeting.subject.holds(Mark.content))
        #expect(Privacy.title(of: booking.meeting, policy: .everything) == "Private")
    }
}
