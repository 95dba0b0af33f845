import Foundation

/// One whole reply, whatever its status.
package struct HTTPReply: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: Data

    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var isSuccess: Bool { (200..<300).contains(status) }
}

extension HTTPReply: CustomStringConvertible, CustomDebugStringConvertible {
    /// For logs: no body.
    package var description: String { "\(status), \(body.count) bytes" }
    package var debugDescription: String { description }
}
