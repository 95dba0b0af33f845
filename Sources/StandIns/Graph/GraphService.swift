import Foundation
import HTTPTypes

/// Takes requests from the wire to the world: admission, the time that Graph takes, the answer, and `$batch`.
struct GraphService: Sendable {
    let world: World
    let pause: @Sendable (Duration) async throws -> Void

    func answer(_ request: GraphRequest) async throws -> GraphReply {
        guard request.segment(0)?.lowercased() == "$batch" else {
            return try await answers([request]).first ?? .noContent
        }
        return try await batch(request)
    }

    /// Answers requests that run at the same time, in their order.
    private func answers(_ requests: [GraphRequest]) async throws -> [GraphReply] {
        var admissions: [World.Admission] = []
        for request in requests { admissions.append(await world.admitGraph(request)) }
        let keys = admissions.compactMap { admission -> GraphState.TrafficKey? in
            guard case .admitted(let key) = admission else { return nil }
            return key
        }
        do {
            let milliseconds = world.settings.graph.processingMilliseconds
            if milliseconds > 0 { try await pause(.milliseconds(milliseconds)) }
        } catch {
            for key in keys { await world.releaseGraph(key) }
            throw error
        }
        var replies: [GraphReply] = []
        for (request, admission) in zip(requests, admissions) {
            switch admission {
            case .refused(let reply): replies.append(reply)
            case .admitted: replies.append(finished(await world.graphAnswer(request), request))
            }
        }
        for key in keys { await world.releaseGraph(key) }
        return replies
    }

    /// Adds what every successful answer carries.
    private func finished(_ reply: GraphReply, _ request: GraphRequest) -> GraphReply {
        var reply = reply
        let applied = request.preferences.applied
        if reply.status < 300, !applied.isEmpty {
            reply.headers.append(GraphHeader(name: "Preference-Applied", value: applied.joined(separator: ", ")))
        }
        if let etag = reply.body?["@odata.etag"]?.string {
            reply.headers.append(GraphHeader(name: "ETag", value: etag))
            if reply.status == 201, let id = reply.body?["id"]?.string {
                reply.headers.append(
                    GraphHeader(name: "Location", value: "\(request.base)\(request.path)('\(id)')"))
            }
        }
        return reply
    }

    // MARK: $batch

    private struct Inner {
        var id: String
        var request: GraphRequest
        var dependsOn: [String]
    }

    private func batch(_ outer: GraphRequest) async throws -> GraphReply {
        let inner: [Inner]
        do {
            guard outer.method == .post else { throw GraphError.methodNotAllowed }
            _ = try await world.graphCaller(outer)
            inner = try await innerRequests(outer)
        } catch let error as GraphError {
            return GraphReply(status: error.status, body: error.body(outer.trace), headers: error.headers)
        }
        var statuses: [String: Int] = [:]
        var responses: [GraphJSON] = []
        var waiting = inner
        while !waiting.isEmpty {
            let ready = waiting.filter { $0.dependsOn.allSatisfy { statuses[$0] != nil } }
            waiting.removeAll { item in ready.contains { $0.id == item.id } }
            let failed = ready.filter { $0.dependsOn.contains { (statuses[$0] ?? 500) >= 400 } }
            let runnable = ready.filter { item in !failed.contains { $0.id == item.id } }
            let dependency = GraphError(
                status: 424, code: "FailedDependency", message: "A request that this one depends on has failed.")
            var wave = failed.map {
                ($0, GraphReply(status: 424, body: dependency.body($0.request.trace)))
            }
            wave += zip(runnable, try await answers(runnable.map(\.request))).map { ($0, $1) }
            for (item, reply) in wave {
                statuses[item.id] = reply.status
                responses.append(Self.response(item.id, reply))
            }
            if ready.isEmpty { break }
        }
        return .ok(["responses": .array(responses)])
    }

    private static func response(_ id: String, _ reply: GraphReply) -> GraphJSON {
        var headers: [String: GraphJSON] = ["Cache-Control": "private"]
        for header in reply.headers { headers[header.name] = .string(header.value) }
        if reply.body != nil {
            headers["Content-Type"] =
                "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"
        }
        var response: [String: GraphJSON] = [
            "id": .string(id), "status": .int(reply.status), "headers": .object(headers),
        ]
        if let body = reply.body { response["body"] = body }
        return .object(response)
    }

    private func innerRequests(_ outer: GraphRequest) async throws -> [Inner] {
        guard let requests = try outer.object()["requests"]?.array, !requests.isEmpty else {
            throw GraphError.badRequest("Invalid batch payload format.")
        }
        guard requests.count <= 20 else {
            throw GraphError.badRequest("Number of batch request steps exceeds the maximum value of 20.")
        }
        var inner: [Inner] = []
        for item in requests {
            guard let id = item["id"]?.string ?? item["id"]?.int.map({ String($0) }), let url = item["url"]?.string,
                let method = item["method"]?.string.flatMap({ HTTPRequest.Method($0.uppercased()) })
            else { throw GraphError.badRequest("A batch request needs an id, a method and a url.") }
            guard !inner.contains(where: { $0.id == id }) else {
                throw GraphError.badRequest("The batch request id '\(id)' is not unique.")
            }
            let dependsOn = item["dependsOn"]?.array?.compactMap(\.string) ?? []
            // A request may depend on earlier ones only, which also rules out circles.
            guard dependsOn.allSatisfy({ name in inner.contains { $0.id == name } }) else {
                throw GraphError.badRequest("The batch request '\(id)' depends on one that does not come before it.")
            }
            guard !url.contains("://"), !url.lowercased().contains("$batch") else {
                throw GraphError.badRequest("The url of the batch request '\(id)' must be relative, and not a batch.")
            }
            var headers = ["authorization": outer.headers["authorization"] ?? ""]
            for (name, value) in item["headers"]?.object ?? [:] where name.lowercased() != "authorization" {
                headers[name.lowercased()] = value.string ?? ""
            }
            let target = (url.hasPrefix("/") ? url : "/" + url).split(
                separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let path = String(target[0])
            inner.append(
                Inner(
                    id: id,
                    request: GraphRequest(
                        method: method, segments: GraphRequest.segments(of: path), path: path,
                        query: GraphQuery(target.count > 1 ? String(target[1]) : ""), base: outer.base,
                        headers: headers, body: item["body"].map { Data($0.encoded.utf8) } ?? Data(),
                        trace: await world.graphTrace(clientRequestID: headers["client-request-id"])),
                    dependsOn: dependsOn))
        }
        return inner
    }
}
