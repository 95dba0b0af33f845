import Foundation

extension WorldSettings {
    /// The settings with changes such as `deltaDuplicates=false` or `graph.missingPermissionCode=ErrorItemNotFound`.
    ///
    /// Values are JSON; what is no JSON counts as text. Fails with a `ControlError` for names that are not known.
    package func applying(_ changes: [String]) throws -> WorldSettings {
        var settings = self
        for change in changes {
            let halves = change.split(separator: "=", maxSplits: 1).map(String.init)
            guard halves.count == 2 else {
                throw ControlError.invalid("\"\(change)\" is no setting: write name=value.")
            }
            let value = (try? JSONDocument(parsing: Data(halves[1].utf8))) ?? .string(halves[1])
            let patch = halves[0].split(separator: ".").reversed().reduce(value) { inner, name in
                .object([String(name): inner])
            }
            settings = try Patch.apply(patch, to: settings)
        }
        return settings
    }
}
