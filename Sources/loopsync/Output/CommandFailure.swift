import ArgumentParser
import CalendarTime
import GraphConnector
import HTTPTransport
import LoopBooking
import Mail
import SQLStore
import SyncEngine
import SyncService
import Vault

/// What a command says when it cannot do what was asked: what happened, what it means, what to do next.
struct CommandFailure: DiagnosedError {
    var diagnosis: Diagnosis
    var exit: ExitCode

    init(_ diagnosis: Diagnosis, exit: ExitCode = ExitCode(1)) {
        self.diagnosis = diagnosis
        self.exit = exit
    }

    init(_ code: String, _ summary: String, remedy: String, consequence: String = "Nothing was changed.") {
        self.init(Diagnosis(code: code, summary: summary, consequence: consequence, remedy: remedy))
    }

    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ConnectorError:
            // Trying again helps with passing faults only; everything else wants a person.
            self.init(error.diagnosis, exit: ExitCode(error.isPassing ? 1 : 3))
        case let error as MigrationError:
            self.init("database.schema", error.description, remedy: "See above.")
        case let error as VaultError:
            self.init(
                "vault", error.description, remedy: "Set LOOPSYNC_VAULT_KEY or --vault-key-file to the right key.")
        case let error as LinkError:
            switch error {
            case .roomLinked(let other):
                self.init(
                    "link.roomLinked", "The room is linked to \(other) already.",
                    remedy: "A room has one mirror. See `loopsync link list`, and choose another room.")
            case .resourceLinked(let other):
                self.init(
                    "link.resourceLinked", "The resource is linked to the room \(other) already.",
                    remedy: "A resource mirrors one room. See `loopsync link list`, and choose another resource.")
            }
        case let error as ConnectionError:
            switch error {
            case .nameTaken(let name):
                self.init(
                    "connection.nameTaken", "There is a connection named \(name) already.",
                    remedy: "Choose another --name.")
            }
        case let error as TokenError:
            switch error {
            case .nameTaken(let name):
                self.init(
                    "token.nameTaken", "There is a token named \(name) already.", remedy: "Choose another --name.")
            case .noSuchToken(let name):
                self.init("token.unknown", "There is no token named \(name).", remedy: "See `loopsync token list`.")
            }
        case let error as ClashError: self.init(error.diagnosis)
        case let error as MailError: self.init(Diagnosis(error), exit: ExitCode(error.isPassing ? 1 : 3))
        case let error as LinkDeskError: self.init(error.diagnosis)
        case is LinkIsBusy:
            self.init(
                "link.busy", "The service is working on this link.", remedy: "Try again in a minute.")
        case let error as BookingError:
            self.init(Diagnosis(error))
        case let error as DeskError: self.init(error)
        case let error as SQLError:
            self.init(
                "database", "The database did not do what was asked: \(error)",
                remedy: "Check that the file can be written and the disk is not full.")
        case let error as TimeError: self.init("time", error.description, remedy: "Correct it and try again.")
        default:
            self.init(
                "unexpected", "Something unexpected happened: \(error)",
                remedy: "Please report it with this message.", consequence: "")
        }
    }

    private init(_ error: DeskError) {
        switch error {
        case .rulesBroken(let violations):
            self.init(
                violations.first?.code ?? "rules",
                violations.map { "\($0.field): \($0.message)" }.joined(separator: "\n"),
                remedy: "Correct it and try again.")
        case .roomNameTaken(let name):
            self.init("room.nameTaken", "There is a room named \(name) already.", remedy: "Choose another name.")
        case .roomInUse(let why): self.init("room.inUse", why, remedy: "See above.")
        case .noSuchRoom(let id):
            self.init("room.unknown", "There is no room \(id).", remedy: "See `loopsync room list`.")
        case .noSuchBooking(let id):
            self.init(
                "booking.unknown", "There is no booking \(id).",
                remedy: "Take the id from the booking's page or from GET /api/v1/bookings.")
        case .noSuchOccurrence(let original):
            self.init(
                "occurrence.unknown", "The series has no occurrence at \(original).",
                remedy: "See GET /api/v1/bookings/{id}/occurrences.")
        case .occurrencesTaken(let taken):
            self.init(
                "slotTaken", "The room is taken for \(taken.count) of \(taken.of) occurrences.",
                remedy: "Choose another time, or leave these out.")
        case .slotTaken: self.init("slotTaken", "Another booking holds the room then.", remedy: "Choose another time.")
        case .changed, .closed, .notCertain, .requestKeyReused, .notASeries, .occurrenceCancelled:
            self.init("conflict", "\(error)", remedy: "Look at it again.")
        }
    }

    /// For people.
    var text: String {
        var lines = ["error: \(diagnosis.summary)"]
        if !diagnosis.consequence.isEmpty { lines.append("  what it means: \(diagnosis.consequence)") }
        lines.append("  what to do:    \(diagnosis.remedy)")
        if let step = diagnosis.step { lines.append("  manual step:   \(step.title)") }
        if let code = diagnosis.vendorCode { lines.append("  vendor's code: \(code)") }
        if let reference = diagnosis.reference { lines.append("  reference:     \(reference)") }
        return lines.joined(separator: "\n")
    }
}

extension Diagnosis {
    init(_ error: MailError) {
        self.init(
            code: error.code, summary: error.summary, consequence: error.consequence, remedy: error.remedy,
            vendorCode: error.replyCode.map { "SMTP \($0)" })
    }
}

struct FailureJSON: Encodable {
    var error: Diagnosis
}
