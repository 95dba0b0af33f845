import Foundation

/// The `scope` parameter, taken apart: what is asked of OpenID Connect and what of Microsoft Graph.
struct ScopeRequest: Sendable {
    /// As sent, one entry a scope.
    var requested: [String]
    var openID: Set<String> = []
    /// Names of Graph's permissions, spelled as Graph spells them.
    var permissions: [String] = []
    /// Whether `https://graph.microsoft.com/.default` was asked: everything the registration lists.
    var isDefault = false

    var wantsRefreshToken: Bool { openID.contains("offline_access") }
    var wantsIDToken: Bool { openID.contains("openid") }

    private static let graphPrefixes = [
        "https://graph.microsoft.com/", "https://graph.microsoft.us/", "https://microsoftgraph.chinacloudapi.cn/",
        "\(Permission.graphResourceID)/", "api://\(Permission.graphResourceID)/",
    ]

    /// Fails with AADSTS70011, 650053 or 500011 for what Entra would not understand.
    init(parsing scopes: [String], application: AppRegistration, tenant: String) throws(EntraError) {
        requested = scopes
        for scope in scopes {
            try read(scope, application: application, tenant: tenant)
        }
        if isDefault, !permissions.isEmpty {
            throw .invalidScope(
                scopes.joined(separator: " ")
                    + ". .default scope can't be combined with resource-specific scopes")
        }
    }

    private mutating func read(
        _ scope: String, application: AppRegistration, tenant: String
    ) throws(EntraError) {
        if Permission.openID.contains(scope.lowercased()) {
            openID.insert(scope.lowercased())
            return
        }
        let prefix = Self.graphPrefixes.first { scope.lowercased().hasPrefix($0) }
        let name = prefix.map { String(scope.dropFirst($0.count)) } ?? scope
        // Some libraries ask for `https://graph.microsoft.com//.default`.
        if name == ".default" || name == "/.default" {
            isDefault = true
            return
        }
        if prefix == nil, let separator = name.range(of: "://") {
            let rest = name[separator.upperBound...]
            guard let slash = rest.lastIndex(of: "/") else { throw .invalidScope(scope) }
            throw .unknownResource(String(name[..<slash]), tenant: tenant)
        }
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" })
        else { throw .invalidScope(scope) }
        guard let permission = Permission.delegated(name) else {
            throw .unknownScope(name, application: application)
        }
        permissions.append(permission.name)
    }
}
