import CalendarModel
import HTTPTransport
import Testing

@Suite("Failed calls are made again, with care") struct RetryTests {
    private let policy = RetryPolicy(
        attempts: 4, base: .milliseconds(500), longestBackOff: .seconds(20), longestWait: .seconds(60))

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func `A passing status is tried again`(_ status: Int) {
        #expect(
            policy.decision(afterAttempt: 1, failure: .status(status), isRepeatable: true, random: 0)
                == .wait(.milliseconds(250)))
    }

    @Test(arguments: [400, 401, 403, 404, 409, 410, 412, 501, 507, 509])
    func `Any other status is not`(_ status: Int) {
        #expect(
            policy.decision(afterAttempt: 1, failure: .status(status), isRepeatable: true, random: 0.5) == .giveUp)
    }

    @Test func `What must not be done twice is repeated only when it certainly was not done`() {
        func decision(_ failure: RetryPolicy.Failure) -> RetryPolicy.Decision {
            policy.decision(afterAttempt: 1, failure: failure, isRepeatable: false, random: 0)
        }
        #expect(decision(.effectUnknown) == .giveUp)
        #expect(decision(.status(503)) == .giveUp)
        #expect(decision(.status(504)) == .giveUp)
        #expect(decision(.noEffect) == .wait(.milliseconds(250)))
        #expect(decision(.status(429)) == .wait(.milliseconds(250)))
    }

    @Test func `It ends`() {
        #expect(policy.decision(afterAttempt: 4, failure: .noEffect, isRepeatable: true, random: 0) == .giveUp)
    }

    @Test func `The back-off doubles, is spread, and has a limit`() {
        func wait(_ attempt: Int, _ random: Double) -> RetryPolicy.Decision {
            RetryPolicy(attempts: 100).decision(
                afterAttempt: attempt, failure: .noEffect, isRepeatable: true, random: random)
        }
        #expect(wait(2, 0) == .wait(.milliseconds(500)))
        #expect(wait(3, 0) == .wait(.seconds(1)))
        #expect(wait(3, 0.5) == .wait(.milliseconds(1500)))
        #expect(wait(60, 0) == .wait(.seconds(10)))
    }

    @Test func `The vendor's wait is obeyed, and too long a one is left to the queue`() {
        func decision(_ retryAfter: Duration) -> RetryPolicy.Decision {
            policy.decision(
                afterAttempt: 1, failure: .status(429), isRepeatable: true, retryAfter: retryAfter, random: 0)
        }
        #expect(decision(.seconds(7)) == .wait(.seconds(7)))
        #expect(decision(.zero) == .wait(.milliseconds(250)))
        #expect(decision(.seconds(61)) == .giveUp)
    }

    @Test(
        arguments: [
            ("120", 120_000), (" 3 ", 3000), ("2.128", 2128), ("0.0001", 1), ("0", 0), ("-5", 0),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10_000), ("Sunday, 06-Nov-94 08:49:47 GMT", 10_000),
            ("Sun Nov  6 08:49:47 1994", 10_000), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ] as [(String, Int)])
    func `Retry-After is read in all its forms`(_ text: String, _ milliseconds: Int) {
        // 1994-11-06T08:49:37Z
        let now = Instant(seconds: 784_111_777)
        #expect(RetryAfter.parse(text, now: now) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "soon", "Sun, 31 Feb 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:47 CET", "nan", "1e30"])
    func `Nonsense is no Retry-After`(_ text: String) {
        #expect(RetryAfter.parse(text, now: Instant(seconds: 784_111_777)) == nil)
    }
}
