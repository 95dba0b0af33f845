import CalendarModel
import CalendarTime
import Foundation
import HTTPTypes
import Hummingbird

/// Lists in pages: `limit`, `after`, and the link to the next page.
extension APIRequest {
    package static let defaultLimit = 50
    package static let largestLimit = 200

    /// 1 to 200; 50 when not given.
    package func limit(_ query: [String: String]) throws -> Int {
        guard let text = query["limit"] else { return Self.defaultLimit }
        guard let limit = Int(text), (1...Self.largestLimit).contains(limit) else {
            throw Problem.badRequest(
                "invalid-parameter", "limit must be a whole number from 1 to \(Self.largestLimit).")
        }
        return limit
    }

    package func instant(_ name: String, in query: [String: String]) throws -> Instant? {
        guard let text = query[name] else { return nil }
        do { return try Timestamps.parseRFC3339(text) } catch {
            throw Problem.badRequest(
                "invalid-parameter",
                "\(name) must be a time with its offset, such as 2026-03-02T09:00:00Z; write its + as %2B."
            )
        }
    }

    /// What an opaque cursor stands for.
    package func cursor(_ query: [String: String]) throws -> String? {
        guard let text = query["after"] else { return nil }
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/") + padding
        guard let data = Data(base64Encoded: plain), let cursor = String(data: data, encoding: .utf8) else {
            throw Self.invalidCursor
        }
        return cursor
    }

    static let invalidCursor = Problem.badRequest(
        "invalid-parameter", "after is not a cursor of this list. Follow the link of the page before.")

    static func opaque(_ cursor: String) -> String {
        Data(cursor.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    /// One page as a reply.
    ///
    /// - Parameters:
    ///   - name: the list's name in the body.
    ///   - next: the `after` of the next page; nil on the last one.
    package func page(
        _ name: String, _ items: [JSONValue], next: String?, query: [String: String],
        members: [String: JSONValue] = [:]
    ) -> APIReply {
        var fields = members
        fields[name] = .array(items)
        guard let next else {
            fields["next"] = .null
            return APIReply(.object(fields))
        }
        var parameters = query
        parameters["after"] = next
        let text = parameters.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? "")" }
            .joined(separator: "&")
        let link = "\(request.uri.path)?\(text)"
        fields["next"] = .string(link)
        return APIReply(.object(fields), headers: [.link: "<\(link)>; rel=\"next\""])
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
