/// The schedule of faults: rules, tried in order, and the generator that draws.
package actor FaultPlan {
    package struct Rule: Sendable, Codable {
        package var fault: Fault
        /// Between 0 and 1.
        package var probability: Double
        package var method: String?
        /// A part of the path and query.
        package var path: String?
        /// How often at most.
        package var limit: Int?

        package init(
            _ fault: Fault, probability: Double = 1, method: String? = nil, path: String? = nil, limit: Int? = nil
        ) {
            self.fault = fault
            self.probability = probability
            self.method = method
            self.path = path
            self.limit = limit
        }

        private enum CodingKeys: String, CodingKey {
            case kind, probability, method, path, limit, retryAfter, milliseconds, status, code
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            fault = try Fault(from: decoder)
            probability = try container.decodeIfPresent(Double.self, forKey: .probability) ?? 1
            method = try container.decodeIfPresent(String.self, forKey: .method)
            path = try container.decodeIfPresent(String.self, forKey: .path)
            limit = try container.decodeIfPresent(Int.self, forKey: .limit)
        }

        package func encode(to encoder: any Encoder) throws {
            try fault.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(probability, forKey: .probability)
            try container.encodeIfPresent(method, forKey: .method)
            try container.encodeIfPresent(path, forKey: .path)
            try container.encodeIfPresent(limit, forKey: .limit)
        }
    }

    package struct Schedule: Sendable, Codable {
        package var seed: UInt64?
        package var rules: [Rule]

        package init(seed: UInt64? = nil, rules: [Rule]) {
            self.seed = seed
            self.rules = rules
        }
    }

    private var rules: [Rule] = []
    private var hits: [Int] = []
    private var random = SeededGenerator(seed: 1)

    package init() {}

    /// Replaces the schedule; draws start anew from its seed.
    package func set(_ schedule: Schedule) {
        rules = schedule.rules
        hits = Array(repeating: 0, count: rules.count)
        random = SeededGenerator(seed: schedule.seed ?? 1)
    }

    package func clear() { set(Schedule(rules: [])) }

    /// The rules in force, and how often each has hit.
    package func state() -> [(rule: Rule, hits: Int)] { Array(zip(rules, hits)) }

    /// The fault for a request: its header's, otherwise the first rule's that applies and hits.
    func fault(for target: FaultTarget, header: String?) -> Fault? {
        if let header, let fault = Fault(header: header) { return fault.applies(to: target) ? settled(fault) : nil }
        for (index, rule) in rules.enumerated() where matches(rule, target) {
            if let limit = rule.limit, hits[index] >= limit { continue }
            guard Double.random(in: 0..<1, using: &random) < rule.probability else { continue }
            hits[index] += 1
            return settled(rule.fault)
        }
        return nil
    }

    private func matches(_ rule: Rule, _ target: FaultTarget) -> Bool {
        guard rule.fault.applies(to: target) else { return false }
        if let method = rule.method, method.uppercased() != target.method.uppercased() { return false }
        if let path = rule.path, !target.path.contains(path) { return false }
        return true
    }

    /// The fault with its open choices drawn.
    private func settled(_ fault: Fault) -> Fault {
        var fault = fault
        if fault.kind == .serverError, fault.status == nil {
            fault.status = [500, 502, 503, 504].randomElement(using: &random)
        }
        return fault
    }
}
