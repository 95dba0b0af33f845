import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine

/// What is due, under way and failing, and the writes whose outcome is not known yet.
enum QueuePages {
    static let all: [PageRoute] = [PageRoute.of(.get, "queue", .read, handler: page)]

    private static let pageSize = 100

    @Sendable private static func page(_ request: PageRequest) async throws -> Response {
        let now = request.services.now()
        let words = request.words
        let base = try request.path()
        let queue = try await request.store.queue(of: try request.organization().id, now: now)
        // Failing ones first, then those that run or are due.
        let order: [QueuedLink.Standing] = [.leased, .due, .waiting, .resting]
        let links = queue.links.enumerated().sorted { left, right in
            func rank(_ item: (offset: Int, element: QueuedLink)) -> (Int, Int, Int) {
                (-item.element.failures, order.firstIndex(of: item.element.standing) ?? 9, item.offset)
            }
            return rank(left) < rank(right)
        }.map(\.element)
        let turner = PageTurner(
            count: links.count, size: pageSize, page: request.query("page").flatMap { Int($0) } ?? 1)
        let times = request.times(in: .utc)
        func tile(_ name: String, _ count: Int) -> JSONValue {
            ["label": .string(words["queue.tile.\(name)"]), "figure": .integer(Int64(count))]
        }
        return request.page(
            "queue", title: words["queue.title"], section: "queue", live: true,
            [
                "tiles": [
                    tile("leased", links.count { $0.standing == .leased }),
                    tile("due", links.count { $0.standing == .due }), tile("failing", queue.failing.count),
                    tile("intents", queue.intents.count),
                ],
                "rows": .array(links[turner.range].map { row($0, request, times, base, now) }),
                "hasLinks": .bool(!links.isEmpty), "pages": turner.values("\(base)/queue?"),
                "intents": .array(
                    queue.intents.prefix(pageSize).map { intent in
                        [
                            "title": .string(intent.title),
                            "path": .string("\(base)/links/\(Form.encoded(intent.link.rawValue))"),
                            "reason": .string(intent.reason), "attempts": .integer(Int64(intent.attempts)),
                            "since": .string(times.ago(intent.since, now: now)),
                            "action": .string(words[key(intent.action)]),
                        ]
                    }), "hasIntents": .bool(!queue.intents.isEmpty),
                "more": queue.intents.count > pageSize
                    ? .string(words("queue.more", ["count": String(queue.intents.count - pageSize)])) : .null,
            ])
    }

    /// Writes go to one of two sides; what exactly is done stands in their reason.
    private static func key(_ action: String) -> String {
        action.hasPrefix("booking") ? "queue.toLoopBooking" : "queue.toCalendar"
    }

    private static func row(
        _ link: QueuedLink, _ request: PageRequest, _ times: TimeWriter, _ base: String, _ now: Instant
    ) -> JSONValue {
        let words = request.words
        let (kind, icon) =
            switch link.standing {
            case .leased: ("catchingUp", "catching-up")
            case .due: ("info", "clock")
            case .waiting: ("neutral", "clock")
            case .resting: ("paused", "paused")
            }
        let next = link.dueAt.map { due in
            due <= now ? words["queue.now"] : words("queue.in", ["time": times.length(due.since(now))])
        }
        return [
            "title": .string(link.title), "path": .string("\(base)/links/\(Form.encoded(link.link.rawValue))"),
            "status": request.mark(kind, icon: icon, words["queue.standing.\(link.standing.rawValue)"]),
            "next": .optional(next), "failures": link.failures > 0 ? .integer(Int64(link.failures)) : .null,
            "problem": link.failure.map(request.problem) ?? .null,
        ]
    }
}
