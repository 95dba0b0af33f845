import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import Vault

/// A request whose token was checked, with the helpers that every route needs.
package struct APIRequest: Sendable {
    package let request: Request
    package let context: PortalContext
    package let caller: APIToken
    package let services: PortalServices
    /// The desk of the caller's organization.
    package let desk: BookingDesk
    let bodyLimit: Int

    package var store: Store { services.store }
    package var now: @Sendable () -> Instant { services.now }
    package var organization: OrganizationID { caller.organization }
    package var author: ChangeAuthor { .apiToken(caller.name) }

    /// Writes a line of the audit log in the token's name.
    package func audit(_ action: String, _ subject: String, detail: String = "") async throws {
        try await services.audit(
            action, subject, detail: detail, organization: organization, actor: caller.name, kind: .token)
    }

    /// A part of the address, such as `id`.
    package func parameter(_ name: String) throws -> String {
        guard let value = context.parameters.get(name) else { throw Problem.notFound("The address lacks its \(name).") }
        // No id has a control character, and databases differ in what they make of one.
        guard let decoded = value.removingPercentEncoding, !decoded.unicodeScalars.contains(where: \.isControl) else {
            throw Problem.notFound("The \(name) in the address is not the percent-encoded UTF-8 of an id.")
        }
        return decoded
    }

    /// The query's parameters; refuses others than `names`, and one given twice.
    package func query(_ names: String...) throws -> [String: String] {
        var result: [String: String] = [:]
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(parts[0]).removingPercentEncoding,
                let value = parts.count > 1 ? String(parts[1]).removingPercentEncoding : "",
                !value.unicodeScalars.contains(where: \.isControl)
            else {
                throw Problem.badRequest(
                    "invalid-parameter",
                    "The query is not made of percent-encoded UTF-8 without control characters, such as ?limit=10.")
            }
            guard names.contains(name) else {
                let known = names.isEmpty ? "This address takes none." : "Known here: \(names.joined(separator: ", "))."
                throw Problem.badRequest(
                    "unknown-parameter", "\(name.prefix(64)) is not a parameter of this address. \(known)")
            }
            guard result.updateValue(value, forKey: name) == nil else {
                throw Problem.badRequest("repeated-parameter", "\(name) was given more than once.")
            }
        }
        return result
    }

    /// The body as a JSON object.
    package func body() async throws -> [String: JSONValue] {
        guard isJSON(request.headers[.contentType]) else { throw Problem.unsupportedMediaType }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > bodyLimit {
            throw Problem.tooLarge(limit: bodyLimit)
        }
        let bytes = try await request.body.collect(upTo: bodyLimit)
        let data = Data(bytes.readableBytesView)
        let value: JSONValue
        do { value = try JSONDecoder().decode(JSONValue.self, from: data) } catch {
            throw Problem.badRequest("malformed-json", "The body is not JSON\(place(of: data)).")
        }
        guard case .object(let fields) = value else {
            throw Problem.badRequest("invalid-body", "The body must be a JSON object, not \(value.kind).")
        }
        return fields
    }

    /// Reads a body with `read`, or throws everything that is wrong with it.
    package func read<Value>(
        _ fields: [String: JSONValue], _ read: (inout FieldReader) -> Value?
    ) throws -> Value {
        var reader = FieldReader(fields)
        let value = read(&reader)
        reader.finish()
        guard reader.errors.isEmpty, let value else { throw Problem.invalidFields(reader.errors) }
        return value
    }

    /// What makes a repeated POST recognizable; nil without an `Idempotency-Key`.
    func requestKey(for fields: [String: JSONValue]) throws -> RequestKey? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count) else {
            throw Problem.badRequest("invalid-idempotency-key", "An Idempotency-Key has 1 to 255 characters.")
        }
        let text = try JSONValue.object(fields).text
        let digest = SecretDigest.sha256("\(request.method.rawValue) \(request.uri.path)\n\(text)")
        return RequestKey(client: caller.id, key: key, digest: digest)
    }

    private func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.split(separator: ";").first else { return false }
        let name = type.trimmingCharacters(in: .whitespaces).lowercased()
        return name == "application/json" || (name == "application/merge-patch+json" && request.method == .patch)
    }

    /// Where the JSON is broken; never the JSON itself. Only Foundation's older reader tells the place.
    private func place(of bytes: Data) -> String {
        do {
            _ = try JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed)
            return ""
        } catch {
            let words = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
            guard let range = words.range(of: "character [0-9]+", options: .regularExpression) else {
                return words.contains("end of file") ? ": it ends too early" : ""
            }
            return ": look at \(words[range])"
        }
    }
}

extension Unicode.Scalar {
    /// Such as NUL or a line end.
    var isControl: Bool { properties.generalCategory == .control }
}
