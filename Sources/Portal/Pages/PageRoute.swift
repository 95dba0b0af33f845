import HTTPTypes
import Hummingbird
import SQLStore

/// One page of the portal.
package struct PageRoute: Sendable {
    /// Who may see it.
    package enum Access: Hashable, Sendable {
        case anybody
        /// Anybody with an account.
        case signedIn
        /// Members of the organization in the address with this permission.
        case member(Permission)
        /// Operators.
        case operators
    }

    let method: HTTPRequest.Method
    /// Such as `/o/{organization}/rooms/{room}`.
    let path: String
    let access: Access
    let handler: @Sendable (PageRequest) async throws -> Response

    package init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access,
        handler: @escaping @Sendable (PageRequest) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.handler = handler
    }

    /// A page below `/o/{organization}`.
    package static func of(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission,
        handler: @escaping @Sendable (PageRequest) async throws -> Response
    ) -> PageRoute {
        PageRoute(
            method, path.isEmpty ? "/o/{organization}" : "/o/{organization}/" + path, .member(permission),
            handler: handler)
    }
}
