import Foundation
import HTTPTransport
import SyncEngine

/// Turns what Graph answers into the port's errors. The message of the reply is never passed on: it may quote a
/// meeting.
enum GraphDiagnosis {
    static func error(
        status: Int, body: Data, operation: String, retryAfter: Duration?, requestID: String?, subject: String
    ) -> ConnectorError {
        let vendor = try? JSONDecoder().decode(GraphErrorBody.self, from: body)
        let row = GraphFaultRow.row(status: status, code: vendor?.code ?? "")
        let reference = (requestID ?? vendor?.requestID).map { "request \($0)" }
        let vendorCode = vendor.map(\.code).flatMap { $0.isEmpty ? nil : $0 } ?? "HTTP \(status)"
        return ConnectorError(
            row.kind, operation: operation, retryAfter: retryAfter,
            diagnosis: Diagnosis(
                code: row.code, summary: subject.isEmpty ? row.summary : "\(subject): \(row.summary)",
                consequence: row.consequence, remedy: row.remedy, step: row.step, vendorCode: vendorCode,
                reference: reference))
    }

    static func error(
        for lost: TransportError, operation: String, configuration: GraphConfiguration
    ) -> ConnectorError {
        let host = URLComponents(string: configuration.graphURL)?.host ?? configuration.graphURL
        return ConnectorError(
            lost.isInvalidCall ? .rejected : .transient, operation: operation,
            diagnosis: NetworkDiagnosis.diagnosis(for: lost, host: host))
    }

    static func unreadableAnswer(from whom: String) -> Diagnosis {
        Diagnosis(
            code: "microsoft.unreadable", summary: "The answer of \(whom) makes no sense.",
            consequence: "What was asked for is not done or not known.",
            remedy: "Check the connection's addresses. If they are right, tell LoopBooking's support.")
    }

    static let linkElsewhere = Diagnosis(
        code: "microsoft.linkElsewhere", summary: "Microsoft Graph pointed to another host, which was not followed.",
        consequence: "The room cannot be read.",
        remedy: "Check the connection's Graph address and any proxy that rewrites answers.", step: .enterCredentials)

    static let cancelled = Diagnosis(
        code: "cancelled", summary: "The work was stopped before it ended.",
        consequence: "It is taken up again later.", remedy: "Nothing to do.")

    static let noInviteMode = Diagnosis(
        code: "microsoft.invite.noMailbox", summary: "The connection has no service account that could invite.",
        consequence: "Meetings of this link cannot be written.",
        remedy: "Let the link write directly, or name the service account in the connection.",
        step: .createServiceAccount)

    static let noEvent = Diagnosis(
        code: "microsoft.event.unnamed", summary: "The write names no event.",
        consequence: "Only this one meeting is affected.", remedy: "Read the room as a whole again.")

    static let overlapNotRead = Diagnosis(
        code: "microsoft.overlap.unknown",
        summary: "The event was written, but whether the room was free could not be read.",
        consequence: "The meeting may clash with another one until the room is read again.",
        remedy: "Nothing to do: it is looked up again.")

    static func unreadableEvent(_ reason: String) -> Diagnosis {
        Diagnosis(
            code: "microsoft.event.unreadable", summary: "An event cannot be read: \(reason).",
            consequence: "Only this one meeting is affected.",
            remedy: "Open the meeting in Outlook and save its times again.")
    }

    static func gone(_ operation: String, _ subject: String) -> ConnectorError {
        error(
            status: 404, body: Data(), operation: operation, retryAfter: nil, requestID: nil, subject: subject)
    }

    static func changed(_ operation: String, _ subject: String) -> ConnectorError {
        error(
            status: 412, body: Data(), operation: operation, retryAfter: nil, requestID: nil, subject: subject)
    }

    /// The catalogue's name for an occurrence that may not go where it is wanted.
    static let crossingCode = "microsoft.event.occurrenceCrossing"

    static let seriesNotAsWanted = Diagnosis(
        code: "microsoft.series.notAsWanted", summary: "Microsoft keeps changing the series to something else.",
        consequence: "The series in the calendar differs from the booking in some occurrences.",
        remedy: "Compare both in the room's list of differences, and change the ones that differ in Outlook.")

    static let noProposal = Diagnosis(
        code: "microsoft.propose.refused",
        summary: "Microsoft does not pass on the proposal of another time.",
        consequence: "The organizer has not been told. The meeting stays as it is.",
        remedy: "The organizer may have switched proposals off for this meeting: tell the organizer in person.")
}

extension ConnectorError {
    static func inexpressible(_ reason: InexpressibleSeries, _ operation: String) -> ConnectorError {
        ConnectorError(
            .rejected, operation: operation,
            diagnosis: Diagnosis(
                code: "microsoft.series.inexpressible",
                summary: "Outlook cannot hold this series as one: \(reason.rawValue).",
                consequence: "Only this one meeting is affected.",
                remedy: "Change the series so that Outlook can hold it, or let it be written as single meetings."))
    }
}
