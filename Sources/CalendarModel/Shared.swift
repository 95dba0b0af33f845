/// A large value behind one reference: copying it costs no more than copying the reference. A value all the same: what is
/// behind the reference never changes; a change makes another.
package struct Shared<Value: Hashable & Sendable>: Hashable, Sendable {
    @usableFromInline final class Box: Sendable {
        @usableFromInline let value: Value
        @inlinable init(_ value: Value) { self.value = value }
    }

    @usableFromInline var box: Box

    @inlinable package init(_ value: Value) { box = Box(value) }

    @inlinable package var value: Value {
        get { box.value }
        _modify {
            var changed = box.value
            defer { box = Box(changed) }
            yield &changed
        }
    }

    /// Whether both are copies of one, which is known without looking at them.
    @inlinable package func isIdentical(to other: Self) -> Bool { box === other.box }

    @inlinable package static func == (left: Self, right: Self) -> Bool {
        left.box === right.box || left.box.value == right.box.value
    }

    @inlinable package func hash(into hasher: inout Hasher) { hasher.combine(box.value) }
}

extension Shared: CustomDebugStringConvertible {
    package var debugDescription: String { String(reflecting: value) }
}
