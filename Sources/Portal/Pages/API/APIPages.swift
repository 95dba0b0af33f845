import HTTPTypes
import Hummingbird

/// `/api`: the REST API to read.
enum APIPages {
    static func all(_ book: APIBook) -> [PageRoute] {
        let printer = APIPrinter(book.document)
        return [
            PageRoute(.get, "/api", .anybody) { request in
                request.page(
                    "api", title: request.words["api.title"],
                    ["content": .optional(await printer.content(request.language))])
            }
        ]
    }
}

/// Prints the chapters once a language; they are the same for everybody.
private actor APIPrinter {
    private let document: OpenAPIDocument
    private var printed: [Language: String] = [:]

    init(_ document: OpenAPIDocument) { self.document = document }

    func content(_ language: Language) -> String? {
        if let content = printed[language] { return content }
        let content = PageTemplates.embedded.render(
            "api-chapters", APIReading(document).values, language: language)
        printed[language] = content
        return content
    }
}
