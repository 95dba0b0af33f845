import CalendarModel
import CalendarTime
import Foundation
import HTTPTypes
import SQLStore
import SyncEngine
import SyncService

/// The REST API's view of links and their condition.
enum LinkRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/links", .listLinks) { request in
            _ = try request.query()
            return APIReply(try await ["links": .array(rows(request))])
        },
        APIRoute(.get, "/status", .getStatus) { request in
            _ = try request.query()
            let rows = try await statuses(request)
            var counts: [String: JSONValue] = [:]
            for condition in LinkRecord.Condition.allCases {
                counts[condition.rawValue] = .integer(Int64(rows.filter { $0.condition == condition.rawValue }.count))
            }
            return APIReply(["links": .object(counts), "needsPerson": .bool(rows.contains(where: \.needsPerson))])
        },
        APIRoute(.get, "/bookings/{id}/history", .getHistory) { request in
            _ = try request.query()
            let story = try await BookingStory.read(
                BookingID(try request.parameter("id")), organization: request.organization, store: request.store,
                desk: request.desk)
            return APIReply(["history": try .encoding(story)])
        },
    ]

    private static func statuses(_ request: APIRequest) async throws -> [LinkStatus] {
        let now = request.now()
        return try await request.store.links(of: request.organization).map { LinkStatus($0, at: now) }
    }

    private static func rows(_ request: APIRequest) async throws -> [JSONValue] {
        try await statuses(request).map { try .encoding($0) }
    }
}
