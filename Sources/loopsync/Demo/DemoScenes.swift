import CalendarModel
import CalendarTime
import HTTPTransport
import Portal

/// The scenes of the demo: each an act on one side and what must be seen on the other.
struct DemoScenes {
    static let toCalendar = "LoopBooking → Outlook"
    static let toLoopBooking = "Outlook → LoopBooking"

    let sim: JSONCaller
    let loopBooking: JSONCaller
    let result: DemoResult
    private let zone = ZoneID("Europe/Oslo")

    init(sim: JSONCaller, loopBooking: JSONCaller, result: DemoResult) {
        self.sim = sim
        self.loopBooking = loopBooking
        self.result = result
    }

    func play() async throws {
        let anna = try await DemoTenant(control: sim).person("anna")
        try await waitUntilInSync()
        try await bookMoveCancelInLoopBooking()
        try await bookMoveCancelInOutlook(anna)
        try await doubleBooking(anna)
    }

    // MARK: - Scenes

    private func bookMoveCancelInLoopBooking() async throws {
        let room = try await room("Oslo")
        let booking = try await loopBooking.call(
            .post, "/bookings",
            [
                "room": .string(room), "subject": "Quarterly review", "start": time(10), "end": time(11),
                "organizer": ["name": "Kari Nordmann", "address": "kari@contoso.example"],
            ])
        let path = "/bookings/\(booking["id"]?.string ?? "")"
        await scene("“Quarterly review” booked in Oslo", Self.toCalendar) {
            try await event("Oslo", "Quarterly review").map { startHour($0) == utcHour(10) } ?? false
        }
        _ = try await loopBooking.call(.patch, path, ["start": time(13), "end": time(14)])
        await scene("… moved to 13:00", Self.toCalendar) {
            try await event("Oslo", "Quarterly review").map { startHour($0) == utcHour(13) } ?? false
        }
        _ = try await loopBooking.call(.delete, path)
        await scene("… cancelled", Self.toCalendar) { try await event("Oslo", "Quarterly review") == nil }
    }

    private func bookMoveCancelInOutlook(_ anna: JSONCaller) async throws {
        let meeting = try await anna.call(
            .post, "/me/events",
            [
                "subject": "Design workshop", "start": graphTime(10), "end": graphTime(12),
                "attendees": [
                    [
                        "type": "resource",
                        "emailAddress": ["address": .string(DemoTenant.address(of: "Bergen")), "name": "Bergen-ext"],
                    ]
                ],
            ])
        let path = "/me/events/\(meeting["id"]?.string ?? "")"
        await scene("Anna's workshop in Bergen-ext", Self.toLoopBooking) {
            try await bookings("Bergen").contains { $0["status"]?.string == "confirmed" && isAt(10, $0) }
        }
        _ = try await anna.call(.patch, path, ["start": graphTime(14), "end": graphTime(16)])
        await scene("… moved to 14:00", Self.toLoopBooking) {
            try await bookings("Bergen").contains { $0["status"]?.string == "confirmed" && isAt(14, $0) }
        }
        _ = try await anna.call(.post, path + "/cancel", ["comment": "Not needed any more"])
        await scene("… cancelled by Anna", Self.toLoopBooking) {
            try await bookings("Bergen").allSatisfy { $0["status"]?.string == "cancelled" }
        }
    }

    private func doubleBooking(_ anna: JSONCaller) async throws {
        let room = try await room("Trondheim")
        _ = try await loopBooking.call(
            .post, "/bookings",
            ["room": .string(room), "subject": "Board meeting", "start": time(9), "end": time(10)])
        let meeting = try await anna.call(
            .post, "/me/events",
            [
                "subject": "Same time", "start": graphTime(9), "end": graphTime(10),
                "attendees": [
                    [
                        "type": "resource",
                        "emailAddress": ["address": .string(DemoTenant.address(of: "Trondheim")), "name": ""],
                    ]
                ],
            ])
        let path = "/me/events/\(meeting["id"]?.string ?? "")"
        await scene("Trondheim wanted twice: Anna is told no", Self.toCalendar) {
            let attendees = try await anna.call(.get, path)["attendees"]?.list ?? []
            return attendees.contains { $0["status"]?["response"]?.string == "declined" }
        }
        await scene("… and LoopBooking keeps one yes", Self.toCalendar) {
            try await bookings("Trondheim").filter { $0["status"]?.string == "confirmed" }.count == 1
        }
    }

