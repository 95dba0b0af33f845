import HTTPTypes

/// One operation as the OpenAPI document describes it (OpenAPI 3.1). Every route gives its own, so that the document cannot
/// say anything else than the program does; schemathesis holds both against each other.
///
/// What goes without saying is added by the document: 401, 403 and 500 everywhere, 400 for what cannot be read, 404 where the
/// address names something, 413 and 415 where there is a body, 304, 412 and 422 where there are conditions and keys.
package struct APIOperation: Sendable {
    /// Unique, such as `listRooms`.
    package var id: String
    package var summary: String
    /// More than the summary says, in Markdown's plainest form: paragraphs and `code`.
    package var details: String
    /// The chapter, such as `Rooms`.
    package var tag: String
    package var parameters: [APIParameter]
    /// The JSON schema of the body; nil when there is none.
    package var body: JSONValue?
    /// A body that could be sent; nil when the body's schema has one itself.
    package var example: JSONValue?
    package var answers: [APIAnswer]
    /// The codes of the problems that this operation has of its own, by status.
    package var problems: [Int: [String]]

    package init(
        _ id: String, _ summary: String, details: String = "", tag: String, parameters: [APIParameter] = [],
        body: JSONValue? = nil, example: JSONValue? = nil, answers: [APIAnswer], problems: [Int: [String]] = [:]
    ) {
        self.id = id
        self.summary = summary
        self.details = details
        self.tag = tag
        self.parameters = parameters
        self.body = body
        self.example = example
        self.answers = answers
        self.problems = problems
    }
}

/// A parameter in the query or a header. Those of the path are read off the path, unless there is more to say about one.
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
    /// The media type of the body.
    package var type: String
    /// Headers that come with it, by their names in the document's components, such as `ETag`.
    package var headers: [String]

    package init(
        _ status: Int, _ summary: String, schema: JSONValue? = nil, type: String = "application/json",
        headers: [String] = []
    ) {
        self.status = status
        self.summary = summary
        self.schema = schema
        self.type = type
        self.headers = headers
    }
}
