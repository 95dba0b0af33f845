import HTTPTypes
import Hummingbird

/// Reading and writing cookies (RFC 6265). All of ours are HttpOnly and SameSite=Lax: Lax, because Entra ID sends people back
/// here by a link, and they must be known then.
enum Cookie {
    static func value(_ name: String, in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let pair = pair.trimmingPrefix(while: { $0 == " " })
                guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
                return String(pair[pair.index(after: equals)...])
            }
        }
        return nil
    }

    /// - Parameter seconds: how long the browser keeps it; nil until it is closed, 0 to remove it.
    static func header(_ name: String, _ value: String, seconds: Int? = nil, isSecure: Bool) -> String {
        var parts = ["\(name)=\(value)", "Path=/", "HttpOnly", "SameSite=Lax"]
        if let seconds { parts.append("Max-Age=\(seconds)") }
        if isSecure { parts.append("Secure") }
        return parts.joined(separator: "; ")
    }
}
