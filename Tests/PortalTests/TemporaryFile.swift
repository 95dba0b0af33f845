import Foundation

/// A path for a database of one test.
struct TemporaryFile {
    let path: String

    init() {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("loopbooking-\(UUID().uuidString).sqlite")
            .path
    }

    func remove() {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
