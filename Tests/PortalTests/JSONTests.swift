import LoopBooking
import Portal
import Testing

@Suite("Reading JSON")
struct JSONTests {
    @Test("The same value is always the same text")
    func stableText() throws {
        let value: JSONValue = ["b": [1, true, nil, .number(1.5)], "a": "x/y"]
        #expect(try value.text == #"{"a":"x/y","b":[1,true,null,1.5]}"#)
    }

    @Test("A whole number is not taken for a truth value, nor a fraction for a whole number")
    func kinds() {
        var reader = FieldReader(["flag": 1, "count": .number(1.5), "on": true, "n": 7])
        #expect(reader.bool("flag") == nil)
        #expect(reader.integer("count") == nil)
        #expect(reader.bool("on") == true)
        #expect(reader.integer("n") == 7)
        reader.finish()
        #expect(reader.errors.map(\.field) == ["flag", "count"])
    }

    @Test("Fields nobody asked for are named with their place")
    func unknown() {
        var reader = FieldReader(["outer": ["known": "x", "strange": 1]])
        let read = reader.object("outer") { inner in inner.string("known") }
        reader.finish()
        #expect(read == nil)
        #expect(reader.errors.map(\.field) == ["outer.strange"])
    }
}
