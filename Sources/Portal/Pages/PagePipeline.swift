import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SQLStore
import SyncEngine
import Vault

/// What every page goes through: who is it, in which language, may they, was the form ours; and afterwards the headers that
/// keep others out, and words for what went wrong.
struct PagePipeline: Sendable {
    let services: PortalServices
    let bodyLimit: Int

    private var sessions: SessionKeeper { SessionKeeper(services: services) }
    private var guarding: FormGuard { FormGuard(services: services) }

    func answer(_ route: PageRoute, _ request: Request, _ context: PortalContext) async -> Response {
        var cookies: [String] = []
        var response: Response
        do {
            let asked = try await prepared(request, context, cookies: &cookies)
            response = await answer(route, asked)
            if asked.notice != nil, response.status.kind == .successful {
                cookies.append(
                    Cookie.header(PageNotice.cookieName(services), "", seconds: 0, isSecure: services.isSecure))
            }
        } catch {
            log(error, context)
            response = plainProblem(request)
        }
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        harden(&response)
        return response
    }

    /// A page for an address that does not exist.
    func notFound(_ request: Request, _ context: PortalContext) async -> Response {
        await answer(
            PageRoute(.get, "", .anybody) { _ in throw Problem.notFound("") }, request, context)
    }

    private func answer(_ route: PageRoute, _ asked: PageRequest) async -> Response {
        do {
            if let refusal = try await refusal(route, asked) { return refusal }
            return try await route.handler(asked)
        } catch {
            let problem: PageProblem
            do { problem = try PageProblem(error, words: asked.words) } catch {
                log(error, asked.context)
                return asked.problemPage(.inside(asked.words))
            }
            return asked.problemPage(problem)
        }
    }

    /// What stands in the way of a page; nil when nothing does.
    private func refusal(_ route: PageRoute, _ asked: PageRequest) async throws -> Response? {
        if asked.request.method == .post {
            let needsSession = route.access != .anybody
            // The session ended while the form was filled in: sign in, and go on with what was typed.
            if needsSession, asked.visitor == nil { return asked.signInPage(keeping: asked.form) }
            guard
                guarding.accepts(
                    asked.form[FormGuard.fieldName], session: asked.visitor?.session, request: asked.request)
            else { return asked.problemPage(.formToken(asked.words)) }
        }
        switch route.access {
        case .anybody: return nil
        case .signedIn: return asked.visitor == nil ? asked.signInPage() : nil
        case .operators:
            guard let visitor = asked.visitor else { return asked.signInPage() }
            // To others the page does not exist.
            guard visitor.account.isOperator else { throw Problem.notFound("") }
            return nil
        case .member(let permission):
            guard let visitor = asked.visitor else { return asked.signInPage() }
            // Whether an organization exists is nobody's business but its members'.
            guard let membership = asked.membership else { throw Problem.notFound("") }
            // Operators are never kept out, so that a mistake in the settings can be mended.
            let mayEnter = membership.organization.settings.allows(signIn: visitor.session.method)
            guard mayEnter || visitor.account.isOperator else { return asked.otherSignInPage(membership.organization) }
            guard asked.permissions.contains(permission) else {
                throw Problem(.forbidden, code: "forbidden", title: "", detail: "")
            }
            return nil
        }
    }

    private func prepared(
        _ request: Request, _ context: PortalContext, cookies: inout [String]
    ) async throws -> PageRequest {
        let found = try await sessions.find(request)
        var visitor: Visitor?
        if let found {
            visitor = Visitor(
                account: found.account, session: found.session,
                memberships: try await services.store.memberships(of: found.account))
        }
        let asked = context.parameters.get("organization")?.removingPercentEncoding
        let membership = visitor?.memberships.first { $0.organization.id.rawValue == asked }
        let (token, cookie) = guarding.token(for: visitor?.session, request: request)
        if let cookie { cookies.append(cookie) }
        return PageRequest(
            request: request, context: context, services: services, visitor: visitor, membership: membership,
            words: WordBook.embedded[Preferences.language(of: visitor?.account, request)],
            theme: visitor?.account.theme ?? Preferences.theme(request), form: try await form(request),
            formToken: token, notice: PageNotice(request, services))
    }

    private func form(_ request: Request) async throws -> Form {
        guard request.method == .post else { return Form() }
        do {
            return Form(encoded: String(buffer: try await request.body.collect(upTo: bodyLimit)))
        } catch is NIOTooManyBytesError { throw Problem.tooLarge(limit: bodyLimit) }
    }

    private func harden(_ response: inout Response) {
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), microphone=(), geolocation=()"
        if services.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "private, no-store" }
    }

    /// When even the page's frame cannot be made: no database, or a body that is too large.
    private func plainProblem(_ request: Request) -> Response {
        let words = WordBook.embedded[Preferences.language(of: nil, request)]
        let text =
            "\(words["problem.inside"])\n\n\(words["problem.inside.detail"])\n\(words["problem.inside.remedy"])\n"
        return Response(
            status: .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private func log(_ error: any Error, _ context: PortalContext) {
        // Only the database's own errors are known to be free of what people wrote.
        let cause = (error as? SQLError).map { "\($0)" } ?? "\(type(of: error))"
        context.logger.error("page failed", metadata: ["error": "\(cause)"])
    }
}

extension PageRequest {
    func problemPage(_ problem: PageProblem) -> Response {
        var response = page(
            "problem", title: problem.title, status: problem.status, problem.values(requestID: context.requestID))
        for field in problem.headers { response.headers.append(field) }
        return response
    }
}
