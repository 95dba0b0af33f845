import CalendarModel
import Testing

@testable import SyncService

@Suite("Suggestions for the mapping")
struct MappingSuggestionTests {
    private func room(_ name: String, capacity: Int? = nil, location: String = "") -> Room {
        Room(
            id: RoomID("room-\(name)"), organization: "acme", name: name, capacity: capacity, location: location,
            zone: ZoneID("Europe/Oslo"))
    }

    private func resource(_ name: String, _ address: String, capacity: Int? = nil, building: String? = nil) -> Resource
    {
        Resource(address: address, name: name, capacity: capacity, building: building)
    }

    private func suggest(_ rooms: [Room], _ resources: [Resource]) -> [String: String] {
        Dictionary(
            MappingSuggestion.suggest(rooms: rooms, resources: resources).map { ($0.room.rawValue, $0.resource) },
            uniquingKeysWith: { $1 })
    }

    @Test(
        "Endings, words, case and accents do not matter",
        arguments: [
            ("Oslo", "Oslo-ext"), ("Oslo", "OSLO"), ("Møterom Tromsø", "Tromso-ext"), ("Ålesund", "alesund (ext)"),
            ("Meeting Room 7", "Rom 07"), ("Café", "cafe-ext"), ("Bergen", "Room Bergen"), ("Straße", "Strasse_ext"),
        ])
    func sameName(pair: (String, String)) throws {
        let found = MappingSuggestion.suggest(
            rooms: [room(pair.0)],
            resources: [resource("Something else", "x@a.example"), resource(pair.1, "y@a.example")])
        let suggestion = try #require(found.first)
        #expect(suggestion.resource == "y@a.example")
        #expect(suggestion.confidence == .certain)
        #expect(suggestion.reason == .sameName)
    }

    @Test("The address tells what the name does not")
    func address() throws {
        let found = MappingSuggestion.suggest(
            rooms: [room("Oslo")], resources: [resource("Boardroom by the sea", "oslo-ext@a.example")])
        #expect(found.first?.reason == .sameAddress)
        #expect(found.first?.confidence == .certain)
    }

    @Test("Numbers tell rooms apart")
    func numbers() {
        let rooms = [room("Room 1"), room("Room 12"), room("Room 2")]
        let resources = [resource("Room 12-ext", "r12@a.example"), resource("Room 2-ext", "r2@a.example")]
        #expect(suggest(rooms, resources) == ["room-Room 12": "r12@a.example", "room-Room 2": "r2@a.example"])
    }

    @Test("A resource is suggested once, to the room that fits best")
    func oneToOne() {
        let rooms = [room("Oslo"), room("Oslo Big")]
        let resources = [resource("Oslo-ext", "oslo@a.example"), resource("Big Oslo", "big@a.example")]
        #expect(suggest(rooms, resources) == ["room-Oslo": "oslo@a.example", "room-Oslo Big": "big@a.example"])
    }

    @Test("Capacity and building choose between equal names; without them nobody guesses")
    func ties() {
        let resources = [
            resource("Oslo", "a@a.example", capacity: 4, building: "North"),
            resource("Oslo", "b@a.example", capacity: 12, building: "South"),
        ]
        #expect(suggest([room("Oslo", capacity: 12)], resources) == ["room-Oslo": "b@a.example"])
        #expect(suggest([room("Oslo", location: "North, floor 2")], resources) == ["room-Oslo": "a@a.example"])
        #expect(suggest([room("Oslo")], resources).isEmpty)
    }

    @Test("A slip of the pen is likely, another name is not suggested")
    func slips() throws {
        let slip = MappingSuggestion.suggest(
            rooms: [room("Stavanger")], resources: [resource("Stavangr-ext", "s@a.example")])
        #expect(slip.first?.reason == .similarName)
        #expect(try #require(slip.first).confidence < .certain)
        #expect(suggest([room("Oslo")], [resource("Bergen-ext", "b@a.example")]).isEmpty)
        #expect(suggest([room("Bodø")], [resource("Boda", "b@a.example")]).isEmpty)
    }

    @Test("Names of nothing but noise, and no names at all, break nothing")
    func strange() {
        #expect(suggest([room("Meeting Room")], [resource("Meeting room-ext", "m@a.example")]).count == 1)
        #expect(suggest([room("***")], [resource("", "@"), resource("***", "s@a.example")]).isEmpty)
        #expect(suggest([], []).isEmpty)
        #expect(suggest([room("会議室")], [resource("会議室-ext", "k@a.example")]).count == 1)
    }

    @Test("Five hundred rooms find their mirrors")
    func many() {
        let rooms = (1...500).map { room("Room \($0)") }
        let resources = (1...500).shuffled().map { resource("Room \($0)-ext", "room\($0)@a.example") }
        let found = suggest(rooms, resources)
        #expect(found.count == 500)
        #expect(found["room-Room 137"] == "room137@a.example")
    }
}
