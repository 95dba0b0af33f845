import HTTPTypes

/// One operation as the OpenAPI document describes it (OpenAPI 3.1). Every route gives its own, so that the document cannot
/// say anything else than the program does; schemathesis holds both against each other.
package struct APIOperation: Sendable {
    /// Unique, such as `listRooms`.
    package var id: String
    package var summary: String
    /// The chapter, such as `Rooms`.
    package var tag: String
    package var parameters: [APIParameter]
    /// The JSON schema of the body; nil when there is none.
    package var body: JSONValue?
    package var answers: [APIAnswer]

    package init(
        _ id: String, _ summary: String, tag: String, parameters: [APIParameter] = [], body: JSONValue? = nil,
        answers: [APIAnswer]
    ) {
        self.id = id
        self.summary = summary
        self.tag = tag
        self.parameters = parameters
        self.body = body
        self.answers = answers
    }
}

/// A parameter in the query or a header. Those of the path are read off the path.
package struct APIParameter: Sendable {
    package enum Place: String, Sendable { case query, header, path }

    package var name: String
    package var place: Place
    package var isRequired: Bool
    package var summary: String
    package var schema: JSONValue

    package init(
        _ name: String, in place: Place = .query, required: Bool = false, _ summary: String,
        schema: JSONValue = ["type": "string"]
    ) {
        self.name = name
        self.place = place
        isRequired = required
        self.summary = summary
        self.schema = schema
    }
}

/// One status that an operation answers with.
package struct APIAnswer: Sendable {
    package var status: Int
    package var summary: String
    /// Nil for no body. Problems (RFC 9457) are described by their status alone.
    package var schema: JSONValue?

    package init(_ status: Int, _ summary: String, schema: JSONValue? = nil) {
        self.status = status
        self.summary = summary
        self.schema = schema
    }
}
