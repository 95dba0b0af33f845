/// A large value behind one reference: copying it costs no more than copying the reference. A value all the same: changing
/// one of several copies leaves the others as they were.
package struct Shared<Value: Hashable & Sendable>: Hashable, Sendable {
    // Its value is changed only while nobody else has a reference to it.
    @usableFromInline final class Box: @unchecked Sendable {
        @usableFromInline var value: Value
        @inlinable init(_ value: Value) { self.value = value }
    }

    @usableFromInline var box: Box

    @inlinable package init(_ value: Value) { box = Box(value) }

    @inlinable package var value: Value {
        get { box.value }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            yield &box.value
        }
    }

    @inlinable package static func == (left: Self, right: Self) -> Bool {
        left.box === right.box || left.box.value == right.box.value
    }

    @inlinable package func hash(into hasher: inout Hasher) { hasher.combine(box.value) }
}
