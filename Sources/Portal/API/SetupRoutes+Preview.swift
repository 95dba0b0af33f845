import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import Vault

/// Looking at what would happen, deciding it, and switching rooms on.
extension SetupRoutes {
    static let previews: [APIRoute] = [
        route(
            .post, "/setups/{id}/preview",
            APIOperation(
                "makePreviews", "Work out what switching the mapped rooms on would do", tag: tag,
                answers: [
                    APIAnswer(202, "It is being worked out", schema: SetupJSON.previewsSchema), missing, conflict,
                ])
        ) { request in
            _ = try request.query()
            return try await answering {
                let id = try id(request)
                try await desk(request).wantPreviews(id)
                try await request.audit("setup.preview", id.rawValue)
                return APIReply(try await SetupJSON.previews(desk(request).rooms(of: id)), status: .accepted)
            }
        },
        route(
            .get, "/setups/{id}/preview",
            APIOperation(
                "listPreviews", "The rooms' previews in numbers", tag: tag,
                answers: [APIAnswer(200, "One entry a room", schema: SetupJSON.previewsSchema), missing])
        ) { request in
            _ = try request.query()
            return try await answering {
                APIReply(SetupJSON.previews(try await desk(request).rooms(of: id(request))))
            }
        },
        route(
            .get, "/setups/{id}/preview/{room}",
            APIOperation(
                "getPreview", "Everything that would happen to one room", tag: tag,
                answers: [APIAnswer(200, "Its items with their choices", schema: SetupJSON.previewSchema), missing])
        ) { request in
            _ = try request.query()
            return try await answering { try await preview(request) }
        },
        route(
            .put, "/setups/{id}/preview/{room}/decisions",
            APIOperation(
                "decidePreview", "Decide items: a choice's word by the item's id; an empty word takes one back",
                tag: tag,
                body: object(["decisions": ["type": "object", "additionalProperties": text]], required: ["decisions"]),
                answers: [APIAnswer(200, "Kept", schema: SetupJSON.previewSchema), invalid, missing, conflict])
        ) { request in
            _ = try request.query()
            let words = try request.read(try await request.body()) { reader -> [String: String]? in
                reader.require("decisions")
                return reader.object("decisions") { reader in
                    var words: [String: String] = [:]
                    for name in reader.names() { words[name] = reader.string(name) ?? "" }
                    return words
                }
            }
            return try await answering {
                let id = try id(request)
                try await desk(request).decide(words, for: RoomID(try request.parameter("room")), in: id)
                try await request.audit("setup.decide", id.rawValue, detail: "\(words.count)")
                return try await preview(request)
            }
        },
        route(
            .post, "/setups/{id}/switch-on",
            APIOperation(
                "switchOn", "Link the mapped rooms and start them", tag: tag,
                body: object(["rooms": ["type": "array", "items": text]], required: []),
                answers: [
                    APIAnswer(200, "What became of each room", schema: list("rooms", SetupJSON.switchedSchema)),
                    invalid,
                    missing, conflict,
                ])
        ) { request in
            _ = try request.query()
            let rooms = try request.read(try await request.body()) { reader -> [String]?? in
                .some(reader.strings("rooms"))
            }
            return try await answering {
                let outcomes = try await desk(request).switchOn(
                    id(request), rooms: rooms.map { Set($0.map { RoomID($0) }) }, by: request.author)
                for outcome in outcomes {
                    try await request.audit(
                        outcome.failure == nil ? "link.switchOn" : "link.switchOn.failed", outcome.name)
                }
                request.services.bell.ring()
                return APIReply(["rooms": .array(outcomes.map(SetupJSON.json))])
            }
        },
        route(
            .get, "/setups/{id}/progress",
            APIOperation(
                "getProgress", "How far the first sync of each room has come", tag: tag,
                answers: [APIAnswer(200, "One entry a link", schema: list("links", SetupJSON.progressSchema)), missing])
        ) { request in
            _ = try request.query()
            return try await answering {
                let progress = try await desk(request).progress(of: id(request))
                return APIReply(["links": .array(progress.links.map(SetupJSON.json))])
            }
        },
    ]
}
