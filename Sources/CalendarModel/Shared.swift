/// A large value behind one reference: copying it costs no more than copying the reference. A value all the same: changing
/// one of several copies leaves the others as they were.
struct Shared<Value: Hashable & Sendable>: Hashable, Sendable {
    // Its value is changed only while nobody else has a reference to it.
    private final class Box: @unchecked Sendable {
        var value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box

    init(_ value: Value) { box = Box(value) }

    var value: Value {
        get { box.value }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            yield &box.value
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.box === right.box || left.box.value == right.box.value }

    func hash(into hasher: inout Hasher) { hasher.combine(box.value) }
}
