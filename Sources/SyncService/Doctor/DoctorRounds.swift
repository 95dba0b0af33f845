import CalendarModel
import Logging
import SQLStore
import ServiceLifecycle
import SyncEngine

/// Sends the doctor round: to each organization once a night, and soon when a link fails in a way that a person must mend,
/// or works again. And brings the news to people.
package struct DoctorRounds: Service {
    package struct Settings: Sendable {
        /// Nil: only when somebody asks.
        package var nightly: NightlyCheck?
        /// How often it is looked whether there is something to do.
        package var lookAround: Duration
        /// A link that failed this often in a row is a trouble.
        package var failures: Int
        /// Troubles that come and go are looked at this often at most.
        package var pause: Duration

        package init(
            nightly: NightlyCheck? = NightlyCheck(hour: 5, spread: .seconds(3600)),
            lookAround: Duration = .seconds(20), failures: Int = 2, pause: Duration = .seconds(600)
        ) {
            self.nightly = nightly
            self.lookAround = lookAround
            self.failures = failures
            self.pause = pause
        }
    }

    private let doctor: Doctor
    private let store: Store
    private let notifier: (any Notifier)?
    private let settings: Settings
    private let surroundings: SyncWorker.Surroundings
    private let logger: Logger

    package init(
        doctor: Doctor, store: Store, notifier: (any Notifier)? = nil, settings: Settings = Settings(),
        surroundings: SyncWorker.Surroundings, logger: Logger
    ) {
        self.doctor = doctor
        self.store = store
        self.notifier = notifier
        self.settings = settings
        self.surroundings = surroundings
        self.logger = logger
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round()
                do { try await surroundings.sleep(settings.lookAround) } catch is CancellationError { return }
            }
        }
    }

    /// Everything that there is to do now. One organization's failure stops no other.
    package func round() async {
        do {
            for organization in try await store.organizations() {
                do { try await visit(organization.id) } catch {
                    logger.error(
                        "The doctor could not visit an organization",
                        metadata: ["organization": "\(organization.id)", "error": "\(error)"])
                }
            }
        } catch {
            logger.error("The organizations could not be read", metadata: ["error": "\(error)"])
        }
        await deliver()
    }

    // MARK: Visits

    private func visit(_ organization: OrganizationID) async throws {
        // Before anything is set up, nothing is missed.
        guard try await !store.connections(of: organization).isEmpty else { return }
        let links = try await store.links(of: organization)
        let now = surroundings.now()
        let known = try await store.nextDoctorTurn(of: organization)
        if known.map({ $0 <= now }) ?? true {
            let zone = links.first?.link.roomZone ?? .utc
            let next = settings.nightly?.next(after: now, in: zone, chance: surroundings.chance()) ?? .distantFuture
            let isTaken = try await store.takeDoctorTurn(of: organization, now: now, next: next)
            // Without a schedule only the place for troubles is made.
            if isTaken, settings.nightly != nil { try await doctor.examine(organization, .scheduled) }
        }
        let troubles = Self.troubles(of: links, failures: settings.failures)
        let isNews = try await store.takeDoctorTurn(
            of: organization, troubles: troubles, now: now, pause: settings.pause)
        if isNews { try await doctor.examine(organization, .failure) }
    }

    /// What is wrong with links and does not pass by itself, as one text.
    private static func troubles(of links: [LinkRecord], failures: Int) -> String {
        links.compactMap { record -> String? in
            guard record.link.state == .active, record.failures >= failures, let report = record.lastPass,
                let failure = report.failure, report.failureKind.map(needsPerson) ?? (failure.step != nil)
            else { return nil }
            return "\(record.link.id) \(failure.code)"
        }.sorted().joined(separator: "\n")
    }

    private static func needsPerson(_ kind: ConnectorError.Kind) -> Bool {
        switch kind {
        case .unauthorized, .forbidden, .rejected, .protocolViolation, .notFound: true
        case .preconditionFailed, .conflict, .throttled, .cursorExpired, .transient, .outcomeUnknown, .cancelled: false
        }
    }

    // MARK: Messages

    private func deliver() async {
        guard let notifier else { return }
        do {
            for notice in try await store.takeDueNotices(now: surroundings.now(), patience: .seconds(300)) {
                let message = try StoredJSON.value(Notification.self, from: notice.content, column: "content")
                do {
                    try await notifier.notify(message)
                    try await store.noticeSent(notice.id, at: surroundings.now())
                } catch {
                    let wait = min(Duration.seconds(60) * (1 << min(notice.attempts - 1, 6)), .seconds(3600))
                    logger.error(
                        "A message could not be sent", metadata: ["notice": "\(notice.id)", "error": "\(error)"])
                    try await store.noticeFailed(
                        notice.id, failure: "\(error)", next: surroundings.now().advanced(by: wait))
                }
            }
        } catch {
            logger.error("Messages could not be sent", metadata: ["error": "\(error)"])
        }
    }
}
