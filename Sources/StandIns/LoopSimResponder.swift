import CalendarModel
import CalendarTime
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What a request comes with, its connection included: a fault may have to cut it.
struct LoopSimContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// What the routes are given.
    var basic: BasicRequestContext {
        BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    }
}

/// Stands before all routes: logs every request, injects faults, checks schemas.
struct LoopSimResponder: HTTPResponder {
    typealias Context = LoopSimContext

    let sim: LoopSim
    let routes: RouterResponder<BasicRequestContext>
    let organization: OrganizationRoute

    private static let maximumBody = 32 << 20

    func respond(to request: Request, context: LoopSimContext) async throws -> Response {
        let path = request.head.path ?? "/"
        guard !path.hasPrefix("/control/") else {
            return try await routes.respond(to: request, context: context.basic)
        }
        var request = request
        let body = try await request.collectBody(upTo: Self.maximumBody)
        var exchange = Exchange(
            method: request.method.rawValue, path: path, startedAt: sim.world.now(),
            requestBody: Data(body.readableBytesView), isGraph: path.hasPrefix("/v1.0/"))
        exchange.requestHeaders = request.headers
        let target = FaultTarget(method: exchange.method, path: path)
        let fault: Fault? =
            if let target {
                await sim.faults.fault(for: target, header: request.header("x-loopsim-fault"))
            } else { nil }
        exchange.fault = fault
        if let fault, let target, let early = try await earlyAnswer(fault, target: target, request: request) {
            return try await finish(exchange, response: early, context: context)
        }
        if fault?.kind == .cutBefore { return try await cut(exchange, context: context) }
        if fault?.kind == .slow {
            try await sim.options.sleep(.milliseconds(fault?.milliseconds ?? 2000))
        }
        var response = try await route(request, path: path, context: context)
        if fault?.kind == .cutAfter { return try await cut(exchange, context: context) }
        if exchange.isGraph {
            let buffer = try await response.collectBody()
            exchange.replyBody = Data(buffer.readableBytesView)
            response.body = ResponseBody(byteBuffer: buffer)
        }
        return try await finish(exchange, response: response, context: context)
    }

    private func route(_ request: Request, path: String, context: LoopSimContext) async throws -> Response {
        let logger = context.logger
        let context = context.basic
        do {
            if let reply = try await organization.respond(to: request) { return reply }
            return try await routes.respond(to: request, context: context)
        } catch {
            logger.error("A request failed in loopsim itself.", metadata: ["error": "\(error)"])
            let reply = FaultReply(
                requestID: await sim.world.newGUID(), clientRequestID: nil, at: sim.world.now())
            return try Response.json(
                .graphError(
                    code: "UnknownError", message: "loopsim failed: \(error)", requestID: reply.requestID,
                    clientRequestID: nil, at: reply.at),
                status: .internalServerError)
        }
    }

    private func earlyAnswer(_ fault: Fault, target: FaultTarget, request: Request) async throws -> Response? {
        try FaultReply(
            requestID: await sim.world.newGUID(), clientRequestID: request.header("client-request-id"),
            at: sim.world.now()
        ).response(to: fault, target: target)
    }

    /// Closes the connection without a word.
    private func cut(_ exchange: Exchange, context: LoopSimContext) async throws -> Response {
        _ = try await record(exchange, status: 0)
        try? await context.channel.close(mode: .all)
        return Response(status: .internalServerError)
    }

    private func finish(
        _ exchange: Exchange, response: Response, context: LoopSimContext
    ) async throws -> Response {
        let entry = try await record(exchange, status: response.status.code)
        if exchange.isGraph, exchange.fault.map({ $0.kind == .slow }) ?? true {
            await sim.schema?.check(exchange, status: response.status.code, number: entry.number)
        }
        return response
    }

    private func record(_ exchange: Exchange, status: Int) async throws -> RequestLog.Entry {
        let ended = sim.world.now()
        let client = await client(of: exchange)
        let entry = await sim.requests.append { number in
            RequestLog.Entry(
                number: number, at: Timestamps.rfc3339(exchange.startedAt, fractionDigits: 3),
                method: exchange.method, path: exchange.path, status: status, mailbox: exchange.mailbox,
                client: client, fault: exchange.fault?.kind.rawValue,
                milliseconds: Int(ended.since(exchange.startedAt).wholeMicroseconds / 1000),
                batched: exchange.batchSize)
        }
        if exchange.isGraph, let wireLog = sim.wireLog {
            try await wireLog.write(exchange.wireLine(entry))
        }
        return entry
    }

    private func client(of exchange: Exchange) async -> String? {
        guard let token = exchange.bearerToken, case .valid(let caller) = await sim.world.caller(bearer: token) else {
            return nil
        }
        return caller.clientID
    }
}
