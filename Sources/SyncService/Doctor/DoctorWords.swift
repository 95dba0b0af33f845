import SQLStore
import SyncEngine

/// The doctor's messages in a reader's language.
struct DoctorWords: Sendable {
    let language: String
    private let phrases: DoctorPhrases

    init(language: String?, phrases: DoctorPhrases) {
        self.language = language == "nb" ? "nb" : "en"
        self.phrases = phrases
    }

    private var isNorwegian: Bool { language == "nb" }

    func subject(of news: DoctorNews, _ organization: String) -> String {
        if news.broke.isEmpty {
            return isNorwegian
                ? "\(organization): romsynkroniseringen virker igjen" : "\(organization): room sync works again"
        }
        guard news.broke.count > 1, let first = news.broke.first else {
            let name = news.broke.first.map { title(of: $0.finding) } ?? ""
            return isNorwegian ? "\(organization): sjekk feiler – \(name)" : "\(organization): check fails – \(name)"
        }
        let name = title(of: first.finding)
        return isNorwegian
            ? "\(organization): \(news.broke.count) sjekker feiler – \(name) …"
            : "\(organization): \(news.broke.count) checks fail – \(name) …"
    }

    func text(of news: DoctorNews, _ organization: String, reader: String, link: String?) -> String {
        var paragraphs = [isNorwegian ? "Hei \(reader)," : "Hello \(reader),"]
        if !news.broke.isEmpty {
            paragraphs.append(
                isNorwegian
                    ? "noe som virket i romsynkroniseringen til \(organization), virker ikke lenger:"
                    : "something that worked in the room sync of \(organization) does not work any more:")
            paragraphs += news.broke.map(broken)
        }
        if !news.works.isEmpty {
            paragraphs.append(isNorwegian ? "Dette virker igjen:" : "This works again:")
            paragraphs.append(news.works.map { "  " + heading($0) }.joined(separator: "\n"))
        }
        if let link { paragraphs.append((isNorwegian ? "Se alle punktene: " : "See every check: ") + link) }
        paragraphs.append("LoopBooking Sync")
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    private func broken(_ entry: DoctorEntry) -> String {
        let finding = entry.finding
        var lines = ["* " + heading(entry)]
        func add(_ label: String, _ text: String?) {
            if let text, !text.isEmpty { lines.append("  \(label): \(phrases.sentence(text, language))") }
        }
        add(isNorwegian ? "Funnet" : "Found", finding.diagnosis?.summary ?? finding.evidence)
        add(isNorwegian ? "Betyr" : "It means", finding.diagnosis?.consequence)
        add(isNorwegian ? "Gjør dette" : "What to do", finding.diagnosis?.remedy)
        add(isNorwegian ? "Trinn i håndboken" : "Step of the manual", finding.step.map { phrases.step($0, language) })
        add(isNorwegian ? "Leverandørens kode" : "The vendor's code", finding.diagnosis?.vendorCode)
        return lines.joined(separator: "\n")
    }

    private func heading(_ entry: DoctorEntry) -> String {
        let place = [entry.connectionName, entry.finding.subject.isEmpty ? nil : entry.finding.subject]
            .compactMap { $0 }
        let title = title(of: entry.finding)
        return place.isEmpty ? title : "\(title) (\(place.joined(separator: ", ")))"
    }

    private func title(of finding: Finding) -> String { phrases.check(finding.check, language) }
}
