import ArgumentParser
import SQLStore
import SyncEngine
import SyncService

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check every prerequisite, with evidence and fix.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await withInstallation(options) { installation in
            if !options.json { Terminal.progress("Checking …") }
            let run = try await installation.doctor().examine(options.organizationID, .asked)
            try FindingsReport(run.entries.map(\.finding)).show(json: options.json)
        }
    }
}

extension Installation {
    /// The doctor's findings for one connection and some rooms, linked or not.
    func findings(of record: ConnectionRecord, rooms: [String]) async -> [Finding] {
        await doctor().findings(of: record, rooms: rooms)
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
            if let step = finding.step { lines.append("          manual step: " + step.title) }
            if let code = diagnosis.vendorCode { lines.append("          vendor's code: " + code) }
        }
        return lines.joined(separator: "\n")
    }
}
