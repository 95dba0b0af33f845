import CalendarModel
import CalendarTime
import HTTPTransport
import SyncEngine

/// What each room needs, one prerequisite each.
enum RoomCheck: String, CaseIterable {
    case found, readable, writable, privateVisible, reader

    var name: String { "room.\(rawValue)" }

    var step: ManualStep? {
        switch self {
        case .found: .createMirrorRoom
        case .readable, .writable, .privateVisible: .grantFullAccess
        case .reader: nil
        }
    }

    static func notChecked(_ address: String, _ reason: String) -> [Finding] {
        allCases.map { $0.notChecked(address, reason) }
    }

    func notChecked(_ address: String, _ reason: String) -> Finding {
        Finding(check: name, subject: address, verdict: .notChecked, evidence: reason, step: step)
    }

    func good(_ address: String, _ evidence: String) -> Finding {
        Finding(check: name, subject: address, verdict: .good, evidence: evidence, step: step)
    }

    func bad(
        _ address: String, _ evidence: String, _ diagnosis: Diagnosis, verdict: Finding.Verdict = .bad
    ) -> Finding {
        Finding(
            check: name, subject: address, verdict: verdict, evidence: evidence, diagnosis: diagnosis, step: step)
    }
}

extension GraphConnector {
    /// - Parameter isListed: whether the organization's room list has it; nil when that is not known.
    func roomFindings(_ address: String, isListed: Bool?) async -> [Finding] {
        do throws(GraphFault) {
            let calendar = try await calendar(of: address)
            return [
                found(address, isListed: isListed), RoomCheck.readable.good(address, "The calendar can be read."),
                Self.writable(address, calendar), Self.privateVisible(address, calendar),
            ] + [await readerFinding(address)]
        } catch {
            return unreadable(address, error, isListed: isListed)
        }
    }

    private func found(_ address: String, isListed: Bool?) -> Finding {
        guard isListed == false else {
            return RoomCheck.found.good(
                address, isListed == nil ? "There is such a mailbox." : "It is in the organization's room list.")
        }
        return RoomCheck.found.bad(
            address, "There is such a mailbox, but it is not in the organization's room list.",
            Diagnosis(
                code: "microsoft.room.notListed", summary: "\(address) is not among the organization's rooms.",
                consequence: "The room is in sync. People do not find it when they look for rooms in Outlook.",
                remedy: """
                    New rooms are listed after a day or two. If it is older: see that it is a room mailbox \
                    (Set-Mailbox -Identity \(address) -Type Room).
                    """, step: .createMirrorRoom),
            verdict: .warning)
    }

    private func unreadable(_ address: String, _ fault: GraphFault, isListed: Bool?) -> [Finding] {
        let error = fault.error
        let rest: [RoomCheck] = [.writable, .privateVisible, .reader]
        let unseen = rest.map { $0.notChecked(address, "Not checked: the calendar cannot be read.") }
        if ["microsoft.mailbox.unknown", "microsoft.mailbox.missing"].contains(error.diagnosis.code) {
            var diagnosis = error.diagnosis
            diagnosis.step = .createMirrorRoom
            return [
                RoomCheck.found.bad(address, diagnosis.summary, diagnosis),
                RoomCheck.readable.notChecked(address, "Not checked: there is no such mailbox."),
            ] + unseen
        }
        let found =
            isListed == true || error.kind == .forbidden && fault.status == 403
            ? RoomCheck.found.good(
                address, isListed == true ? "It is in the organization's room list." : "Exchange knows it.")
            : RoomCheck.found.notChecked(address, "Not checked: what cannot be read may be there or not.")
        return [
            found,
            RoomCheck.readable.bad(
                address, error.diagnosis.summary, error.diagnosis, verdict: error.isPassing ? .warning : .bad),
        ] + unseen
    }

    private static func writable(_ address: String, _ calendar: GraphCalendar) -> Finding {
        guard calendar.canEdit == false else {
            return RoomCheck.writable.good(address, "The calendar can be written.")
        }
        return RoomCheck.writable.bad(
            address, "The calendar can only be read.",
            Diagnosis(
                code: "microsoft.room.readOnly", summary: "\(address): the service account may read but not write.",
                consequence: "Bookings of this room do not reach the calendar.",
                remedy: "Give the service account Full Access (Read and manage) to the room.", step: .grantFullAccess))
    }

    private static func privateVisible(_ address: String, _ calendar: GraphCalendar) -> Finding {
        guard calendar.canViewPrivateItems == false else {
            return RoomCheck.privateVisible.good(address, "Private meetings are visible.")
        }
        return RoomCheck.privateVisible.bad(
            address, "Private meetings are hidden.",
            Diagnosis(
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
            return RoomCheck.reader.good(address, "Microsoft lists changes of this room.")
        } catch {
            guard error.kind == .forbidden else {
                return RoomCheck.reader.bad(
                    address, error.error.diagnosis.summary, error.error.diagnosis, verdict: .warning)
            }
            return RoomCheck.reader.bad(
                address, "Microsoft refuses to list changes; the whole window is read each time.",
                Diagnosis(
                    code: "microsoft.room.noDelta", summary: "\(address): changes cannot be listed.",
                    consequence: "The room is in sync; reading it takes a little longer.", remedy: "Nothing to do.",
                    vendorCode: error.error.diagnosis.vendorCode), verdict: .warning)
        }
    }
}
