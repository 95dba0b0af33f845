import HTTPTypes
import Hummingbird

/// Conditions on a revision: `If-Match` and `If-None-Match` with ETags of the form `"3"`.
extension APIRequest {
    package static func tag(_ revision: Int64) -> String { "\"\(revision)\"" }

    /// The revision that `If-Match` asks for; nil when any will do.
    ///
    /// - Parameter current: reads the present revision; only asked for when several are named.
    package func requiredRevision(current: () async throws -> Int64) async throws -> Int64? {
        guard let header = request.headers[.ifMatch] else { return nil }
        let tags = Self.tags(header)
        if tags.contains("*") { return nil }
        // Weak and foreign tags match no revision; there is no revision below 1.
        let revisions = tags.map { Self.revision($0) ?? 0 }
        if revisions.count == 1 { return revisions[0] }
        let present = try await current()
        return revisions.contains(present) ? present : 0
    }

    /// The reply to reading one thing: 304 when the client has this revision already.
    package func reply(_ body: JSONValue, revision: Int64) -> APIReply {
        let tag = Self.tag(revision)
        let known = request.headers[.ifNoneMatch].map(Self.tags) ?? []
        let isKnown = known.contains { $0 == "*" || $0 == tag || $0 == "W/\(tag)" }
        return isKnown
            ? APIReply(nil, status: .notModified, headers: [.eTag: tag]) : APIReply(body, headers: [.eTag: tag])
    }

    private static func tags(_ header: String) -> [String] {
        header.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map { part in
            String(part.reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    private static func revision(_ tag: String) -> Int64? {
        guard tag.count >= 3, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        return Int64(tag.dropFirst().dropLast())
    }
}
