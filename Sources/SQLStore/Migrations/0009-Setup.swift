extension Migration {
    static let setup = Migration(number: 9, name: "setup", statements: [])
}
