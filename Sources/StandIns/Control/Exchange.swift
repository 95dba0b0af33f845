import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// One request and its reply, as logged and checked.
struct Exchange: Sendable {
    var method: String
    /// With its query, as sent.
    var path: String
    var startedAt: Instant
    var requestBody: Data
    var isGraph: Bool
    var requestHeaders = HTTPFields()
    var replyBody = Data()
    var fault: Fault?

    init(method: String, path: String, startedAt: Instant, requestBody: Data, isGraph: Bool) {
        self.method = method
        self.path = path
        self.startedAt = startedAt
        self.requestBody = requestBody
        self.isGraph = isGraph
    }

    /// The path without query, as decoded segments.
    var segments: [String] {
        let bare = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return bare.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    }

    /// The mailbox named in the path: `/v1.0/users/{this}/…`.
    var mailbox: String? {
        let segments = segments
        return isGraph && segments.count > 2 && segments[1] == "users" ? segments[2] : nil
    }

    var bearerToken: String? {
        guard let header = requestHeaders[.authorization], header.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return String(header.dropFirst(7)).trimmingCharacters(in: .whitespaces)
    }

    /// How many requests a batch holds; 0 for everything else.
    var batchSize: Int {
        guard isGraph, segments.last == "$batch", let document = try? JSONDocument(parsing: requestBody) else {
            return 0
        }
        return document["requests"]?.array?.count ?? 0
    }

    private static let keptHeaders: [HTTPField.Name] = [
        .ifMatch, .contentType, HTTPField.Name("Prefer"),
    ].compactMap { $0 }

    func wireLine(_ entry: RequestLog.Entry) throws -> JSONDocument {
        var members = try JSONDocument(encoding: entry).object ?? [:]
        var headers: [String: JSONDocument] = [:]
        for name in Self.keptHeaders {
            let values = requestHeaders[values: name]
            if !values.isEmpty { headers[name.rawName] = .string(values.joined(separator: ", ")) }
        }
        members["requestHeaders"] = .object(headers)
        members["request"] = Self.document(requestBody)
        members["reply"] = Self.document(replyBody)
        return .object(members)
    }

    private static func document(_ data: Data) -> JSONDocument {
        if data.isEmpty { return .null }
        return (try? JSONDocument(parsing: data)) ?? .string(String(decoding: data, as: UTF8.self))
    }
}

extension Response {
    /// The whole body. It can be read once: put it back afterwards.
    func collectBody() async throws -> ByteBuffer {
        let collector = BodyCollector()
        try await body.write(collector)
        return collector.box.withLock { $0 }
    }
}

/// Collects what a body writes.
private struct BodyCollector: ResponseBodyWriter {
    final class Box: Sendable {
        private let buffer = Mutex(ByteBuffer())

        func withLock<Result: Sendable>(_ body: (inout sending ByteBuffer) -> sending Result) -> Result {
            buffer.withLock(body)
        }
    }

    let box = Box()

    func write(_ buffer: ByteBuffer) async throws {
        box.withLock { collected in _ = collected.writeImmutableBuffer(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
