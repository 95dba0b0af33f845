import StandIns
import Testing

@Suite("Graph stand-in: places")
struct GraphPlacesTests {
    @Test("rooms are listed without a next link, paged by $top and $skip")
    func rooms() async throws {
        try await GraphHarness.run { graph in
            let all = try await graph.get("/places/microsoft.graph.room?$count=true")
            #expect(all.status == 200)
            #expect(all["@odata.count"] == 2)
            #expect(
                all.values.compactMap { $0["emailAddress"]?.string } == [
                    "bergen@contoso.example", "oslo@contoso.example",
                ])
            let page = try await graph.get("/places/graph.room?$top=1&$skip=1&$select=emailAddress,capacity")
            #expect(page.values.count == 1)
            #expect(page.values.first?["emailAddress"] == "oslo@contoso.example")
            #expect(page.values.first?["capacity"] == 8)
            #expect(page.values.first?["nickname"] == nil)
            #expect(page["@odata.nextLink"] == nil)
        }
    }

    @Test("a room is found by its address, and its room list by building")
    func single() async throws {
        try await GraphHarness.run { graph in
            let room = try await graph.get("/places/oslo%40contoso.example")
            #expect(room["displayName"] == "Oslo")
            let lists = try await graph.get("/places/microsoft.graph.roomlist")
            let address = try #require(lists.values.first?["emailAddress"]?.string)
            let rooms = try await graph.get("/places/\(address)/microsoft.graph.roomlist/rooms")
            #expect(rooms.values.count == 2)
            #expect(try await graph.get("/places/hidden@contoso.example").status == 404)
        }
    }

    @Test("Place.Read.All is needed, and a tenant without rooms answers invalid_place")
    func refusals() async throws {
        try await GraphHarness.run { graph in
            let denied = try await graph.get(
                "/places/microsoft.graph.room", token: graph.token(scopes: "Calendars.ReadWrite.Shared"))
            #expect(denied.status == 403)
            #expect(denied.code == "ErrorAccessDenied")
        }
        try await GraphHarness.run(tenant: { $0.rooms = [] }) { graph in
            let none = try await graph.get("/places/microsoft.graph.room")
            #expect(none.status == 404)
            #expect(none.code == "invalid_place")
        }
    }
}
