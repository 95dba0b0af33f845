import HTTPTypes

/// Why something about people or tokens was not done, as the REST API answers it.
extension Problem {
    init(_ error: AccessError) {
        switch error {
        case .noSuchMember: self = .notFound("There is no such member of your organization.")
        case .noSuchInvitation: self = .notFound("There is no such open invitation.")
        case .noSuchToken: self = .notFound("There is no such token of your organization.")
        case .alreadyMember(let email):
            self.init(
                .conflict, code: "already-member", title: "Already a member",
                detail: "\(email) is a member of the organization. Change the member's role instead.")
        case .lastAdministrator(let email):
            self.init(
                .conflict, code: "last-administrator", title: "The last administrator",
                detail: "\(email) is the only administrator. Make somebody else an administrator first.")
        case .tokenNameTaken(let name):
            self.init(
                .conflict, code: "token-name-taken", title: "The name is taken",
                detail: "There is a token named \(name). Take another name, or revoke that token first.")
        }
    }
}

/// The same as pages say it.
extension PageProblem {
    init(_ error: AccessError, words: Words) {
        switch error {
        case .noSuchMember, .noSuchInvitation, .noSuchToken:
            self.init(
                .notFound, title: words["problem.notFound"], detail: words["problem.notFound.detail"],
                remedy: words["problem.notFound.remedy"])
        case .alreadyMember(let email):
            self.init(
                .conflict, title: words["members.already"], detail: words("members.already.detail", ["email": email]))
        case .lastAdministrator(let email):
            self.init(
                .conflict, title: words["members.last"], detail: words("members.last.detail", ["email": email]),
                remedy: words["members.last.remedy"])
        case .tokenNameTaken(let name):
            self.init(.conflict, title: words["tokens.taken"], detail: words("tokens.taken.detail", ["name": name]))
        }
    }
}
