import CalendarModel
import SyncEngine

extension GraphConnector {
    /// Checks what is around (hosts, clock), signs in anew, checks consent, mailbox and room list, and then each room. Each
    /// prerequisite is one finding under its own name, and one that was missed is the only bad one: what cannot be seen
    /// for its sake is said to be not checked.
    package func diagnose(_ addresses: [String]) async -> [Finding] {
        let around = await surroundingFindings()
        guard !around.contains(where: { $0.verdict == .bad && $0.check == "network" }) else {
            let reason = "Not checked: Microsoft cannot be reached."
            return around + SignInCheck.notChecked(reason) + [Self.mailboxNotChecked(reason)]
                + [Self.placesNotChecked(reason)] + addresses.flatMap { RoomCheck.notChecked($0, reason) }
        }
        let (signIn, isSignedIn) = await signInFindings()
        guard isSignedIn else {
            let reason = "Not checked: signing in failed."
            return around + signIn + [Self.mailboxNotChecked(reason), Self.placesNotChecked(reason)]
                + addresses.flatMap { RoomCheck.notChecked($0, reason) }
        }
        let (places, listed) = await placesFinding()
        return around + signIn + [await mailboxFinding(), places]
            + (await roomFindings(addresses, listed: listed))
    }

    // MARK: Mailbox and rooms of the organization

    private static func mailboxNotChecked(_ reason: String) -> Finding {
        Finding(check: "microsoft.mailbox", verdict: .notChecked, evidence: reason, step: .giveMailboxLicence)
    }

    private static func placesNotChecked(_ reason: String) -> Finding {
        Finding(check: "microsoft.places", verdict: .notChecked, evidence: reason, step: .grantAdminConsent)
    }

    private func mailboxFinding() async -> Finding {
        guard let account = configuration.serviceAccount else {
            return Self.mailboxNotChecked("Not needed: the connection uses the application's own permissions.")
        }
        do throws(GraphFault) {
            _ = try await calendar(of: account)
            return Finding(
                check: "microsoft.mailbox", verdict: .good, evidence: "\(account) has a mailbox.",
                step: .giveMailboxLicence)
        } catch {
            var diagnosis = error.error.diagnosis
            // Whatever Exchange calls it: one's own calendar needs no other right.
            if !error.error.isPassing { diagnosis.step = .giveMailboxLicence }
            return Finding(
                check: "microsoft.mailbox", verdict: error.error.isPassing ? .warning : .bad,
                evidence: diagnosis.summary, diagnosis: diagnosis, step: .giveMailboxLicence)
        }
    }

    /// The finding, and the addresses of the rooms that are listed, in lower case; nil when that cannot be known.
    private func placesFinding() async -> (Finding, listed: Set<String>?) {
        do throws(ConnectorError) {
            let rooms = try await discoverResources()
            let evidence =
                rooms.isEmpty
                ? "The room list can be read; it is empty." : "The room list names \(rooms.count) room(s)."
            return (
                Finding(
                    check: "microsoft.places", verdict: .good, evidence: evidence, step: .grantAdminConsent),
                Set(rooms.map { $0.address.lowercased() })
            )
        } catch {
            // Rooms can be named by hand, so this stops nothing.
            return (
                Finding(
                    check: "microsoft.places", verdict: .warning, evidence: error.diagnosis.summary,
                    diagnosis: error.diagnosis, step: .grantAdminConsent), nil
            )
        }
    }

    private func roomFindings(_ addresses: [String], listed: Set<String>?) async -> [Finding] {
        let byRoom = await withTaskGroup(of: (Int, [Finding]).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask {
                    (index, await roomFindings(address, isListed: listed?.contains(address.lowercased())))
                }
            }
            var collected: [Int: [Finding]] = [:]
            for await (index, found) in group { collected[index] = found }
            return collected
        }
        return addresses.indices.flatMap { byRoom[$0] ?? [] }
    }
}
