/// Why the stand-ins could not start.
package enum LoopSimError: Error, CustomStringConvertible {
    case unreadable(String)
    case unwritable(String)
    case malformedSchema(String)

    package var description: String {
        switch self {
        case .unreadable(let path): "The file \(path) cannot be read. Check its name and its rights."
        case .unwritable(let path): "The file \(path) cannot be written. Check its folder and its rights."
        case .malformedSchema(let reason):
            "The schema is no CSDL description: \(reason). Give the XML of Microsoft Graph's metadata."
        }
    }
}
