import SyncEngine

/// Why a round trip did not come to its end.
enum CanaryStop: DiagnosedError {
    case noTime, notSeen, notCancelled, oneWay, interrupted
    case refused(String?)

    var diagnosis: Diagnosis {
        switch self {
        case .noTime:
            Diagnosis(
                code: "canary.noTime", summary: "No free time far ahead was found in the room.",
                remedy: "Try again later.")
        case .notSeen:
            Diagnosis(
                code: "canary.notSeen", summary: "The booking was not seen in the calendar in time.",
                consequence: "Bookings made in LoopBooking reach the calendar late, or not at all.",
                remedy: "See how the link's last pass went, and whether the room answers invitations.")
        case .notCancelled:
            Diagnosis(
                code: "canary.notCancelled", summary: "The removal in the calendar did not reach LoopBooking in time.",
                consequence: "Changes made in the calendar reach LoopBooking late, or not at all.",
                remedy: "See how the link's last pass went.")
        case .oneWay:
            Diagnosis(
                code: "canary.oneWay",
                summary:
                    "Only the way to the calendar was measured: the link stops at the first meeting that vanishes.",
                remedy: "Nothing to do.")
        case .interrupted:
            Diagnosis(
                code: "canary.interrupted", summary: "The check ended before its time.", remedy: "Try again.")
        case .refused(let reason):
            Diagnosis(
                code: "canary.refused", summary: reason ?? "The booking did not keep its slot.",
                remedy: "See how the link's last pass went.")
        }
    }
}
