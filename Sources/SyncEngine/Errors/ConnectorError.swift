/// Why a call to a calendar system failed. The engine switches over ``kind``; people read ``diagnosis``.
package struct ConnectorError: DiagnosedError, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The thing asked for is not there.
        case notFound
        /// Somebody changed it since it was read.
        case preconditionFailed
        /// The vendor says that it would clash or exists already.
        case conflict
        /// Too many calls; see `retryAfter`.
        case throttled
        /// The sign-in does not work; trying again does not help until a person acts.
        case unauthorized
        /// Signed in, but without the right.
        case forbidden
        /// The cursor is no longer valid: read everything again.
        case cursorExpired
        /// The vendor had a passing fault or could not be reached; worth a retry.
        case transient
        /// The call may have worked: its answer never came.
        case outcomeUnknown
        /// The vendor refuses what was sent, and will refuse it again.
        case rejected
        /// The vendor's answer makes no sense.
        case protocolViolation
        case cancelled
    }

    package var kind: Kind
    /// What was tried, such as `events.create`. From a bounded set: used as a metric label.
    package var operation: String
    /// How long the vendor wants us to wait.
    package var retryAfter: Duration?
    package var diagnosis: Diagnosis

    package init(_ kind: Kind, operation: String, retryAfter: Duration? = nil, diagnosis: Diagnosis) {
        self.kind = kind
        self.operation = operation
        self.retryAfter = retryAfter
        self.diagnosis = diagnosis
    }

    /// Whether the same call may succeed later without a person acting.
    package var isPassing: Bool {
        switch kind {
        case .throttled, .transient, .outcomeUnknown, .preconditionFailed, .cursorExpired, .cancelled: true
        case .notFound, .conflict, .unauthorized, .forbidden, .rejected, .protocolViolation: false
        }
    }
}

extension ConnectorError: CustomStringConvertible {
    package var description: String { "\(operation): \(kind.rawValue): \(diagnosis.summary)" }
}