    // MARK: - Looking

    private func scene(_ what: String, _ way: String, seen: () async throws -> Bool) async {
        let start = ContinuousClock.now
        let deadline = start.advanced(by: .seconds(45))
        while ContinuousClock.now < deadline {
            if (try? await seen()) == true {
                let took = (ContinuousClock.now - start).inSeconds
                Terminal.progress("  \(what) (\(way)): \((took * 100).rounded() / 100) s")
                return result.add(DemoResult.Row(what: what, way: way, seconds: took))
            }
            try? await Installation.sleep(.milliseconds(50))
        }
        result.add(DemoResult.Row(what: what, way: way, seconds: nil))
    }

    private func waitUntilInSync() async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while ContinuousClock.now < deadline {
            let links = try await loopBooking.call(.get, "/links")["links"]?.list ?? []
            if !links.isEmpty, links.allSatisfy({ $0["condition"]?.string == "in sync" }) { return }
            try await Installation.sleep(.milliseconds(100))
        }
    }

    private func room(_ name: String) async throws -> String {
        let rooms = try await loopBooking.call(.get, "/rooms")["rooms"]?.list ?? []
        return rooms.first { $0["name"]?.string == name }?["id"]?.string ?? ""
    }

    private func bookings(_ name: String) async throws -> [JSONValue] {
        try await loopBooking.call(.get, "/bookings?room=\(try await room(name))")["bookings"]?.list ?? []
    }

    /// An event that stands in a mirror's calendar, by its subject.
    private func event(_ room: String, _ subject: String) async throws -> JSONValue? {
        let events = try await sim.call(.get, "/control/v1/mailboxes/\(DemoTenant.address(of: room))/events")
        return events["events"]?.list.first {
            $0["subject"]?.string == subject && $0["isCancelled"] != .bool(true)
        }
    }

    // MARK: - Times: tomorrow, in Oslo

    private var tomorrow: CivilDate {
        let today = Zones.date(of: Installation.now(), in: zone) ?? CivilDate(year: 2026, month: 1, day: 1)
        return Zones.date(today, addingDays: 1)
    }

    private func wall(_ hour: Int) -> WallTime { WallTime(date: tomorrow, hour: hour, minute: 0) }

    private func time(_ hour: Int) -> JSONValue {
        ["dateTime": .string(wall(hour).description), "timeZone": .string(zone.name)]
    }

    private func graphTime(_ hour: Int) -> JSONValue {
        ["dateTime": .string(wall(hour).description), "timeZone": "W. Europe Standard Time"]
    }

    private func isAt(_ hour: Int, _ booking: JSONValue) -> Bool {
        guard let start = booking["start"], let text = start["dateTime"]?.string, let name = start["timeZone"]?.string,
            let time = try? Timestamps.parseWall(text)
        else { return false }
        return Zones.instant(of: time, in: ZoneID(name)) == Zones.instant(of: wall(hour), in: zone)
    }

    private func utcHour(_ hour: Int) -> Instant? { Zones.instant(of: wall(hour), in: zone) }

    private func startHour(_ event: JSONValue) -> Instant? {
        guard let text = event["start"]?["dateTime"]?.string, let time = try? Timestamps.parseWall(text),
            case .zone(let zone) = Zones.fromVendor(event["start"]?["timeZone"]?.string ?? "")
        else { return nil }
        return Zones.instant(of: time, in: zone)
    }
}
