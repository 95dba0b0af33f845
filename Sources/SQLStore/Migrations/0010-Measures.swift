extension Migration {
    static let measures = Migration(number: 10, name: "measures", statements: [])
}
