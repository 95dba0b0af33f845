import CLibICal
import CalendarModel

/// A parsed file, which owns everything in it.
struct ParsedFile: ~Copyable {
    let root: Component

    init?(_ text: String) {
        // A file's mistakes are the file's; libical must not end the program for them.
        icalerror_set_errors_are_fatal(0)
        guard let pointer = icalparser_parse_string(text) else { return nil }
        root = Component(pointer: pointer)
    }

    deinit { icalcomponent_free(root.pointer) }

    /// The calendars in the file; most files hold one. Events without a calendar around them count as one.
    var calendars: [Component] {
        if root.kind == ICAL_VCALENDAR_COMPONENT { return [root] }
        let calendars = root.children(ICAL_VCALENDAR_COMPONENT)
        if !calendars.isEmpty { return calendars }
        let hasEvents = root.kind == ICAL_VEVENT_COMPONENT || !root.children(ICAL_VEVENT_COMPONENT).isEmpty
        return hasEvents ? [root] : []
    }
}

/// A part of a parsed file, valid as long as the file is.
struct Component {
    let pointer: OpaquePointer

    var kind: icalcomponent_kind { icalcomponent_isa(pointer) }

    /// The events in it; one that stands alone in a file is its own.
    func events() -> [Component] { kind == ICAL_VEVENT_COMPONENT ? [self] : children(ICAL_VEVENT_COMPONENT) }

    func children(_ kind: icalcomponent_kind) -> [Component] {
        var found: [Component] = []
        var next = icalcomponent_get_first_component(pointer, kind)
        while let pointer = next {
            found.append(Component(pointer: pointer))
            next = icalcomponent_get_next_component(self.pointer, kind)
        }
        return found
    }

    func properties(_ kind: icalproperty_kind) -> [Property] {
        var found: [Property] = []
        var next = icalcomponent_get_first_property(pointer, kind)
        while let pointer = next {
            found.append(Property(pointer: pointer))
            next = icalcomponent_get_next_property(self.pointer, kind)
        }
        return found
    }

    func property(_ kind: icalproperty_kind) -> Property? {
        icalcomponent_get_first_property(pointer, kind).map(Property.init(pointer:))
    }

    /// A property that RFC 5545 does not know, by its name.
    func extraProperty(_ name: String) -> Property? {
        properties(ICAL_X_PROPERTY).first { $0.name.uppercased() == name }
    }

    /// Lines that libical took out because it could not read them.
    var unreadable: [String] { properties(ICAL_XLICERROR_PROPERTY).map(\.text) }
}

struct Property {
    let pointer: OpaquePointer

    var name: String { Self.taken(icalproperty_get_property_name_r(pointer)) ?? "" }

    /// The value as it stands in the file.
    var value: String { Self.taken(icalproperty_get_value_as_string_r(pointer)) ?? "" }

    /// The value of a text property without its escapes, with `\n` line ends.
    var text: String {
        guard let value = icalproperty_get_value(pointer) else { return "" }
        let text = icalvalue_get_text(value).map { String(cString: $0) } ?? ""
        return String(text.replacing("\r\n", with: "\n"))
    }

    func parameter(_ name: String) -> String? {
        let text = Self.taken(icalproperty_get_parameter_as_string_r(pointer, name))
        return text?.isEmpty == false ? text : nil
    }

    /// A text that libical hands over for good.
    private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { icalmemory_free_buffer(text) }
        return String(cString: text)
    }
}
