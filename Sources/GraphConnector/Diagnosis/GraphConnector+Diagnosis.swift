import CalendarModel
import CalendarTime
import HTTPTransport
import SyncEngine

extension GraphConnector {
    /// Signs in anew, checks consent, mailbox and room list, and then each room: can it be read and written, are private
    /// meetings visible, does the delta reader work.
    package func diagnose(_ addresses: [String]) async -> [Finding] {
        let signIn = await signInFinding()
        guard signIn.verdict == .good else {
            let unchecked = ["microsoft.consent", "microsoft.mailbox", "microsoft.places"]
                .map { Self.notChecked($0, "") }
            return [signIn] + unchecked + addresses.map { Self.notChecked("room.readable", $0) }
        }
        var findings = [signIn, await consentFinding(), await mailboxFinding(), await placesFinding()]
        let byRoom = await withTaskGroup(of: (Int, [Finding]).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask { (index, await roomFindings(address)) }
            }
            var collected: [Int: [Finding]] = [:]
            for await (index, found) in group { collected[index] = found }
            return collected
        }
        for index in addresses.indices { findings += byRoom[index] ?? [] }
        return findings
    }

    private static func notChecked(_ check: String, _ subject: String) -> Finding {
        Finding(check: check, subject: subject, verdict: .notChecked, evidence: "Not checked: signing in failed.")
    }

    private func signInFinding() async -> Finding {
        await client.tokens.tryAgain()
        do throws(ConnectorError) {
            _ = try await client.tokens.token(replacing: nil)
            let who = configuration.serviceAccount ?? "the application"
            return Finding(
                check: "microsoft.signIn", verdict: .good, evidence: "Signed in to \(configuration.tenant) as \(who).")
        } catch {
            return Self.finding("microsoft.signIn", "", error)
        }
    }

    private func consentFinding() async -> Finding {
        guard let granted = await client.tokens.grantedScopes() else {
            return Finding(
                check: "microsoft.consent", verdict: .notChecked,
                evidence: "An application's own permissions are seen only by using them.")
        }
        let missing = configuration.scopes.filter { !granted.contains($0) }
        if missing.isEmpty {
            return Finding(
                check: "microsoft.consent", verdict: .good,
                evidence: "Granted: \(configuration.scopes.joined(separator: ", ")).")
        }
        let row = SignInFault.row(for: 65001)
        return Finding(
            check: "microsoft.consent", verdict: .bad, evidence: "Missing: \(missing.joined(separator: ", ")).",
            diagnosis: Diagnosis(
                code: "microsoft.signIn.consentMissing", summary: row?.summary ?? "",
                consequence: SignInFault.consequence, remedy: row?.remedy ?? "", step: .grantAdminConsent))
    }

    private func mailboxFinding() async -> Finding {
        guard let account = configuration.serviceAccount else {
            return Finding(
                check: "microsoft.mailbox", verdict: .notChecked, evidence: "The connection has no service account.")
        }
        do throws(GraphFault) {
            _ = try await calendar(of: account)
            return Finding(
                check: "microsoft.mailbox", subject: account, verdict: .good,
                evidence: "The service account has a mailbox.")
        } catch {
            return Self.finding("microsoft.mailbox", account, error.error)
        }
    }

    private func placesFinding() async -> Finding {
        do throws(GraphFault) {
            let page = try await places(Self.placesPath(skipping: 0, top: 1))
            let evidence = page.items.isEmpty ? "The room list is empty." : "The room list can be read."
            return Finding(check: "microsoft.places", verdict: .good, evidence: evidence)
        } catch {
            if error.kind == .notFound {
                return Finding(check: "microsoft.places", verdict: .good, evidence: "The room list is empty.")
            }
            // Rooms can be named by hand, so this stops nothing.
            return Self.finding("microsoft.places", "", error.error, verdict: .warning)
        }
    }

    private func roomFindings(_ address: String) async -> [Finding] {
        do throws(GraphFault) {
            let calendar = try await calendar(of: address)
            let readable = Finding(
                check: "room.readable", subject: address, verdict: .good, evidence: "The calendar can be read.")
            return [readable, Self.writable(address, calendar), Self.privateVisible(address, calendar)]
                + [await readerFinding(address)]
        } catch {
            return [Self.finding("room.readable", address, error.error)]
        }
    }

    private static func writable(_ address: String, _ calendar: GraphCalendar) -> Finding {
        guard calendar.canEdit == false else {
            return Finding(
                check: "room.writable", subject: address, verdict: .good, evidence: "The calendar can be written.")
        }
        return Finding(
            check: "room.writable", subject: address, verdict: .bad, evidence: "The calendar can only be read.",
            diagnosis: Diagnosis(
                code: "microsoft.room.readOnly", summary: "\(address): the service account may read but not write.",
                consequence: "Bookings of this room do not reach the calendar.",
                remedy: "Give the service account Full Access (Read and manage) to the room.", step: .grantFullAccess))
    }

    private static func privateVisible(_ address: String, _ calendar: GraphCalendar) -> Finding {
        guard calendar.canViewPrivateItems == false else {
            return Finding(
                check: "room.privateVisible", subject: address, verdict: .good,
                evidence: "Private meetings are visible.")
        }
        return Finding(
            check: "room.privateVisible", subject: address, verdict: .warning,
            evidence: "Private meetings are hidden.",
            diagnosis: Diagnosis(
                code: "microsoft.room.privateHidden", summary: "\(address): private meetings are hidden from the sync.",
                consequence: "A private meeting may look as if it had been cancelled, and its slot be given away.",
                remedy: "Give the service account Full Access to the room, or the right to see private items.",
                step: .grantFullAccess))
    }

    /// Tries a delta round in pages of one: the second page is what some tenants refuse.
    private func readerFinding(_ address: String) async -> Finding {
        let now = client.surroundings.now()
        let query = WebText.query([
            ("startDateTime", Timestamps.rfc3339(now)),
            ("endDateTime", Timestamps.rfc3339(now.advanced(by: .seconds(14 * 86_400)))),
        ])
        do throws(GraphFault) {
            let operation = "events.delta"
            let first = try await client.get(
                GraphPage<GraphEvent>.self,
                GraphCall(
                    operation, .get, "\(GraphPath.user(address))/calendarView/delta?\(query)", mailbox: address,
                    pageSize: 1))
            if let next = first.nextLink {
                _ = try await client.get(
                    GraphPage<GraphEvent>.self, GraphCall(operation, .get, next, mailbox: address, pageSize: 1))
            }
            return Finding(
                check: "room.reader", subject: address, verdict: .good,
                evidence: "Microsoft lists changes of this room.")
        } catch {
            guard error.kind == .forbidden else {
                return Self.finding("room.reader", address, error.error, verdict: .warning)
            }
            return Finding(
                check: "room.reader", subject: address, verdict: .warning,
                evidence: "Microsoft refuses to list changes; the whole window is read each time.",
                diagnosis: Diagnosis(
                    code: "microsoft.room.noDelta", summary: "\(address): changes cannot be listed.",
                    consequence: "The room is in sync; reading it takes a little longer.", remedy: "Nothing to do.",
                    vendorCode: error.error.diagnosis.vendorCode))
        }
    }

    private static func finding(
        _ check: String, _ subject: String, _ error: ConnectorError, verdict: Finding.Verdict = .bad
    ) -> Finding {
        Finding(
            check: check, subject: subject, verdict: verdict, evidence: error.diagnosis.summary,
            diagnosis: error.diagnosis)
    }
}
