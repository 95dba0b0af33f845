import Foundation

/// Checks every exchange with Graph against the declared types, and keeps what is wrong.
package actor SchemaMonitor {
    package struct Violation: Sendable, Codable, Hashable {
        /// The request's number in the request log.
        package var number: Int
        /// `request` or `reply`, the operation, and the place in the body.
        package var `where`: String
        package var message: String
    }

    package struct Report: Sendable, Codable {
        package struct Checked: Sendable, Codable {
            package var requests: Int
            package var replies: Int
        }

        package var checked: Checked
        /// The first thousand.
        package var violations: [Violation]
    }

    private static let kept = 1000

    private let schema: CSDLSchema
    private var requests = 0
    private var replies = 0
    private var violations: [Violation] = []

    package init(schema: CSDLSchema) { self.schema = schema }

    package func report() -> Report {
        Report(checked: Report.Checked(requests: requests, replies: replies), violations: violations)
    }

    func check(_ exchange: Exchange, status: Int, number: Int) {
        let request = exchange.requestBody.isEmpty ? nil : try? JSONDocument(parsing: exchange.requestBody)
        if !exchange.requestBody.isEmpty, request == nil {
            note(number, "request \(exchange.method) \(exchange.path)", "the body is not JSON")
        }
        let reply = exchange.replyBody.isEmpty ? nil : try? JSONDocument(parsing: exchange.replyBody)
        if !exchange.replyBody.isEmpty, reply == nil {
            note(number, "reply to \(exchange.method) \(exchange.path)", "the body is not JSON")
        }
        check(
            method: exchange.method, path: exchange.path, segments: Array(exchange.segments.dropFirst()),
            request: request, status: status, reply: reply, number: number)
    }

    private func check(
        method: String, path: String, segments: [String], request: JSONDocument?, status: Int, reply: JSONDocument?,
        number: Int
    ) {
        requests += 1
        replies += 1
        let name = "\(method) \(path.split(separator: "?").first ?? "")"
        guard let operation = GraphOperation.find(method: method.uppercased(), segments: segments) else {
            note(number, "request \(name)", "the checker knows no such operation of Graph")
            return
        }
        if let request {
            var check = SchemaCheck(schema: schema)
            apply(operation.request, to: request, isReply: false, &check)
            keep(check, number, "request \(name)")
        }
        checkReply(operation, name: name, status: status, reply: reply, number: number)
        if case .batch = operation.request, status == 200 {
            checkBatch(request: request, reply: reply, number: number)
        }
    }

    private func checkReply(
        _ operation: GraphOperation, name: String, status: Int, reply: JSONDocument?, number: Int
    ) {
        var check = SchemaCheck(schema: schema)
        if status >= 400 {
            if let reply { check.errorEnvelope(reply) } else { check.report("a refusal has no body", at: "") }
        } else if let reply {
            apply(operation.reply, to: reply, isReply: true, &check)
        } else if operation.reply.needsBody, status != 204, status != 202 {
            check.report("must not be empty", at: "")
        }
        keep(check, number, "reply \(status) to \(name)")
    }

    private func apply(
        _ shape: GraphOperation.Shape, to body: JSONDocument, isReply: Bool, _ check: inout SchemaCheck
    ) {
        switch shape {
        case .none: if isReply || body != [:] { check.report("must be empty", at: "") }
        case .unchecked: break
        case .structure(let type): check.structure(body, type: type, at: "")
        case .collection(let type): check.collection(body, type: type)
        case .parameters(let declared): check.parameters(body, declared)
        case .batch: checkEnvelope(body, isReply: isReply, &check)
        }
    }

    private func checkEnvelope(_ body: JSONDocument, isReply: Bool, _ check: inout SchemaCheck) {
        let list = isReply ? "responses" : "requests"
        let allowed: Set =
            isReply ? ["id", "status", "headers", "body"] : ["id", "method", "url", "headers", "body", "dependsOn"]
        guard let items = body[list]?.array else {
            check.report("must be an object with the array \"\(list)\"", at: "")
            return
        }
        if items.count > 20 { check.report("a batch holds 20 requests at most", at: list) }
        var ids: Set<String> = []
        for (index, item) in items.enumerated() {
            let place = "\(list)[\(index)]"
            guard case .object(let members) = item else {
                check.report("must be an object", at: place)
                continue
            }
            for name in members.keys.sorted() where !allowed.contains(name) {
                check.report("does not belong to a batch", at: "\(place).\(name)")
            }
            guard let id = members["id"]?.string else {
                check.report("must be a string", at: "\(place).id")
                continue
            }
            if !ids.insert(id.lowercased()).inserted { check.report("\"\(id)\" occurs twice", at: "\(place).id") }
        }
    }

    private func checkBatch(request: JSONDocument?, reply: JSONDocument?, number: Int) {
        var answers: [String: JSONDocument] = [:]
        for answer in reply?["responses"]?.array ?? [] {
            if let id = answer["id"]?.string { answers[id] = answer }
        }
        for inner in request?["requests"]?.array ?? [] {
            guard let id = inner["id"]?.string, let method = inner["method"]?.string, let url = inner["url"]?.string
            else {
                note(number, "request POST /v1.0/$batch", "a request lacks id, method or url")
                continue
            }
            guard let answer = answers[id], case .integer(let status) = answer["status"] ?? .null else {
                note(number, "reply to POST /v1.0/$batch", "request \"\(id)\" was not answered")
                continue
            }
            let bare = url.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
            let segments = bare.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
            check(
                method: method, path: "$batch \(url)", segments: segments, request: inner["body"],
                status: Int(status), reply: answer["body"].flatMap { $0 == .null ? nil : $0 }, number: number)
        }
    }

    private func keep(_ check: SchemaCheck, _ number: Int, _ place: String) {
        for finding in check.findings { note(number, "\(place): \(finding.place)", finding.message) }
    }

    private func note(_ number: Int, _ place: String, _ message: String) {
        guard violations.count < Self.kept else { return }
        violations.append(Violation(number: number, where: place, message: message))
    }
}

extension GraphOperation.Shape {
    var needsBody: Bool {
        switch self {
        case .none: false
        case .structure, .collection, .parameters, .batch, .unchecked: true
        }
    }
}
