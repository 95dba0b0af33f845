import SyncEngine

/// A call that failed, with what the connector needs beyond the port's error to decide what to do next.
struct GraphFault: Error, Sendable {
    var error: ConnectorError
    /// The reply's status; nil when there was none.
    var status: Int?
    /// Whether an earlier attempt of the same call may have worked.
    var followsUnknown: Bool

    init(_ error: ConnectorError, status: Int? = nil, followsUnknown: Bool = false) {
        self.error = error
        self.status = status
        self.followsUnknown = followsUnknown
    }

    var kind: ConnectorError.Kind { error.kind }
}

extension ConnectorError {
    static func cancelled(_ operation: String) -> ConnectorError {
        ConnectorError(.cancelled, operation: operation, diagnosis: GraphDiagnosis.cancelled)
    }
}
