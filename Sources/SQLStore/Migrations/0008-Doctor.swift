extension Migration {
    static let doctor = Migration(number: 8, name: "doctor", statements: [])
}
