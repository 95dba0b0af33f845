/// Numbered pages of a long list.
struct PageTurner: Sendable {
    let count: Int
    let size: Int
    /// 1…
    let page: Int

    init(count: Int, size: Int, page: Int) {
        self.count = count
        self.size = size
        let last = max(1, (count + size - 1) / size)
        self.page = min(max(page, 1), last)
    }

    var pages: Int { max(1, (count + size - 1) / size) }
    var range: Range<Int> { (page - 1) * size..<min(page * size, count) }

    /// - Parameter address: of the list, with a query that further parameters can be added to.
    func values(_ address: String) -> JSONValue {
        guard pages > 1 else { return .null }
        func path(_ page: Int) -> JSONValue { .string("\(address)page=\(page)") }
        var links: [JSONValue] = []
        var last = 0
        for number in 1...pages where number == 1 || number == pages || abs(number - page) <= 2 {
            if number > last + 1 { links.append(["isGap": true, "number": "", "path": "", "isCurrent": false]) }
            links.append([
                "isGap": false, "number": .string(String(number)), "path": path(number),
                "isCurrent": .bool(number == page),
            ])
            last = number
        }
        return [
            "first": .integer(Int64(range.lowerBound + 1)), "last": .integer(Int64(range.upperBound)),
            "count": .integer(Int64(count)), "previous": page > 1 ? path(page - 1) : .null,
            "next": page < pages ? path(page + 1) : .null, "links": .array(links),
        ]
    }
}
