import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

/// What must be right before anybody signs in: the way to Microsoft, and the clock.
extension GraphConnector {
    /// Tokens and delta windows bear a little.
    private static let noticeableSkew = Duration.seconds(120)
    /// Entra ID refuses assertions that are this far off.
    private static let badSkew = Duration.seconds(300)

    func surroundingFindings() async -> [Finding] {
        var findings: [Finding] = []
        var skew: Duration?
        var hosts: Set<String> = []
        // Without a sign-in: the answer is that there is one.
        let targets = [
            configuration.loginURL(path: "v2.0/.well-known/openid-configuration"), configuration.graphURL + "/me",
        ]
        for target in targets {
            let host = Self.host(of: target)
            guard hosts.insert(host).inserted else { continue }
            let (finding, seen) = await reach(target, host)
            findings.append(finding)
            if let seen, abs(seen.inSeconds) >= abs(skew?.inSeconds ?? 0) { skew = seen }
        }
        return findings + [Self.clock(skew), webhooks]
    }

    private static func host(of url: String) -> String {
        guard let parts = URLComponents(string: url), let host = parts.host else { return url }
        return parts.port.map { "\(host):\($0)" } ?? host
    }

    /// How far Microsoft's clock is ahead of ours, beside the finding.
    private func reach(_ url: String, _ host: String) async -> (Finding, skew: Duration?) {
        let before = client.surroundings.machineClock()
        do throws(TransportError) {
            let reply = try await client.transport.send(
                HTTPCall(.get, url, headers: ["Accept": "application/json"], timeout: .seconds(20)))
            let after = client.surroundings.machineClock()
            let half = after.since(before) / 2
            let skew = reply.headers["Date"].flatMap(RetryAfter.date).map { $0.since(before.advanced(by: half)) }
            return (
                Finding(
                    check: "network", subject: host, verdict: .good,
                    evidence: "Answers in \(Int(after.since(before).inSeconds * 1000)) ms."), skew
            )
        } catch {
            let isSure =
                switch error {
                case .cannotConnect, .untrusted, .invalidCall: true
                case .connectionLost, .timedOut, .replyTooLarge, .cancelled: false
                }
            let diagnosis = NetworkDiagnosis.diagnosis(for: error, host: host)
            return (
                Finding(
                    check: "network", subject: host, verdict: isSure ? .bad : .warning,
                    evidence: diagnosis.summary, diagnosis: diagnosis), nil
            )
        }
    }

    private static func clock(_ skew: Duration?) -> Finding {
        guard let skew else {
            return Finding(check: "clock", verdict: .notChecked, evidence: "Not checked: Microsoft told no time.")
        }
        let seconds = Int(skew.inSeconds.rounded())
        let evidence =
            abs(seconds) <= 1
            ? "This machine's clock is Microsoft's."
            : "This machine's clock is \(abs(seconds)) seconds \(seconds > 0 ? "behind" : "ahead of") Microsoft's."
        guard abs(seconds) > Int(noticeableSkew.inSeconds) else {
            return Finding(check: "clock", verdict: .good, evidence: evidence)
        }
        return Finding(
            check: "clock", verdict: abs(seconds) > Int(badSkew.inSeconds) ? .bad : .warning, evidence: evidence,
            diagnosis: Diagnosis(
                code: "clock.wrong", summary: "This machine's clock is wrong.",
                consequence:
                    "Signing in with a certificate fails, it is misjudged which change was later, and measured times are off.",
                remedy: "Let the machine take its time from the network (chrony or systemd-timesyncd)."))
    }

    private var webhooks: Finding {
        let reason =
            configuration.serviceAccount == nil
            ? "Changes are asked for every few seconds, which needs no way in from outside."
            : """
            Microsoft sends none for rooms that are shared with a service account. Changes are asked for every few \
            seconds instead, which needs no way in from outside.
            """
        return Finding(check: "webhooks", verdict: .good, evidence: "Not needed. \(reason)")
    }
}
