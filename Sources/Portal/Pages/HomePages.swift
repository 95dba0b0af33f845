import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// The start: where people go who came to no page in particular.
enum HomePages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/", .signedIn) { request in
            let memberships = request.visitor?.memberships ?? []
            // Whoever belongs to one organization has nothing to choose.
            if let only = memberships.first, memberships.count == 1 {
                return request.redirect("/o/\(Form.encoded(only.organization.id.rawValue))", notice: request.notice)
            }
            return request.page(
                "organizations", title: request.words["organizations.title"],
                ["hasOrganizations": .bool(!memberships.isEmpty)])
        }
    ]
}
