import Foundation
import HTTPTypes
import Hummingbird
import Vault

/// Styles, script and icons below `/static`. Pages name them with their digest, so that browsers keep them for ever and
/// still see a new one at once.
struct StaticFiles: Sendable {
    private struct File: Sendable {
        let data: Data
        let type: String
        let digest: String
    }

    static let embedded = StaticFiles(.embedded)

    private let files: [String: File]
    /// One digest over all of them: what pages put behind each name.
    let version: String

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "txt": "text/plain; charset=utf-8",
    ]

    init(_ source: PortalFiles) {
        var files: [String: File] = [:]
        for (name, data) in source.folder("Static") {
            let type = Self.types[name.split(separator: ".").last.map(String.init) ?? ""] ?? "application/octet-stream"
            let digest = SecretDigest.sha256(data.base64EncodedString())
            files[name] = File(data: data, type: type, digest: String(digest.prefix(16)))
        }
        self.files = files
        let all = files.keys.sorted().map { "\($0) \(files[$0]?.digest ?? "")" }.joined(separator: "\n")
        version = String(SecretDigest.sha256(all).prefix(12))
    }

    func response(_ request: Request, name: String) -> Response? {
        guard let file = files[name] else { return nil }
        let tag = "\"\(file.digest)\""
        let isVersioned = request.uri.queryParameters["v"] != nil
        var headers: HTTPFields = [
            .contentType: file.type, .eTag: tag,
            .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "public, no-cache",
        ]
        headers[.contentTypeOptions] = "nosniff"
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.data)))
    }
}
