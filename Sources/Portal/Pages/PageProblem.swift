import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// What a page says when something is wrong: what happened, what it means, what to do next.
struct PageProblem: Sendable {
    var status: HTTPResponse.Status
    var title: String
    var detail: String
    var remedy: String?
    /// The vendor's own code, for those who look it up.
    var vendorCode: String?
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, title: String, detail: String, remedy: String? = nil) {
        self.status = status
        self.title = title
        self.detail = detail
        self.remedy = remedy
    }

    /// - Throws: the error itself when it is none that people can do something about.
    init(_ error: any Error, words: Words) throws {
        switch error {
        case let problem as Problem:
            self.init(problem, words)
        case let error as AccessError:
            self.init(error, words: words)
        case let error as DeskError:
            self.init(Problem(error), words)
        case let error as any DiagnosedError:
            let diagnosis = error.diagnosis
            let phrases = [diagnosis.summary, diagnosis.consequence, diagnosis.remedy].map {
                PhraseBook.embedded.phrase($0, in: words.language).text
            }
            self.init(
                .conflict, title: words["problem.vendor"], detail: "\(phrases[0]) \(phrases[1])", remedy: phrases[2])
            vendorCode = diagnosis.vendorCode
        case is LinkIsBusy:
            self.init(
                .conflict, title: words["problem.busy"], detail: words["problem.busy.detail"],
                remedy: words["problem.busy.remedy"])
        case let error as HTTPError where error.status == .notFound:
            self.init(Problem.notFound(""), words)
        default: throw error
        }
    }

    private init(_ problem: Problem, _ words: Words) {
        switch problem.status {
        case .notFound:
            self.init(
                .notFound, title: words["problem.notFound"], detail: words["problem.notFound.detail"],
                remedy: words["problem.notFound.remedy"])
        case .forbidden:
            self.init(
                .forbidden, title: words["problem.forbidden"], detail: words["problem.forbidden.detail"],
                remedy: words["problem.forbidden.remedy"])
        default:
            let errors = problem.errors.map(\.message).joined(separator: " ")
            self.init(problem.status, title: problem.title, detail: errors.isEmpty ? problem.detail : errors)
        }
        headers = problem.headers
    }

    static func formToken(_ words: Words) -> PageProblem {
        PageProblem(
            .forbidden, title: words["problem.formToken"], detail: words["problem.formToken.detail"],
            remedy: words["problem.formToken.remedy"])
    }

    static func inside(_ words: Words) -> PageProblem {
        PageProblem(
            .internalServerError, title: words["problem.inside"], detail: words["problem.inside.detail"],
            remedy: words["problem.inside.remedy"])
    }

    func values(requestID: String) -> [String: JSONValue] {
        [
            "problem": [
                "title": .string(title), "detail": .string(detail), "remedy": .optional(remedy),
                "vendorCode": .optional(vendorCode), "reference": .string(requestID),
                "isInside": .bool(status.code >= 500),
            ]
        ]
    }
}
