import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// What the frame around a page shows: who is signed in, where, and the way to every other page.
struct PageFrame {
    let request: PageRequest
    let title: String
    /// The navigation's current item.
    let section: String
    let live: Bool

    private var words: Words { request.words }

    var values: JSONValue {
        let version = StaticFiles.embedded.version
        let address = request.request.uri.query.map { "\(request.request.uri.path)?\($0)" } ?? request.request.uri.path
        let base = try? request.path()
        var fields: [String: JSONValue] = [
            "title": .string(title), "language": .string(request.language.rawValue), "version": .string(version),
            "icons": .string("/static/icons.svg?v=\(version)"), "theme": .optional(request.theme),
            "formToken": .string(request.formToken), "home": .string(base ?? "/"),
            // After a form was sent, its address may answer to nothing else.
            "address": .string(request.request.method == .get ? address : base ?? "/"),
            "isEnglish": .bool(request.language == .english), "isNorwegian": .bool(request.language == .norwegian),
            "isAutoTheme": .bool(request.theme == nil), "isLight": .bool(request.theme == "light"),
            "isDark": .bool(request.theme == "dark"), "notice": notice,
            "isOperator": .bool(request.visitor?.account.isOperator == true),
            "account": .null, "role": .null, "organizations": .null, "organization": .null, "events": .null,
        ]
        if let visitor = request.visitor {
            fields["account"] = ["name": .string(visitor.account.name), "email": .string(visitor.account.email)]
            fields["role"] = role(visitor)
            fields["organizations"] = .array(visitor.memberships.map(organization))
        }
        if let membership = request.membership, let base {
            fields["organization"] = ["name": .string(membership.organization.name), "path": .string(base)]
            fields["events"] = live ? .string(base + "/events") : .null
        }
        fields["navigation"] = navigation(base)
        return .object(fields)
    }

    private var notice: JSONValue {
        guard let notice = request.notice else { return .null }
        let icon =
            switch notice.kind {
            case .info: "info"
            case .success: "in-sync"
            case .warning: "warning"
            case .error: "cross-circle"
            }
        return [
            "kind": .string(notice.kind.rawValue), "text": .string(notice.text), "icon": .string(icon),
            "isError": .bool(notice.kind == .error || notice.kind == .warning),
        ]
    }

    private func role(_ visitor: Visitor) -> JSONValue {
        if visitor.account.isOperator { return .string(words["role.operator"]) }
        return request.membership.map { .string(words["role.\($0.role.rawValue)"]) } ?? .null
    }

    private func organization(_ membership: Membership) -> JSONValue {
        [
            "name": .string(membership.organization.name),
            "path": .string("/o/\(Form.encoded(membership.organization.id.rawValue))"),
            "isCurrent": .bool(membership.organization.id == request.membership?.organization.id),
        ]
    }

    private func navigation(_ base: String?) -> JSONValue {
        let isOperators = section.hasPrefix("operator.")
        guard let base = isOperators ? "/operator" : base else { return ["isThere": false] }
        let permissions = request.permissions
        let groups: [JSONValue] = (isOperators ? [Navigation.operators] : Navigation.groups).compactMap { group in
            let items = group.items.filter { isOperators || permissions.contains($0.permission) }
            guard !items.isEmpty else { return nil }
            return [
                "id": .string(group.name), "name": .string(words["navigation.\(group.name)"]),
                "items": .array(
                    items.map { item in
                        [
                            "path": .string(item.path.isEmpty ? base : "\(base)/\(item.path)"),
                            "name": .string(words["navigation.\(item.name)"]), "icon": .string(item.icon),
                            "isCurrent": .bool(item.name == section),
                        ]
                    }),
            ]
        }
        return ["isThere": true, "groups": .array(groups)]
    }
}

/// The pages that every page leads to.
enum Navigation {
    struct Group {
        let name: String
        let items: [Item]
    }

    struct Item {
        let name: String
        let path: String
        let icon: String
        let permission: Permission

        init(_ name: String, _ path: String, icon: String, _ permission: Permission) {
            self.name = name
            self.path = path
            self.icon = icon
            self.permission = permission
        }
    }

    /// For the pages about the installation as a whole.
    static let operators = Group(
        name: "operator",
        items: [
            Item("operator.overview", "", icon: "globe", .operate),
            Item("operator.accounts", "accounts", icon: "users", .operate),
            Item("operator.audit", "audit", icon: "audit", .operate),
        ])

    static let groups = [
        Group(
            name: "desk",
            items: [
                Item("dashboard", "", icon: "room", .read), Item("bookings", "bookings", icon: "booking", .read),
                Item("clashes", "clashes", icon: "clash", .read), Item("drift", "drift", icon: "drift", .read),
                Item("queue", "queue", icon: "queue", .read), Item("leavers", "leavers", icon: "leaver", .desk),
            ]),
        Group(
            name: "setUp",
            items: [
                Item("setup", "setup", icon: "setup", .administer), Item("doctor", "doctor", icon: "doctor", .desk),
                Item("members", "members", icon: "users", .administer),
                Item("tokens", "tokens", icon: "key", .administer), Item("audit", "audit", icon: "audit", .administer),
                Item("settings", "settings", icon: "settings", .administer),
            ]),
    ]
}
