import Foundation

extension LoopSim {
    /// All vendors beside Entra ID that this build has.
    package static let vendors: [RouteInstaller] = [
        { router, world in
            addGraphRoutes(to: router, world: world)
            addMailboxControlRoutes(to: router, world: world)
        },
        { router, world in
            addGoogleRoutes(to: router, world: world)
            addGoogleControlRoutes(to: router, world: world)
        },
    ]

    /// Makes the world that a JSON file describes.
    package func seed(file path: String) async throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw LoopSimError.unreadable(path) }
        guard let document = try? JSONDocument(parsing: data) else {
            throw ControlError.invalid("\(path) is not JSON.")
        }
        try await world.seed(document)
    }
}
