import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A link on its room's page.
struct LinkView {
    private let record: LinkRecord
    private let request: PageRequest
    private let base: String
    private let now: Instant

    init(_ record: LinkRecord, request: PageRequest, base: String, now: Instant) {
        self.record = record
        self.request = request
        self.base = base
        self.now = now
    }

    private var words: Words { request.words }
    private var times: TimeWriter { request.times(in: record.link.roomZone) }
    private var condition: LinkRecord.Condition { record.condition(at: now) }

    /// What the condition means for those who book.
    var lead: String { words["room.lead.\(condition.name)"] }

    var values: JSONValue {
        let path = "\(base)/links/\(Form.encoded(record.link.id.rawValue))"
        var hold: JSONValue = .null
        if case .held(let held) = record.link.state {
            hold = [
                "text": .string(words("room.held.text", ["vanished": String(held.vanished), "of": String(held.of)])),
                "path": .string("\(path)/held"),
            ]
        }
        return [
            "path": .string(path), "title": .string(record.link.title), "status": request.status(condition),
            "resource": .string(record.link.resourceAddress), "connection": .string(record.connectionName),
            "isActive": .bool(record.link.state == .active), "isPaused": .bool(record.link.state == .paused),
            "hold": hold, "problem": record.lastPass?.problem.map(request.problem) ?? .null,
            "lastRead": .string(record.lastReadAt.map { times.ago($0, now: now) } ?? words["room.never"]),
            "settled": .string(record.settledAt.map(times.moment) ?? words["room.never"]),
            "reader": record.lastPass?.reader.map { .string(words["room.reader.\($0.rawValue)"]) } ?? .null,
            "failures": record.failures > 0 ? .integer(Int64(record.failures)) : .null,
            "policy": policy, "pass": pass, "drift": .string("\(path)/drift"),
        ]
    }

    private var policy: JSONValue {
        .array(
            PolicyField.allCases.map { field in
                [
                    "name": .string(words["policy.\(field.rawValue)"]),
                    "value": .string(field.shown(field.value(of: record.link.policy), words)),
                ]
            })
    }

    private var pass: JSONValue {
        guard let pass = record.lastPass else { return .null }
        return [
            "at": .string(times.moment(pass.finishedAt)),
            "length": .string(times.length(pass.finishedAt.since(pass.startedAt))),
            "steps": .array(
                pass.steps.map { step in
                    [
                        "sentence": .string(step.sentence),
                        "failure": step.failure.map(request.problem) ?? .null,
                    ]
                }), "remarks": .array(pass.remarks.map(JSONValue.string)),
            "hasRemarks": .bool(!pass.remarks.isEmpty), "isQuiet": .bool(pass.steps.isEmpty && pass.isClean),
            "hasSteps": .bool(!pass.steps.isEmpty),
        ]
    }
}
