/// A refusal of the control API: what is wrong with the request and what to do about it.
package struct ControlError: Error, Sendable, Hashable, CustomStringConvertible {
    package var status: Int
    package var code: String
    package var message: String

    package var description: String { message }

    static func notFound(_ what: String, _ name: String) -> ControlError {
        ControlError(
            status: 404, code: "notFound", message: "There is no \(what) \"\(name)\". Make it first, or check the name."
        )
    }

    static func exists(_ what: String, _ name: String) -> ControlError {
        ControlError(
            status: 409, code: "exists", message: "There is a \(what) \"\(name)\" already. Change it with PATCH or PUT."
        )
    }

    static func invalid(_ message: String) -> ControlError {
        ControlError(status: 400, code: "invalid", message: message)
    }

    var document: JSONDocument {
        ["error": ["code": .string(code), "message": .string(message)]]
    }
}
