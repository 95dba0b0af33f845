import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Vault

extension PageRequest {
    /// A page made of a template.
    /// - Parameters:
    ///   - title: already in the visitor's language.
    ///   - section: the item of the navigation that is current, such as `rooms`.
    ///   - live: whether the page follows what happens in the organization.
    package func page(
        _ template: String, title: String, section: String = "", live: Bool = false,
        status: HTTPResponse.Status = .ok, _ values: [String: JSONValue] = [:]
    ) -> Response {
        var fields = values
        fields["layout"] = PageFrame(request: self, title: title, section: section, live: live).values
        let text = PageTemplates.embedded.render(template, .object(fields), language: language)
        guard let text else {
            context.logger.error("no such template", metadata: ["template": "\(template)"])
            return Response(status: .internalServerError)
        }
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// To another page, after something was done.
    package func redirect(_ address: String, notice: PageNotice? = nil) -> Response {
        var response = Response(status: .seeOther, headers: [.location: address])
        if let notice { response.headers.append(HTTPField(name: .setCookie, value: notice.cookie(services))) }
        return response
    }

    /// A text file to keep.
    package func download(_ text: String, name: String, type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(name)\""],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

}

extension PageNotice {
    private static let purpose = "notice"

    static func cookieName(_ services: PortalServices) -> String {
        services.isSecure ? "__Host-loopsync_notice" : "loopsync_notice"
    }

    /// Kept until the next page is shown, signed so that nobody else can put words here.
    func cookie(_ services: PortalServices) -> String {
        let text = Data("\(kind.rawValue) \(text)".utf8).base64EncodedString()
        let value = services.vault.signed(text, for: Self.purpose).replacingOccurrences(of: "=", with: "~")
        return Cookie.header(Self.cookieName(services), value, seconds: 60, isSecure: services.isSecure)
    }

    init?(_ request: Request, _ services: PortalServices) {
        guard
            let cookie = Cookie.value(Self.cookieName(services), in: request)?.replacingOccurrences(of: "~", with: "="),
            let text = services.vault.open(signed: cookie, for: Self.purpose), let data = Data(base64Encoded: text)
        else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = Kind(rawValue: parts[0]) else { return nil }
        self.init(kind, parts[1])
    }
}
