import CalendarModel
import Foundation
import HTTPTransport
import Logging
import SyncEngine

/// The one place through which every call to Graph goes: base URL, token, common headers, speed limits, retries, errors.
struct GraphClient: Sendable {
    let configuration: GraphConfiguration
    let tokens: any TokenSource
    let transport: HTTPTransport
    let gates: Gates
    let retries: RetryPolicy
    let surroundings: Surroundings
    let logger: Logger

    /// A successful reply; anything else is thrown.
    struct Answer: Sendable {
        let reply: HTTPReply
        /// Whether an earlier attempt of the same call may have worked too.
        let followsUnknown: Bool
    }

    func send(_ call: GraphCall) async throws(GraphFault) -> Answer {
        let url = try absolute(call)
        var attempts = Attempts(call)
        while true {
            let token = try await token(for: call, replacing: attempts.rejectedToken)
            attempts.count += 1
            let outcome = try await exchange(call, url: url, token: token)
            switch outcome {
            case .success(let reply) where reply.isSuccess:
                return Answer(reply: reply, followsUnknown: attempts.effectUnknown)
            case .success(let reply) where reply.status == 401 && attempts.rejectedToken == nil:
                // Tokens expire and are revoked between the check and the call: a new one, once.
                attempts.rejectedToken = token
                attempts.count -= 1
            case .success(let reply):
                try await goOn(after: reply, call, &attempts)
            case .failure(let lost):
                try await goOn(after: lost, call, &attempts)
            }
        }
    }

    /// Sends and decodes.
    func get<Value: Decodable & Sendable>(_ type: Value.Type, _ call: GraphCall) async throws(GraphFault) -> Value {
        try Self.decoded(type, try await send(call).reply.body, call.operation)
    }

    static func decoded<Value: Decodable>(
        _ type: Value.Type, _ body: Data, _ operation: String
    ) throws(GraphFault) -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw GraphFault(
                ConnectorError(
                    .protocolViolation, operation: operation,
                    diagnosis: GraphDiagnosis.unreadableAnswer(from: "Microsoft Graph")))
        }
    }

    static func encoded(_ value: some Encodable) -> Data { (try? JSONEncoder().encode(value)) ?? Data() }

    /// What was tried so far.
    private struct Attempts {
        let isWrite: Bool
        var count = 0
        var effectUnknown = false
        var rejectedToken: String?

        init(_ call: GraphCall) { isWrite = call.isWrite }
    }

    private func token(for call: GraphCall, replacing rejected: String?) async throws(GraphFault) -> String {
        do { return try await tokens.token(replacing: rejected) } catch { throw GraphFault(error) }
    }

    private func exchange(
        _ call: GraphCall, url: String, token: String
    ) async throws(GraphFault) -> Result<HTTPReply, TransportError> {
        var headers: HTTPHeaders = [
            "Authorization": "Bearer \(token)", "Accept": "application/json",
            "Prefer": GraphCall.preferences(pageSize: call.pageSize), "client-request-id": surroundings.newID(),
        ]
        if call.body != nil { headers["Content-Type"] = "application/json" }
        if let version = call.ifMatch { headers["If-Match"] = version.value }
        let request = HTTPCall(call.method, url, headers: headers, body: call.body)
        do {
            return try await gates.pass(call.mailbox.lowercased(), weight: call.weight) {
                do throws(TransportError) {
                    return .success(try await transport.send(request))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw GraphFault(.cancelled(call.operation))
        }
    }

    private func goOn(
        after reply: HTTPReply, _ call: GraphCall, _ attempts: inout Attempts
    ) async throws(GraphFault) {
        let retryAfter = holdMailbox(call.mailbox, status: reply.status, retryAfter: reply.headers["Retry-After"])
        if attempts.isWrite, RetryPolicy.leavesEffectUnknown(reply.status) { attempts.effectUnknown = true }
        let error = GraphDiagnosis.error(
            status: reply.status, body: reply.body, operation: call.operation, retryAfter: retryAfter,
            requestID: reply.headers["request-id"], subject: call.mailbox)
        try await wait(
            for: retries.decision(
                afterAttempt: attempts.count, failure: .status(reply.status), isRepeatable: call.isRepeatable,
                retryAfter: retryAfter, random: surroundings.random()),
            orThrow: fault(error, attempts, status: reply.status))
    }

    private func goOn(
        after lost: TransportError, _ call: GraphCall, _ attempts: inout Attempts
    ) async throws(GraphFault) {
        if lost == .cancelled { throw GraphFault(.cancelled(call.operation)) }
        if attempts.isWrite, lost.mayHaveTakenEffect { attempts.effectUnknown = true }
        let error = GraphDiagnosis.error(for: lost, operation: call.operation, configuration: configuration)
        try await wait(
            for: retries.decision(
                afterAttempt: attempts.count, failure: lost.mayHaveTakenEffect ? .effectUnknown : .noEffect,
                isRepeatable: call.isRepeatable, random: surroundings.random()),
            orThrow: fault(error, attempts, status: nil))
    }

    /// An error that says nothing about the write's effect becomes "outcome unknown" when an attempt may have worked.
    private func fault(_ error: ConnectorError, _ attempts: Attempts, status: Int?) -> GraphFault {
        var error = error
        if attempts.effectUnknown, error.kind == .transient || error.kind == .throttled {
            error.kind = .outcomeUnknown
        }
        return GraphFault(error, status: status, followsUnknown: attempts.effectUnknown)
    }

    func wait(for decision: RetryPolicy.Decision, orThrow fault: GraphFault) async throws(GraphFault) {
        switch decision {
        case .giveUp: throw fault
        case .wait(let duration):
            logger.debug(
                "a call to Graph is made again",
                metadata: [
                    "operation": "\(fault.error.operation)", "kind": "\(fault.kind.rawValue)", "wait": "\(duration)",
                ])
            do { try await surroundings.sleep(duration) } catch { throw GraphFault(.cancelled(fault.error.operation)) }
        }
    }

    /// Remembers that the vendor wants no calls for this mailbox for a while, and returns how long.
    func holdMailbox(_ mailbox: String, status: Int, retryAfter text: String?) -> Duration? {
        guard let wait = text.flatMap({ RetryAfter.parse($0, now: surroundings.now()) }) else { return nil }
        if status == 429 || status == 503 {
            gates.hold(mailbox.lowercased(), until: surroundings.now().advanced(by: wait))
        }
        return wait
    }

    /// The call's URL. A link is followed only to the configured host: the token goes with it.
    private func absolute(_ call: GraphCall) throws(GraphFault) -> String {
        if call.target.hasPrefix("/"), !call.target.hasPrefix("//") { return configuration.graphURL + call.target }
        guard Self.sameOrigin(call.target, configuration.graphURL) else {
            throw GraphFault(
                ConnectorError(
                    .protocolViolation, operation: call.operation, diagnosis: GraphDiagnosis.linkElsewhere))
        }
        return call.target
    }

    static func sameOrigin(_ link: String, _ base: String) -> Bool {
        guard let link = URLComponents(string: link), let base = URLComponents(string: base) else { return false }
        return link.scheme?.lowercased() == base.scheme?.lowercased()
            && link.host?.lowercased() == base.host?.lowercased()
            && link.port == base.port && link.user == nil
    }
}
