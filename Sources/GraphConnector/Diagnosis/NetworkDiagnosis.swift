import HTTPTransport
import SyncEngine

/// Faults on the way to Microsoft, in words.
enum NetworkDiagnosis {
    static func diagnosis(for lost: TransportError, host: String) -> Diagnosis {
        let consequence = "What could not be sent or read now is tried again; the rooms stay as they are."
        return switch lost {
        case .cannotConnect:
            Diagnosis(
                code: "network.unreachable", summary: "\(host) cannot be reached.", consequence: consequence,
                remedy: "Check the address, the name resolution, and that the firewall lets this service out to it.")
        case .untrusted:
            Diagnosis(
                code: "network.untrusted", summary: "\(host) is reached, but its certificate is not trusted.",
                consequence: consequence,
                remedy: """
                    Check whether a proxy inspects encrypted traffic; add its certificate authority to the system's \
                    trusted ones, and check the clock.
                    """)
        case .connectionLost:
            Diagnosis(
                code: "network.connectionLost", summary: "The connection to \(host) ended before the answer came.",
                consequence: consequence, remedy: "Nothing to do unless it stays: then check proxies and firewalls.")
        case .timedOut:
            Diagnosis(
                code: "network.timedOut", summary: "\(host) did not answer in time.", consequence: consequence,
                remedy: "Nothing to do unless it stays: then look at the vendor's service status.")
        case .replyTooLarge(let limit):
            Diagnosis(
                code: "network.replyTooLarge", summary: "\(host) answered with more than \(limit) bytes.",
                consequence: consequence, remedy: "Make the link's window smaller.")
        case .invalidCall:
            Diagnosis(
                code: "network.invalidAddress", summary: "The connection's address is not usable.",
                consequence: "Nothing can be read or written.",
                remedy: "Correct the connection's login and Graph addresses.", step: .enterCredentials)
        case .cancelled: GraphDiagnosis.cancelled
        }
    }
}
