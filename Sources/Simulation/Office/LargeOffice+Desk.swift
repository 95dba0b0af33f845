import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

// What people look after: clashes, drift, a held link, the doctor's run, leavers, and a set-up that goes on.
extension LargeOffice {
    /// How many rooms are about to be linked.
    private static let annexes = 50

    func fillDesk(of store: Store) async throws {
        try await addClashes(to: store)
        try await addDrift(to: store)
        try await hold(LinkID("link-\(rooms / 5)"), in: store)
        try await addDoctorRun(to: store)
        try await addLeavers(to: store)
        try await addSetup(to: store)
    }

    private func span(_ hours: Int) -> TimeSpan {
        let start = now.advanced(by: .seconds(hours * 3600))
        return TimeSpan(start: start, end: start.advanced(by: .seconds(2700)))
    }

    private func addClashes(to store: Store) async throws {
        let share = meetings / max(rooms, 1)
        try await store.writeClashes(of: Self.organization) { [now, rooms] transaction in
            for number in 0..<min(rooms, 200) {
                let booking = BookingID("b\(number)-\(share / 2 + 8)")
                try transaction.keep(
                    Clash(
                        id: ClashID("clash-\(number)"), link: LinkID("link-\(number)"),
                        note: ClashNote(
                            winner: .init(origin: .loopBooking, booking: booking, span: span(24)),
                            loser: .init(origin: .calendar, event: EventID("e-\(booking)"), span: span(24))),
                        reason: "The room was taken.", firstAt: now, lastAt: now, state: .open, file: .init()))
            }
        }
    }

    private func addDrift(to store: Store) async throws {
        for number in 0..<rooms {
            let window = TimeSpan(start: now, end: now.advanced(by: .seconds(365 * 86_400)))
            var report = DriftReport(
                id: "drift-\(number)", link: LinkID("link-\(number)"), occasion: .scheduled, startedAt: now,
                window: window)
            report.bookings = meetings / max(rooms, 1)
            report.events = report.bookings
            if number % 50 == 0 {
                report.items = (0..<40).map { index in
                    DriftItem(
                        .differs, booking: BookingID("b\(number)-\(index)"), event: EventID("e-b\(number)-\(index)"),
                        pairing: PairingID("p-b\(number)-\(index)"), field: .body, sentence: "The text differs.",
                        here: "Bring the plans", there: "Bring the drawings")
                }
            }
            try await store.keep(report)
        }
    }

    /// Half of the coming meetings of one room vanished from its calendar.
    private func hold(_ link: LinkID, in store: Store) async throws {
        guard let record = try await store.link(link) else { return }
        let coming = meetings / max(rooms, 1) / 2
        let number = link.rawValue.split(separator: "-").last ?? ""
        let pass = try await store.sync.begin(link)
        try await pass.record(
            RecordedReading(
                observed: [],
                gone: (0..<(coming / 2)).map { EventID("e-b\(number)-\(coming + $0)") },
                cursor: Cursor(
                    value: "2", window: TimeSpan(start: now, end: now.advanced(by: .seconds(400 * 86_400))),
                    reader: .delta), at: now),
            for: link)
        try await pass.apply(
            [
                .setState(.held(MassDeletion(vanished: coming / 2, of: coming))),
                .tell(
                    HistoryEntry(
                        link: link, booking: nil, event: nil, at: now, action: "link.hold",
                        sentence: "\(coming / 2) of \(coming) coming meetings of \(record.link.title) vanished.")),
            ], for: link, at: now)
        try await pass.finish(Self.report(of: link, at: now))
    }

    private func addDoctorRun(to store: Store) async throws {
        let checks = [
            "room.found", "room.readable", "room.writable", "room.privateVisible", "room.answers", "room.reader",
        ]
        var entries = ["clock", "network"].map { check in
            DoctorEntry(finding: Finding(check: check, verdict: .good, evidence: "As it should be."))
        }
        for number in 0..<rooms {
            for check in checks {
                let isBad = number % 97 == 0 && check == "room.writable"
                entries.append(
                    DoctorEntry(
                        connection: Self.connection, connectionName: "Microsoft 365",
                        finding: Finding(
                            check: check, subject: "room-\(number + 1)-ext@large.example",
                            verdict: isBad ? .bad : .good,
                            evidence: isBad ? "The room cannot be written." : "As it should be.",
                            diagnosis: isBad
                                ? Diagnosis(
                                    code: "room.readOnly", summary: "The room cannot be written.",
                                    remedy: "Give the service account Full Access to it.") : nil)))
            }
        }
        for number in 0..<20 {
            let at = now.advanced(by: .seconds((number - 20) * 86_400))
            try await store.keep(
                DoctorRun(
                    id: "run-\(number)", organization: Self.organization, occasion: .scheduled, startedAt: at,
                    finishedAt: at, entries: entries))
        }
    }

