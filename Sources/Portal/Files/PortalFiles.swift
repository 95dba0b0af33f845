import CPortalFiles
import Foundation
import Vault

/// The templates, words, styles and scripts that are part of the program.
struct PortalFiles: Sendable {
    /// By their path, such as `Static/portal.css`.
    let contents: [String: Data]

    static let embedded: PortalFiles = {
        var contents: [String: Data] = [:]
        var index = 0
        while true {
            let file = loop_portal_file_at(index)
            guard let path = file.path, let bytes = file.bytes else { break }
            contents[String(cString: path)] = Data(bytes: bytes, count: file.count)
            index += 1
        }
        return PortalFiles(contents: contents)
    }()

    func text(_ path: String) -> String? { contents[path].map { String(decoding: $0, as: UTF8.self) } }

    /// The files of a folder by their names without it.
    func folder(_ name: String) -> [String: Data] {
        var found: [String: Data] = [:]
        for (path, data) in contents where path.hasPrefix(name + "/") {
            found[String(path.dropFirst(name.count + 1))] = data
        }
        return found
    }
}
