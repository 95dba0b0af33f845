import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import StandIns
import Testing

@Suite("Importing iCalendar files into a mailbox")
struct CalendarImportTests {
    private static let path = "/control/v1/mailboxes/oslo@contoso.example/import?timeZone=Europe/Oslo"

    private func calendar(_ events: String...) -> String {
        let all = events.map { "BEGIN:VEVENT\nSUMMARY:Standup\n\($0)\nEND:VEVENT\n" }.joined()
        return "BEGIN:VCALENDAR\nVERSION:2.0\n\(all)END:VCALENDAR\n"
    }

    private func importing(_ text: String, _ client: SimClient, to path: String = path) async throws -> JSONDocument {
        try await client.client.execute(uri: path, method: .post, body: ByteBuffer(string: text)) { response in
            try JSONDocument(parsing: Data(String(buffer: response.body).utf8))
        }
    }

    private func view(_ client: SimClient, _ query: String) async throws -> [JSONDocument] {
        let token = try #require(try await client.token().json["access_token"]?.string)
        let reply = try await client.get(
            "/v1.0/users/oslo%40contoso.example/calendarView?$top=100&\(query)", bearer: token)
        return reply.json["value"]?.array ?? []
    }

    private let spring = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z"

    @Test("A series with a pattern is one item, with what differs from it")
    func series() async throws {
        let text = calendar(
            """
            UID:a
            DTSTART;TZID=Europe/Oslo:20260302T100000
            DTEND;TZID=Europe/Oslo:20260302T103000
            RRULE:FREQ=WEEKLY;COUNT=6
            EXDATE;TZID=Europe/Oslo:20260309T100000
            """,
            """
            UID:a
            RECURRENCE-ID;TZID=Europe/Oslo:20260316T100000
            DTSTART;TZID=Europe/Oslo:20260317T120000
            DTEND;TZID=Europe/Oslo:20260317T130000
            """)
        try await SimFixture().run { client in
            let outcome = try await importing(text, client)
            #expect(outcome["series"] == 1 && outcome["events"] == 1)
            let starts = try await view(client, spring).compactMap { $0["start"]?["dateTime"]?.string?.prefix(16) }
            #expect(
                starts == [
                    "2026-03-02T09:00", "2026-03-17T11:00", "2026-03-23T09:00", "2026-03-30T08:00", "2026-04-06T08:00",
                ])
        }
    }

    @Test("What Exchange has no pattern for becomes single events")
    func expanded() async throws {
        let text = calendar(
            "UID:a\nDTSTART:20260302T100000\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYYEARDAY=61,70;COUNT=2",
            "UID:b\nDTSTART:20260303T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\nRDATE:20260310T120000",
            "UID:c\nDTSTART:20260304T150000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=2")
        try await SimFixture().run { client in
            let outcome = try await importing(text, client)
            #expect(outcome["expandedSeries"] == 3 && outcome["series"] == 0)
            let events = try await view(client, spring)
            #expect(events.count == 2 + 3 + 3)
            #expect(events.allSatisfy { $0["type"] == "singleInstance" })
        }
    }

    @Test("An occurrence moved past its neighbour is a single event beside the series")
    func crossing() async throws {
        let text = calendar(
            "UID:a\nDTSTART:20260302T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3",
            "UID:a\nRECURRENCE-ID:20260303T100000\nDTSTART:20260320T100000\nDURATION:PT1H")
        try await SimFixture().run { client in
            #expect(try await importing(text, client)["events"] == 2)
            let starts = try await view(client, spring).compactMap { $0["start"]?["dateTime"]?.string?.prefix(10) }
            #expect(starts == ["2026-03-02", "2026-03-04", "2026-03-20"])
        }
    }

    @Test("Bad files, mailboxes and zones are refused in words")
    func refusals() async throws {
        try await SimFixture().run { client in
            let file = try await importing("hello", client)
            #expect(file["error"]?["message"]?.string?.contains("not an iCalendar file") == true)
            let zone = try await importing(calendar(), client, to: "\(Self.path)x")
            #expect(zone["error"]?["message"]?.string?.contains("unknown") == true)
            let nobody = "/control/v1/mailboxes/nobody@contoso.example/import"
            let mailbox = try await importing(calendar(), client, to: nobody)
            #expect(mailbox["error"]?["code"]?.string == "notFound")
        }
    }
}