    private func addLeavers(to store: Store) async throws {
        let share = meetings / max(rooms, 1)
        let people = (0..<40).map { person in
            KeptLeavers.Leaver(
                person: Person(name: "Person \(person)", address: "person\(person)@large.example"), presence: .gone,
                bookings: (0..<min(rooms, 4)).compactMap { room in
                    let index = share / 2 + (97 + person - (share / 2) % 97) % 97
                    return index < share ? BookingID("b\(room)-\(index)") : nil
                })
        }
        try await store.keep(
            KeptLeavers(askedAt: now, people: people, asked: 97, unknown: 0, obstacles: []), of: Self.organization)
    }

    // MARK: The set-up

    private func addSetup(to store: Store) async throws {
        var draft = SetupDraft(name: "Microsoft 365")
        draft.tenant = "large.example"
        draft.prerequisitesAt = now
        draft.listedAt = now
        try await store.addSetup(
            SetupRecord(
                id: Self.connection, organization: Self.organization, kind: "microsoft",
                content: try StoredJSON.text(draft), changedBy: "Anna Berg", createdAt: now))
        for number in 0..<Self.annexes { try await addRoom(annex(number), to: store) }
        let resources = (0..<rooms).map { "Room \($0 + 1)-ext" } + (0..<Self.annexes).map { "Annex \($0 + 1)-ext" }
        for name in resources {
            let address = name.lowercased().replacing(" ", with: "-") + "@large.example"
            var entry = SetupResource(Resource(address: address, name: name), isListed: true, wantedAt: nil)
            entry.probedAt = now
            entry.findings = ["room.found", "room.readable", "room.writable"].map {
                Finding(check: $0, subject: address, verdict: .good, evidence: "As it should be.")
            }
            try await store.keep(entry, of: Self.connection, now: now)
        }
        let mapping = (0..<Self.annexes).map { number in
            SetupMapping(
                room: annex(number).id, resource: "annex-\(number + 1)-ext@large.example", policy: LinkPolicy())
        }
        try await store.setMapping(
            mapping, of: Self.connection, in: Self.organization, ifRevision: nil, by: "Anna Berg", now: now)
        try await store.wantPreviews(mapping.map { ($0.room, $0.resource) }, of: Self.connection, now: now)
        for (number, row) in mapping.enumerated() {
            let preview = preview(items: number == 0 ? meetings / max(rooms, 1) : 40)
            try await store.keepPreview(
                try StoredJSON.text(preview), counts: try StoredJSON.text(preview.counts), of: row.room,
                in: Self.connection, now: now)
        }
    }

    private func annex(_ number: Int) -> Room {
        Room(
            id: RoomID("annex-\(number)"), organization: Self.organization, name: "Annex \(number + 1)", capacity: 6,
            location: "The annex", zone: Self.zone)
    }

    private func addRoom(_ room: Room, to store: Store) async throws {
        try await store.bookings(of: Self.organization).write { [now] in try $0.insert(room, at: now) }
    }

    private func preview(items: Int) -> RoomPreview {
        var preview = RoomPreview()
        preview.items = (0..<items).map { index in
            let side: Side = index % 2 == 0 ? .loopBooking : .calendar
            return PreviewItem(
                id: "item-\(index)", kind: index % 2 == 0 ? .writeEvent : .takeBooking,
                action: index % 2 == 0 ? "event.create" : "booking.create",
                a: PreviewItem.Meeting(
                    side: side, title: "Meeting \(index)", organizer: "Anna Berg", span: span(index), isAllDay: false,
                    isSeries: false, booking: side == .loopBooking ? BookingID("x-\(index)") : nil,
                    event: side == .calendar ? EventID("x-\(index)") : nil))
        }
        return preview
    }
}
