import CICUZones
import CalendarModel

/// What a vendor's zone name stands for.
package enum VendorZone: Hashable, Sendable {
    case zone(ZoneID)
    /// The vendor says that the rules are the meeting's own, without a name for them.
    case custom
    case unknown(String)
}

extension Zones {
    /// The zone of a name as vendors send it: Windows names (for a region such as "AT", else the default), IANA names and
    /// aliases, and Graph's and Exchange's special ones.
    package static func fromVendor(_ name: String, region: String? = nil) -> VendorZone {
        switch name {
        case "UTC", "tzone://Microsoft/Utc", "Coordinated Universal Time", "Z": return .zone(.utc)
        case "", "tzone://Microsoft/Custom", "Customized Time Zone": return .custom
        default: break
        }
        let fromWindows =
            region.flatMap { ianaName(forWindows: name, region: $0) } ?? ianaName(forWindows: name, region: "001")
        if let fromWindows { return .zone(ZoneID(fromWindows)) }
        return known(name).map(VendorZone.zone) ?? .unknown(name)
    }

    /// The Windows name of a zone, such as `W. Europe Standard Time`; nil when Windows has none.
    package static func windowsName(for zone: ZoneID) -> String? {
        if zone == .utc { return "UTC" }
        return text { cicu_windows_for_iana(zone.name, $0, $1) }
    }

    /// ICU's canonical spelling of a zone; nil when it knows no such zone.
    package static func canonicalName(_ name: String) -> String? {
        text { cicu_canonical_iana(name, $0, $1) }
    }

    /// The version of the table of names (the system's ICU), such as "2022e".
    package static var nameTableVersion: String { String(cString: cicu_tzdata_version()) }

    private static func ianaName(forWindows name: String, region: String) -> String? {
        text { cicu_iana_for_windows(name, region, $0, $1) }
    }

    private static func text(_ fill: (UnsafeMutablePointer<CChar>?, Int32) -> Int32) -> String? {
        let capacity = 128
        let result = String(unsafeUninitializedCapacity: capacity) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { Int(max(0, fill($0.baseAddress, Int32(capacity)))) }
        }
        return result.isEmpty ? nil : result
    }
}
