import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A JSON body.
    static func json(_ document: JSONDocument, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        headers[.cacheControl] = "no-store, no-cache"
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(document))))
    }

    /// A page. Nothing of it may be framed or kept.
    static func page(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8"]
        headers[.cacheControl] = "no-store, no-cache"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    static func seeOther(_ address: String, cookie: String? = nil) -> Response {
        var headers: HTTPFields = [.location: address]
        if let cookie { headers[.setCookie] = cookie }
        return Response(status: .found, headers: headers)
    }
}

extension Request {
    /// The scheme and host the client knows this server by: behind a proxy, what `X-Forwarded-Proto` and
    /// `X-Forwarded-Host` say.
    var publicBase: String {
        let scheme = header("x-forwarded-proto") ?? "http"
        let host = header("x-forwarded-host") ?? head.authority ?? "127.0.0.1"
        return "\(scheme)://\(host)"
    }

    /// The query's fields, with `+` for spaces.
    var queryFields: FormFields { FormFields(parsing: uri.query ?? "") }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// The value of a cookie.
    func cookie(_ name: String) -> String? {
        for pair in (headers[.cookie] ?? "").split(separator: ";") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            if halves.count == 2, halves[0].trimmingCharacters(in: .whitespaces) == name { return String(halves[1]) }
        }
        return nil
    }

    /// The fields of a form body.
    func formFields() async throws -> FormFields {
        FormFields(parsing: String(buffer: try await body.collect(upTo: 1 << 20)))
    }
}
