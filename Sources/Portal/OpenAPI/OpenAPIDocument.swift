import HTTPTypes

/// The REST API described by OpenAPI 3.1, made of the routes themselves.
package struct OpenAPIDocument: Sendable {
    package static let path = "/openapi.json"

    let routes: [APIRoute]

    package init(_ routes: [APIRoute]) { self.routes = routes }

    /// Everything that the document can refer to.
    package static let schemas: [String: JSONValue] = [
        roomSchemas, bookingSchemas, recurrenceSchemas, syncSchemas, deskSchemas, problemSchemas,
        roomSchemas, bookingSchemas, recurrenceSchemas, syncSchemas, accessSchemas, problemSchemas,
    ].reduce(into: [:]) { all, some in all.merge(some) { $1 } }

    package var json: JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        let links = OpenAPILinks(routes)
        for route in described {
            paths[APIRoute.prefix + route.path, default: [:]][route.method.rawValue.lowercased()] =
                DescribedOperation(route, links: links).json
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "LoopBooking Sync", "version": "1",
                "summary": "Rooms, bookings and their calendars",
                "description": .string(Self.description),
            ],
            "tags": .array(tags.map { ["name": .string($0)] }),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description":
                            "A token of one organization: loopsync token add --name NAME. Its scopes say what it may do.",
                    ]
                ],
                "headers": .object(Self.headers), "schemas": .object(Self.schemas),
            ],
        ]
    }

    var described: [APIRoute] { routes.filter { $0.operation != nil } }

    /// The chapters in the order of the routes.
    var tags: [String] {
        var tags: [String] = []
        for tag in routes.compactMap(\.operation?.tag) where !tags.contains(tag) { tags.append(tag) }
        return tags
    }

    private static let description = """
        Every request carries a token: `Authorization: Bearer loopsync_…`. Bodies are JSON objects of at most 1 MiB; fields \
        that the API does not know are refused by name. Problems are answered as RFC 9457 has it, with a stable `code`. \
        Revisions are ETags: send one back as `If-Match` to be told (412) in place of overwriting what somebody else changed.
        """

    /// Headers that answers have.
    static let headers: [String: JSONValue] = [
        "X-Request-Id": [
            "required": true, "description": "By which the log knows the request.", "schema": Schema.text(shortest: 1),
        ],
        "ETag": [
            "required": true, "description": "The revision, in quotation marks.",
            "schema": Schema.text(pattern: "^\"[0-9]+\"$"),
        ],
        "Location": [
            "required": true, "description": "The address of what was made.",
            "schema": Schema.text(format: "uri-reference"),
        ],
        "Link": ["description": "The address of the next page, as rel=\"next\".", "schema": Schema.text],
        "Idempotency-Replayed": [
            "description": "The request had been carried out before, with the same Idempotency-Key.",
            "schema": Schema.words(["true"]),
        ],
        "WWW-Authenticate": [
            "required": true, "description": "How to sign in.", "schema": Schema.text(pattern: "^Bearer "),
        ],
    ]
}
