import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// The queue of passes and open writes as people see it.
package struct QueueView: Encodable, Sendable {
    package struct Link: Encodable, Sendable {
        package var link: String
        package var title: String
        /// `leased`, `due`, `waiting` or `resting`.
        package var standing: String
        package var dueAt: String?
        package var leasedUntil: String?
        package var failures: Int
        package var failure: Diagnosis?
    }

    package struct Intent: Encodable, Sendable {
        package var link: String
        package var title: String
        package var action: String
        package var subject: String
        package var attempts: Int
        package var since: String
        package var reason: String
    }

    package var links: [Link]
    package var intents: [Intent]

    package init(_ queue: SyncQueue) {
        links = queue.links.map { link in
            Link(
                link: link.link.rawValue, title: link.title, standing: link.standing.rawValue,
                dueAt: link.dueAt.map { Timestamps.rfc3339($0) },
                leasedUntil: link.leasedUntil.map { Timestamps.rfc3339($0) }, failures: link.failures,
                failure: link.failure)
        }
        intents = queue.intents.map { intent in
            Intent(
                link: intent.link.rawValue, title: intent.title, action: intent.action, subject: intent.subject,
                attempts: intent.attempts, since: Timestamps.rfc3339(intent.since), reason: intent.reason)
        }
    }
}
