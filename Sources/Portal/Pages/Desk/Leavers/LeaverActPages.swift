import CalendarModel
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncService

/// Handing over or cancelling what somebody left behind: a page that says what it will do, with every booking to choose.
enum LeaverActPages {
    static let all: [PageRoute] = Act.allCases.flatMap { act in
        [
            PageRoute.of(.get, "leavers/\(act.rawValue)", .book) { request in
                try await page(request, act, address: request.query("person") ?? "", Filled())
            },
            PageRoute.of(.post, "leavers/\(act.rawValue)", .book) { request in try await send(request, act) },
        ]
    }

    private enum Act: String, CaseIterable { case hand, cancel }

    /// What was typed, and what is wrong with it.
    private struct Filled {
        var name = ""
        var email = ""
        var reason = ""
        /// All when nil.
        var chosen: Set<String>?
        var complaints: [String: String] = [:]
    }

    private static func leaver(_ request: PageRequest, _ address: String) async throws -> LeaverDesk.Leaver {
        let answer = try await LeaverPages.desk(request).last()
        guard let found = answer?.people.first(where: { $0.person.address.lowercased() == address.lowercased() })
        else { throw Problem.notFound("") }
        return found
    }

    private static func page(
        _ request: PageRequest, _ act: Act, address: String, _ filled: Filled
    ) async throws -> Response {
        let leaver = try await leaver(request, address)
        let base = try request.path()
        let words = request.words
        let bookings = leaver.bookings.filter { act == .cancel || $0.canBeHandedOver }
        return request.page(
            "leavers-act", title: words["leavers.\(act.rawValue)"], section: "leavers",
            status: filled.complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "heading": .string(words["leavers.\(act.rawValue)"]), "leavers": .string("\(base)/leavers"),
                "action": .string("\(base)/leavers/\(act.rawValue)"), "address": .string(leaver.person.address),
                "who": .string(leaver.person.name.isEmpty ? leaver.person.address : leaver.person.name),
                "text": .string(words["leavers.\(act.rawValue).text"]), "isHand": .bool(act == .hand),
                "name": .string(filled.name), "email": .string(filled.email), "reason": .string(filled.reason),
                "nameError": .optional(filled.complaints["name"]), "emailError": .optional(filled.complaints["email"]),
                "bookingError": .optional(filled.complaints["booking"]),
                "reasonError": .optional(filled.complaints["reason"]), "errors": filled.complaints.errorSummary,
                "bookings": .array(
                    bookings.map { held in
                        guard case .object(var fields) = LeaverPages.booking(held, request, base) else { return .null }
                        fields["isChosen"] = .bool(filled.chosen?.contains(held.booking.id.rawValue) ?? true)
                        return .object(fields)
                    }),
            ])
    }

    @Sendable private static func send(_ request: PageRequest, _ act: Act) async throws -> Response {
        let form = request.form
        let address = form.line("person")
        var filled = Filled(
            name: form.line("name"), email: form.line("email"), reason: form.line("reason"),
            chosen: Set(form.all("booking")))
        let ids = form.all("booking").map { BookingID($0) }
        let words = request.words
        if ids.isEmpty { filled.complaints["booking"] = words["leavers.noneChosen"] }
        if act == .hand {
            if !(1...100).contains(filled.name.count) { filled.complaints["name"] = words["leavers.name.wrong"] }
            let parts = filled.email.split(separator: "@", omittingEmptySubsequences: false)
            if parts.count != 2 || parts.contains(where: \.isEmpty) || filled.email.contains(" ") {
                filled.complaints["email"] = words["leavers.email.wrong"]
            }
        } else if filled.reason.count > 200 {
            filled.complaints["reason"] = words["leavers.reason.wrong"]
        }
        _ = try await leaver(request, address)
        guard filled.complaints.isEmpty else { return try await page(request, act, address: address, filled) }
        let desk = try LeaverPages.desk(request)
        let author = try request.author()
        let outcome =
            switch act {
            case .hand:
                try await desk.handOver(
                    ids, of: address, to: Person(name: filled.name, address: filled.email), by: author)
            case .cancel:
                try await desk.cancel(
                    ids, of: address, by: author, reason: filled.reason.isEmpty ? nil : filled.reason)
            }
        request.services.bell.ring()
        try await request.audit(
            "leavers.\(act.rawValue)", address, detail: "\(outcome.done.count) bookings")
        let done = words.counted("leavers.\(act.rawValue).done", outcome.done.count)
        guard let reason = outcome.refused.values.first.map({ Problem($0).detail }) else {
            return request.redirect(try request.path("leavers"), notice: PageNotice(.success, done))
        }
        let refused = words.counted("leavers.refused", outcome.refused.count, ["reason": reason])
        return request.redirect(
            try request.path("leavers"), notice: PageNotice(.warning, "\(done) \(refused)"))
    }
}
