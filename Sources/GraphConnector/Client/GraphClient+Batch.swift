import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

/// One request of a batch, before common headers.
struct BatchRequest: Sendable {
    var id: String
    var method: HTTPCall.Method
    var target: String
    var ifMatch: Version?
    var pageSize: Int?
    var body: JSONValue?
    var after: String?

    init(
        _ id: String, _ method: HTTPCall.Method = .get, _ target: String, ifMatch: Version? = nil, pageSize: Int? = nil,
        body: JSONValue? = nil, after: String? = nil
    ) {
        self.id = id
        self.method = method
        self.target = target
        self.ifMatch = ifMatch
        self.pageSize = pageSize
        self.body = body
        self.after = after
    }
}

/// The answers of a batch, by request.
struct BatchOutcome: Sendable {
    var answers: [String: BatchAnswer] = [:]
    /// Requests of which an earlier attempt may have worked.
    var followsUnknown: Set<String> = []
}

extension GraphClient {
    /// Graph's limit.
    static let batchLimit = 20

    /// Sends up to twenty requests to one mailbox as one. Every request must be repeatable: the whole batch is sent
    /// again when its answer is lost, and those inside that were throttled or failed in passing are sent again on their
    /// own.
    func sendBatch(
        _ requests: [BatchRequest], operation: String, mailbox: String
    ) async throws(GraphFault) -> BatchOutcome {
        var outcome = BatchOutcome()
        var pending = requests
        var attempt = 0
        while true {
            attempt += 1
            let answer = try await send(outer(pending, operation, mailbox))
            if answer.followsUnknown { outcome.followsUnknown.formUnion(pending.filter(\.isWrite).map(\.id)) }
            for inner in try Self.decoded(BatchAnswers.self, answer.reply.body, operation).responses {
                outcome.answers[inner.id] = inner
            }
            guard let (again, wait) = repeats(of: pending, attempt: attempt, mailbox: mailbox, &outcome) else {
                return outcome
            }
            do { try await surroundings.sleep(wait) } catch { throw GraphFault(.cancelled(operation)) }
            pending = again
        }
    }

    /// Reads many things of one mailbox, twenty in a request; nil where something is not there.
    func getAll<Value: Decodable & Sendable>(
        _ type: Value.Type, _ targets: [String], operation: String, mailbox: String
    ) async throws(GraphFault) -> [Value?] {
        var found: [Int: Value] = [:]
        var left = Array(targets.indices)
        while !left.isEmpty {
            let some = Array(left.prefix(Self.batchLimit))
            // In four lanes: Outlook counts each request of a batch that is under way, and refuses a fifth.
            let requests = some.enumerated().map { place, index in
                BatchRequest(
                    String(index), .get, targets[index], after: place < 4 ? nil : String(some[place - 4]))
            }
            let outcome = try await sendBatch(requests, operation: operation, mailbox: mailbox)
            var again: [Int] = []
            for index in some {
                if outcome.answers[String(index)]?.status == 424 {
                    // What it waited for is not there; that says nothing about this one.
                    again.append(index)
                } else if let fault = fault(of: String(index), in: outcome, operation: operation, mailbox: mailbox) {
                    if fault.kind != .notFound { throw fault }
                } else {
                    found[index] = try Self.decoded(
                        type, outcome.answers[String(index)]?.data ?? Data(), operation)
                }
            }
            left = again + left.dropFirst(Self.batchLimit)
        }
        return targets.indices.map { found[$0] }
    }

    /// The error of one answer; nil when it succeeded.
    func fault(of id: String, in outcome: BatchOutcome, operation: String, mailbox: String) -> GraphFault? {
        guard let answer = outcome.answers[id] else {
            let isUnknown = outcome.followsUnknown.contains(id)
            return GraphFault(
                ConnectorError(
                    .outcomeUnknown, operation: operation,
                    diagnosis: GraphDiagnosis.unreadableAnswer(from: "Microsoft Graph")), followsUnknown: isUnknown)
        }
        if answer.isSuccess { return nil }
        let wait = answer.header("Retry-After").flatMap { RetryAfter.parse($0, now: surroundings.now()) }
        var error = GraphDiagnosis.error(
            status: answer.status, body: answer.data, operation: operation, retryAfter: wait,
            requestID: answer.header("request-id"), subject: mailbox)
        let isUnknown = outcome.followsUnknown.contains(id)
        if isUnknown, error.kind == .transient || error.kind == .throttled { error.kind = .outcomeUnknown }
        return GraphFault(error, status: answer.status, followsUnknown: isUnknown)
    }

    private func outer(_ requests: [BatchRequest], _ operation: String, _ mailbox: String) -> GraphCall {
        let present = Set(requests.map(\.id))
        let items = requests.map { request in
            var headers = ["Prefer": GraphCall.preferences(pageSize: request.pageSize)]
            if request.body != nil { headers["Content-Type"] = "application/json" }
            if let version = request.ifMatch { headers["If-Match"] = version.value }
            let dependsOn = request.after.flatMap { present.contains($0) ? [$0] : nil }
            return BatchItem(
                id: request.id, method: request.method.wireName, url: request.target, headers: headers,
                body: request.body, dependsOn: dependsOn)
        }
        // Outlook runs four of a batch at one time; those that wait for another do not add.
        let parallel = requests.filter { $0.after.map { !present.contains($0) } ?? true }.count
        var call = GraphCall(
            operation, .post, "/$batch", mailbox: mailbox, body: Self.encoded(OutgoingBatch(requests: items)),
            isRepeatable: true, weight: min(4, parallel))
        call.isWrite = requests.contains(where: \.isWrite)
        return call
    }

    /// Those that failed in passing, with those that waited for them, and how long to wait; nil when there is nothing
    /// to repeat or no attempt left.
    private func repeats(
        of requests: [BatchRequest], attempt: Int, mailbox: String, _ outcome: inout BatchOutcome
    ) -> (again: [BatchRequest], wait: Duration)? {
        var again: Set<String> = []
        var wait = Duration.zero
        for request in requests {
            guard let answer = outcome.answers[request.id], !answer.isSuccess else { continue }
            if request.isWrite, RetryPolicy.leavesEffectUnknown(answer.status) {
                outcome.followsUnknown.insert(request.id)
            }
            let retryAfter = holdMailbox(mailbox, status: answer.status, retryAfter: answer.header("Retry-After"))
            let decision = retries.decision(
                afterAttempt: attempt, failure: .status(answer.status), isRepeatable: true, retryAfter: retryAfter,
                random: surroundings.random())
            if case .wait(let duration) = decision {
                again.insert(request.id)
                wait = max(wait, duration)
            }
        }
        guard !again.isEmpty else { return nil }
        // Those that waited for one of them, and those that waited for these.
        for request in requests where request.after.map(again.contains) ?? false { again.insert(request.id) }
        return (requests.filter { again.contains($0.id) }, wait)
    }
}

extension BatchRequest {
    var isWrite: Bool { method != .get }
}
