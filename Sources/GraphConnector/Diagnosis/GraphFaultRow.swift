import SyncEngine

/// One way in which Graph refuses a call: a row of the catalogue. The first row that matches code and status counts.
package struct GraphFaultRow: Sendable {
    /// Graph's and Exchange's codes, compared without case; empty for any.
    package let codes: [String]
    /// The statuses it is for; empty for any.
    package let statuses: [Int]
    package let kind: ConnectorError.Kind
    package let code: String
    package let summary: String
    package let consequence: String
    package let remedy: String
    package let step: ManualStep?

    init(
        _ codes: [String], _ statuses: [Int] = [], _ kind: ConnectorError.Kind, _ code: String, _ summary: String,
        consequence: String, remedy: String, step: ManualStep? = nil
    ) {
        self.codes = codes
        self.statuses = statuses
        self.kind = kind
        self.code = "microsoft.\(code)"
        self.summary = summary
        self.consequence = consequence
        self.remedy = remedy
        self.step = step
    }

    func matches(status: Int, code: String) -> Bool {
        (statuses.isEmpty || statuses.contains(status))
            && (codes.isEmpty || codes.contains { $0.lowercased() == code.lowercased() })
    }

    private static let roomStops =
        "This room cannot be read or written until this is solved; it is shown as not certain."
    private static let oneMeeting = "Only this one meeting is affected."
    private static let nothing = "Nothing to do: it is tried again."
    private static let passes = "It is tried again; the room stays as it is."

    package static let catalogue: [GraphFaultRow] = [
        GraphFaultRow(
            ["SyncStateNotFound", "SyncStateInvalid", "resyncRequired"], [], .cursorExpired, "cursor.expired",
            "Microsoft has forgotten where reading stopped.", consequence: "The room is read as a whole, once.",
            remedy: nothing),
        GraphFaultRow(
            [], [410], .cursorExpired, "cursor.expired", "Microsoft has forgotten where reading stopped.",
            consequence: "The room is read as a whole, once.", remedy: nothing),
        GraphFaultRow(
            ["MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"], [], .forbidden, "mailbox.missing",
            "The account has no Exchange Online mailbox.", consequence: roomStops,
            remedy: """
                Give the service account an Exchange Online licence; a room must be a room mailbox in Exchange Online, \
                not on premises. A new mailbox takes some minutes to appear.
                """, step: .giveMailboxLicence),
        GraphFaultRow(
            [
                "ErrorInvalidUser", "ResourceNotFound", "Request_ResourceNotFound", "ErrorNonExistentMailbox",
                "UserNotFound", "MailboxNotFound",
            ], [], .forbidden, "mailbox.unknown", "There is no such mailbox in the tenant.", consequence: roomStops,
            remedy: "Check the room's address; create the mirror resource if it is missing.", step: .createMirrorRoom),
        GraphFaultRow(
            ["DelegatedCalendarAccessDenied"], [], .forbidden, "room.notShared",
            "The service account has no right to the room's calendar.", consequence: roomStops,
            remedy: """
                Give the service account Full Access (Read and manage) to the room in the Exchange admin center. It \
                takes up to an hour to take effect.
                """, step: .grantFullAccess),
        GraphFaultRow(
            ["ErrorAccessDenied"], [], .forbidden, "room.accessDenied",
            "Microsoft denies access to the mailbox.", consequence: roomStops,
            remedy: """
                Give the service account Full Access (Read and manage) to the room, and check that \
                Calendars.ReadWrite.Shared was consented to. An application of its own needs the room in its scope.
                """, step: .grantFullAccess),
        GraphFaultRow(
            ["Authorization_RequestDenied", "AccessDenied", "Forbidden"], [403], .forbidden, "permission.missing",
            "The application lacks a permission for this.", consequence: roomStops,
            remedy: "Grant admin consent for all the permissions that the application asks for.",
            step: .grantAdminConsent
        ),
        GraphFaultRow(
            [], [403], .forbidden, "forbidden", "Microsoft refuses this for want of a right.", consequence: roomStops,
            remedy: "Check the service account's Full Access to the room and the admin consent.", step: .grantFullAccess
        ),
        GraphFaultRow(
            ["InvalidAuthenticationToken", "AuthenticationError", "CompactToken parsing failed"], [], .unauthorized,
            "token.rejected", "Microsoft Graph does not accept the sign-in.", consequence: roomStops,
            remedy: """
                Check that the connection's login and Graph addresses belong to the same cloud, then sign in with the \
                service account again.
                """, step: .enterCredentials),
        GraphFaultRow(
            [], [401], .unauthorized, "token.rejected", "Microsoft Graph does not accept the sign-in.",
            consequence: roomStops, remedy: "Sign in with the service account again.", step: .enterCredentials),
        GraphFaultRow(
            ["ErrorIrresolvableConflict", "ErrorChangeKeyRequiredForWriteOperations", "ErrorStaleObject"], [],
            .preconditionFailed, "event.changed", "The event was changed since it was read.", consequence: oneMeeting,
            remedy: "Nothing to do: it is read and decided again."),
        GraphFaultRow(
            [], [412], .preconditionFailed, "event.changed", "The event was changed since it was read.",
            consequence: oneMeeting, remedy: "Nothing to do: it is read and decided again."),
        GraphFaultRow(
            [], [429], .throttled, "throttled", "Microsoft asks for fewer calls.", consequence: passes, remedy: nothing),
        GraphFaultRow(
            ["ApplicationThrottled", "TooManyRequests"], [], .throttled, "throttled", "Microsoft asks for fewer calls.",
            consequence: passes, remedy: nothing),
        GraphFaultRow(
            ["invalid_place"], [], .notFound, "places.empty", "The organization lists no rooms.",
            consequence: "Rooms cannot be offered for choice.",
            remedy: "New rooms are listed after a day or two. Enter the room's address by hand until then.",
            step: .createMirrorRoom),
        GraphFaultRow(
            [], [404], .notFound, "event.notFound", "The event is not there (any more), or is private and hidden.",
            consequence: oneMeeting,
            remedy:
                "If it is private: give the service account Full Access to the room, so that it sees private meetings.",
            step: .grantFullAccess),
        GraphFaultRow(
            [], [409], .conflict, "event.exists", "Microsoft says that the event exists already.",
            consequence: oneMeeting, remedy: "Nothing to do: the existing one is looked up."),
        GraphFaultRow(
            ["ErrorOccurrenceCrossingBoundary"], [], .rejected, "event.occurrenceCrossing",
            "An occurrence cannot be moved past its neighbours in the series.", consequence: oneMeeting,
            remedy: "Move the occurrence to another day, or take it out of the series."),
        GraphFaultRow(
            ["ErrorCalendarViewRangeTooBig"], [], .rejected, "window.tooLarge", "The window is too long for Microsoft.",
            consequence: roomStops, remedy: "Make the link's window shorter."),
        GraphFaultRow(
            [], [507, 509], .transient, "storage.full", "The mailbox is full, or over its limit.",
            consequence: roomStops,
            remedy: "Make room in the mailbox. It is tried again."),
        GraphFaultRow(
            ["ErrorMailboxStoreUnavailable", "ErrorInternalServerTransientError", "ErrorServerBusy"], [], .transient,
            "mailbox.unavailable", "The mailbox is not available at the moment.", consequence: passes, remedy: nothing),
        GraphFaultRow(
            [], [408, 500, 502, 503, 504], .transient, "serviceFault", "Microsoft Graph has a passing fault.",
            consequence: passes, remedy: nothing),
    ]

    /// For what no row fits: Graph will refuse it again.
    static let rest = GraphFaultRow(
        [], [], .rejected, "rejected", "Microsoft Graph refuses what was sent.", consequence: oneMeeting,
        remedy: "Change the meeting, or tell LoopBooking's support the code and the reference.")

    static func row(status: Int, code: String) -> GraphFaultRow {
        catalogue.first { $0.matches(status: status, code: code) } ?? rest
    }
}
