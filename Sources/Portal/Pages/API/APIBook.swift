import Foundation
import HTTPTypes
import Hummingbird
import Vault

/// The REST API described: for programs as the document, for people as a page. Both are made once.
struct APIBook: Sendable {
    let document: OpenAPIDocument
    private let text: String
    private let tag: String

    init(_ routes: [APIRoute]) {
        document = OpenAPIDocument(routes)
        text = (try? document.json.text) ?? "{}"
        tag = "\"\(SecretDigest.sha256(text).prefix(16))\""
    }

    /// The document, for everybody; of no organization.
    func document(_ request: Request) throws -> Response {
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "public, no-cache", .contentType: "application/json"]
        headers[.contentTypeOptions] = "nosniff"
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
