import CalendarModel

/// A Room and its Resource, kept in sync ("Oslo ↔ Oslo-ext"), with its policy.
package struct Link: Hashable, Sendable, Codable {
    package var id: LinkID
    package var organization: OrganizationID
    package var connection: ConnectionID
    package var room: RoomID
    package var roomName: String
    package var roomZone: ZoneID
    package var resourceAddress: String
    package var resourceName: String
    package var policy: LinkPolicy
    package var state: State

    package enum State: Hashable, Sendable, Codable {
        case active
        /// A person paused it.
        case paused
        /// It stopped and asks: one reading said that very many meetings vanished.
        case held(MassDeletion)
    }

    package init(
        id: LinkID, organization: OrganizationID, connection: ConnectionID, room: RoomID, roomName: String,
        roomZone: ZoneID, resourceAddress: String, resourceName: String, policy: LinkPolicy = LinkPolicy(),
        state: State = .active
    ) {
        self.id = id
        self.organization = organization
        self.connection = connection
        self.room = room
        self.roomName = roomName
        self.roomZone = roomZone
        self.resourceAddress = resourceAddress
        self.resourceName = resourceName
        self.policy = policy
        self.state = state
    }

    /// `Oslo ↔ Oslo-ext`
    package var title: String { "\(roomName) ↔ \(resourceName)" }
}

/// What one link does where a choice exists.
package struct LinkPolicy: Hashable, Sendable, Codable {
    /// Who keeps the room when two meetings want it.
    package enum Clash: String, Hashable, Sendable, Codable, CaseIterable {
        case firstConfirmed, loopBookingLeads, calendarLeads

        /// The side whose meetings keep the room; nil when it is the first that was confirmed, on either.
        package var leading: Side? {
            switch self {
            case .firstConfirmed: nil
            case .loopBookingLeads: .loopBooking
            case .calendarLeads: .calendar
            }
        }
    }

    /// Whose value stands when both sides changed the same field of one meeting.
    package enum Divergence: String, Hashable, Sendable, Codable, CaseIterable {
        case latestChange, loopBookingLeads, calendarLeads

        /// The side whose value stands; nil when it is the later change, on either.
        package var leading: Side? {
            switch self {
            case .latestChange: nil
            case .loopBookingLeads: .loopBooking
            case .calendarLeads: .calendar
            }
        }
    }

    /// What crosses.
    package enum Content: String, Hashable, Sendable, Codable, CaseIterable {
        case everything, busyWithOrganizer, busyOnly
    }

    /// What happens to new bookings while the link cannot read its calendar.
    package enum WhenBlind: String, Hashable, Sendable, Codable, CaseIterable { case hold, refuse }

    package var writing: WritingMode
    package var clash: Clash
    package var divergence: Divergence
    package var content: Content
    package var whenBlind: WhenBlind
    /// A reading that takes away more than this share of the coming meetings stops the link…
    package var massDeletionShare: Double
    /// …when it is at least this many.
    package var massDeletionMinimum: Int

    package init(
        writing: WritingMode = .direct, clash: Clash = .firstConfirmed, divergence: Divergence = .latestChange,
        content: Content = .everything, whenBlind: WhenBlind = .hold, massDeletionShare: Double = 0.3,
        massDeletionMinimum: Int = 5
    ) {
        self.writing = writing
        self.clash = clash
        self.divergence = divergence
        self.content = content
        self.whenBlind = whenBlind
        self.massDeletionShare = massDeletionShare
        self.massDeletionMinimum = massDeletionMinimum
    }
}

/// More of a link's coming meetings vanished at once than people cancel.
package struct MassDeletion: Hashable, Sendable, Codable {
    package var vanished: Int
    package var of: Int

    package init(vanished: Int, of: Int) {
        self.vanished = vanished
        self.of = of
    }

    /// Whether so many vanishing at once must be asked about.
    package static func suspected(vanished: Int, of total: Int, policy: LinkPolicy) -> MassDeletion? {
        guard vanished >= policy.massDeletionMinimum, Double(vanished) > policy.massDeletionShare * Double(total)
        else { return nil }
        return MassDeletion(vanished: vanished, of: total)
    }
}
