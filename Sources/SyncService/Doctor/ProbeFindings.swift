import CalendarModel
import CalendarTime
import SyncEngine

/// What a probe meeting showed, as findings: each setting that differs from the recommended ones with the line that mends it.
struct ProbeFindings: Sendable {
    let address: String
    let link: Link?

    static let subject = "Sync check (removed at once)"

    static func meeting(at slot: TimeSpan, zone: ZoneID) throws(TimeError) -> Meeting {
        Meeting(
            time: .timed(try Zones.timed(span: slot, zone: zone)), subject: subject,
            body: "LoopBooking Sync tries out how this room is set up. Nobody needs to do anything.",
            sensitivity: .private)
    }

    private var isInviting: Bool { link?.policy.writing == .invite }

    func answered(_ answer: Response) -> Finding {
        let check = "room.answers"
        switch answer {
        case .accepted:
            return Finding(
                check: check, subject: address, verdict: .good, evidence: "The room accepted a meeting in a free slot.")
        case .declined:
            return finding(
                check, isInviting ? .bad : .warning, "The room declined a meeting in a free slot.",
                "People cannot book the room in Outlook.", "-AllBookInPolicy $true -AllowConflicts $false")
        case .tentative:
            return finding(
                check, isInviting ? .bad : .warning, "The room leaves the answer to a person.",
                "Bookings stay pending until somebody approves them.", "-AllBookInPolicy $true")
        case .organizer, .notResponded, .none:
            return finding(
                check, isInviting ? .bad : .warning, "The room did not answer in time.",
                "Meetings that people make in Outlook stay tentative, and bookings that invite stay pending.",
                "-AutomateProcessing AutoAccept")
        }
    }

    /// - Parameter copy: the meeting as it stands in the room's calendar.
    func kept(_ copy: Event?) -> [Finding] {
        guard let copy else {
            return ["room.keepsSubject", "room.keepsPrivate"].map {
                Finding(
                    check: $0, subject: address, verdict: .notChecked,
                    evidence: "Not checked: the meeting was not found in the room's calendar.")
            }
        }
        let hasSubject = copy.meeting.subject == Self.subject
        let hasBody = !copy.meeting.body.isEmpty
        let subject =
            hasSubject && hasBody
            ? Finding(
                check: "room.keepsSubject", subject: address, verdict: .good,
                evidence: "The subject and the text stay as people write them.")
            : finding(
                "room.keepsSubject", .warning,
                hasSubject
                    ? "The room deletes the text of meetings."
                    : copy.meeting.subject.contains(Self.subject)
                        ? "The room puts the organizer's name before the subject."
                        : "The room replaces the subject by the organizer's name.",
                "Bookings that come from Outlook show what the room left of them.",
                "-DeleteSubject $false -AddOrganizerToSubject $false -DeleteComments $false")
        let isPrivate =
            copy.meeting.sensitivity.hidesContent
            ? Finding(
                check: "room.keepsPrivate", subject: address, verdict: .good,
                evidence: "A private meeting stays private.")
            : finding(
                "room.keepsPrivate", .warning, "The room removes the private flag.",
                "Private meetings are shown like any other.", "-RemovePrivateProperty $false")
        return [subject, isPrivate]
    }

    func window(_ answer: Response, days: Int) -> Finding {
        switch answer {
        case .accepted:
            return Finding(
                check: "room.bookingWindow", subject: address, verdict: .good,
                evidence: "The room accepts meetings \(days) days ahead.")
        case .declined:
            return finding(
                "room.bookingWindow", .warning, "The room declines meetings \(days) days ahead.",
                isInviting
                    ? "Bookings far ahead are refused by the room."
                    : "LoopBooking can be booked farther ahead than Outlook.",
                "-BookingWindowInDays \(min(max(days + 30, 180), 1080)) -EnforceSchedulingHorizon $false")
        case .tentative, .organizer, .notResponded, .none: return windowNotChecked
        }
    }

    var windowNotChecked: Finding {
        Finding(
            check: "room.bookingWindow", subject: address, verdict: .notChecked,
            evidence: "Not checked: the room gave no answer to go by.")
    }

    var noInvitation: [Finding] {
        ["room.answers", "room.bookingWindow"].map {
            Finding(
                check: $0, subject: address, verdict: .notChecked,
                evidence: "Not checked: the connection has no account that could invite.")
        }
    }

    var noFreeTime: [Finding] {
        all(.notChecked, "Not checked: no free time was found in the room's calendar.", nil)
    }

    func failed(_ diagnosis: Diagnosis) -> [Finding] {
        [
            Finding(
                check: "room.answers", subject: address, verdict: .warning, evidence: diagnosis.summary,
                diagnosis: diagnosis)
        ] + all(.notChecked, "Not checked: the probe meeting could not be held.", nil).dropFirst()
    }

    private func all(_ verdict: Finding.Verdict, _ evidence: String, _ diagnosis: Diagnosis?) -> [Finding] {
        ["room.answers", "room.keepsSubject", "room.keepsPrivate", "room.bookingWindow"].map {
            Finding(check: $0, subject: address, verdict: verdict, evidence: evidence, diagnosis: diagnosis)
        }
    }

    private func finding(
        _ check: String, _ verdict: Finding.Verdict, _ summary: String, _ consequence: String, _ parameters: String
    ) -> Finding {
        Finding(
            check: check, subject: address, verdict: verdict, evidence: summary,
            diagnosis: Diagnosis(
                code: check, summary: summary, consequence: consequence,
                remedy: "Set-CalendarProcessing -Identity \(address) \(parameters)"))
    }
}
