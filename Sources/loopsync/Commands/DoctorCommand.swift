import ArgumentParser
import CalendarTime
import SQLStore
import SyncEngine

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check every prerequisite, with evidence and fix.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await withInstallation(options) { installation in
            var findings = await ownFindings(installation)
            let links = try await installation.store.links(of: options.organizationID)
            for record in try await installation.store.connections(of: options.organizationID) {
                let rooms = links.filter { $0.link.connection == record.id }.map(\.link.resourceAddress)
                if !options.json { Terminal.progress("Checking \(record.name) …") }
                findings += await installation.findings(of: record, rooms: rooms)
            }
            try FindingsReport(findings).show(json: options.json)
        }
    }

    /// What does not depend on a vendor.
    private func ownFindings(_ installation: Installation) async -> [Finding] {
        let zones = Finding(
            check: "timeZones", verdict: Zones.dataIsPresent ? .good : .bad,
            evidence: "zone rules \(Zones.dataVersion), zone names \(Zones.nameTableVersion)",
            diagnosis: Zones.dataIsPresent
                ? nil
                : Diagnosis(
                    code: "timeZones.missing", summary: "This program knows no time zones.",
                    consequence: "No meeting can cross.", remedy: "Install the complete program."))
        let version = (try? await installation.store.schemaVersion()) ?? 0
        let database = Finding(
            check: "database", verdict: version > 0 ? .good : .bad,
            evidence: "\(installation.settings.database), schema \(version)")
        return [zones, database]
    }
}

extension Installation {
    /// The doctor's findings for one connection; a connection that cannot even be opened is a finding too.
    func findings(of record: ConnectionRecord, rooms: [String]) async -> [Finding] {
        do {
            return await (try connectors.connector(for: record.id)).diagnose(rooms)
        } catch {
            let failure = CommandFailure(error)
            return [
                Finding(
                    check: "connection", subject: record.name, verdict: .bad, evidence: failure.diagnosis.summary,
                    diagnosis: failure.diagnosis)
            ]
        }
    }
}

/// Findings for people or scripts. Ends with status 3 when one is bad.
struct FindingsReport {
    private let findings: [Finding]

    init(_ findings: [Finding]) { self.findings = findings }

    func show(json: Bool) throws {
        if json {
            try Terminal.writeJSON(findings)
        } else {
            for finding in findings { Terminal.write(Self.text(finding)) }
        }
        if findings.contains(where: { $0.verdict == .bad }) { throw ExitCode(3) }
    }

    private static func text(_ finding: Finding) -> String {
        let sign =
            switch finding.verdict {
            case .good: "ok      "
            case .warning: "warning "
            case .bad: "BAD     "
            case .notChecked: "skipped "
            }
        var lines = [
            sign + finding.check + (finding.subject.isEmpty ? "" : " " + finding.subject) + ": " + finding.evidence
        ]
        if let diagnosis = finding.diagnosis {
            if finding.evidence != diagnosis.summary { lines.append("          " + diagnosis.summary) }
            lines.append("          what to do: " + diagnosis.remedy)
            if let step = diagnosis.step { lines.append("          manual step: " + step.title) }
            if let code = diagnosis.vendorCode { lines.append("          vendor's code: " + code) }
        }
        return lines.joined(separator: "\n")
    }
}
