import CalendarModel
import CalendarTime

/// Outlook's limits: 10,000 requests in ten minutes and four at a time, for each application and mailbox.
extension World {
    enum Admission: Sendable {
        /// The request may run; give the key back when it is done. nil: the limits do not apply to it.
        case admitted(GraphState.TrafficKey?)
        case refused(GraphReply)
    }

    /// Names a request for error bodies and reply headers.
    func graphTrace(clientRequestID: String?) -> GraphRequest.Trace {
        func hex(_ number: UInt64, _ width: Int) -> String {
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: max(0, width - digits.count)) + String(digits.suffix(width))
        }
        let high = graphRandom()
        let low = graphRandom()
        let id =
            "\(hex(high >> 32, 8))-\(hex(high >> 16 & 0xffff, 4))-4\(hex(high & 0xfff, 3))-"
            + "\(hex(low >> 48 & 0x3fff | 0x8000, 4))-\(hex(low & 0xffff_ffff_ffff, 12))"
        return GraphRequest.Trace(
            requestID: id, clientRequestID: clientRequestID ?? id,
            date: String(Timestamps.rfc3339(now()).dropLast()))
    }

    func graphRandom() -> UInt64 {
        var generator = graph.random ?? SeededGenerator(seed: settings.seed &+ 0x6772_6170_68)
        defer { graph.random = generator }
        return generator.next()
    }

    func admitGraph(_ request: GraphRequest) -> Admission {
        guard let key = trafficKey(request) else { return .admitted(nil) }
        var traffic = graph.traffic[key] ?? GraphState.Traffic()
        defer { graph.traffic[key] = traffic }
        let instant = now()
        let horizon = instant.advanced(by: .seconds(-600))
        while traffic.first < traffic.times.count, traffic.times[traffic.first] <= horizon { traffic.first += 1 }
        if traffic.first > 4096 {
            traffic.times.removeFirst(traffic.first)
            traffic.first = 0
        }
        // Requests that are refused count as well: who does not wait is not let in again.
        traffic.times.append(instant)
        let made = traffic.times.count - traffic.first
        if made > settings.requestsPerTenMinutes {
            let free = traffic.times[traffic.times.count - settings.requestsPerTenMinutes].advanced(by: .seconds(600))
            let seconds = max(1, Int(free.since(instant).inSeconds.rounded(.up)))
            return .refused(
                throttled(request, "ApplicationThrottled", "Application is over its request limit.", seconds))
        }
        guard traffic.underWay < settings.concurrentRequestsPerMailbox else {
            return .refused(
                throttled(
                    request, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.", 1))
        }
        traffic.underWay += 1
        return .admitted(key)
    }

    func releaseGraph(_ key: GraphState.TrafficKey?) {
        guard let key else { return }
        graph.traffic[key]?.underWay -= 1
    }

    private func throttled(_ request: GraphRequest, _ code: String, _ message: String, _ seconds: Int) -> GraphReply {
        let error = GraphError(status: 429, code: code, message: message)
        return GraphReply(
            status: 429, body: error.body(request.trace),
            headers: [GraphHeader(name: "Retry-After", value: String(seconds))])
    }

    /// Only requests about a mailbox are counted, and only those of a caller who is known.
    private func trafficKey(_ request: GraphRequest) -> GraphState.TrafficKey? {
        guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer "),
            case .valid(let caller) = caller(bearer: String(header.dropFirst(7)).trimmed)
        else { return nil }
        let name: String?
        switch request.segment(0)?.lowercased() {
        case "me" where request.segments.count > 1: name = caller.userPrincipalName
        case "users" where request.segments.count > 2: name = request.segment(1)
        default: name = nil
        }
        guard let name else { return nil }
        let address =
            room(at: name, tenantID: caller.tenantID)?.address
            ?? user(name, tenantID: caller.tenantID)?.principalName ?? name
        return GraphState.TrafficKey(clientID: caller.clientID, mailbox: address.lowercased())
    }
}
