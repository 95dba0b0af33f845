import SQLStore
import SyncEngine

/// The doctor's messages in a reader's language. What was found, and what to do about it, stands in English in both.
struct DoctorWords: Sendable {
    let language: String

    init(language: String?) { self.language = language == "nb" ? "nb" : "en" }

    private var isNorwegian: Bool { language == "nb" }

    func subject(of news: DoctorNews, _ organization: String) -> String {
        if news.broke.isEmpty {
            return isNorwegian
                ? "\(organization): romsynkroniseringen virker igjen" : "\(organization): room sync works again"
        }
        guard news.broke.count > 1, let first = news.broke.first else {
            let name = news.broke.first.map { title(of: $0.finding) } ?? ""
            return isNorwegian ? "\(organization): feil – \(name)" : "\(organization): broken – \(name)"
        }
        let name = title(of: first.finding)
        return isNorwegian
            ? "\(organization): \(news.broke.count) feil – \(name) …"
            : "\(organization): \(news.broke.count) things broke – \(name) …"
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
            if let text, !text.isEmpty { lines.append("  \(label): \(text)") }
        }
        add(isNorwegian ? "Funnet" : "Found", finding.diagnosis?.summary ?? finding.evidence)
        add(isNorwegian ? "Betyr" : "It means", finding.diagnosis?.consequence)
        add(isNorwegian ? "Gjør dette" : "What to do", finding.diagnosis?.remedy)
        add(isNorwegian ? "Trinn i håndboken" : "Step of the manual", finding.step?.title)
        add(isNorwegian ? "Leverandørens kode" : "The vendor's code", finding.diagnosis?.vendorCode)
        return lines.joined(separator: "\n")
    }

    private func heading(_ entry: DoctorEntry) -> String {
        let place = [entry.connectionName, entry.finding.subject.isEmpty ? nil : entry.finding.subject]
            .compactMap { $0 }
        let title = title(of: entry.finding)
        return place.isEmpty ? title : "\(title) (\(place.joined(separator: ", ")))"
    }

    /// A check's name for people.
    func title(of finding: Finding) -> String {
        guard let title = Self.titles[finding.check] else { return finding.check }
        return isNorwegian ? title.nb : title.en
    }

    private static let titles: [String: (en: String, nb: String)] = [
        "timeZones": ("Time zones", "Tidssoner"),
        "database": ("Database", "Database"),
        "connection": ("Connection to the calendar system", "Tilkobling til kalendersystemet"),
        "rooms.mapped": ("Rooms linked", "Rom koblet"),
        "network": ("Way to the calendar system", "Vei til kalendersystemet"),
        "clock": ("Clock", "Klokke"),
        "webhooks": ("Webhooks", "Webhooks"),
        "microsoft.account": ("Service account", "Tjenestekonto"),
        "microsoft.password": ("Password has not expired", "Passordet er ikke utløpt"),
        "microsoft.twoFactor": ("Signs in without a second factor", "Logger inn uten tofaktor"),
        "microsoft.application": ("Application registered", "Applikasjon registrert"),
        "microsoft.consent": ("Admin consent", "Administratorsamtykke"),
        "microsoft.scopes": ("Permissions granted", "Tillatelser gitt"),
        "microsoft.assignment": ("Account assigned to the application", "Kontoen er tilordnet applikasjonen"),
        "microsoft.signIn": ("Stored credentials", "Lagret pålogging"),
        "microsoft.mailbox": ("Service account's mailbox", "Tjenestekontoens postkasse"),
        "microsoft.places": ("Room list", "Romliste"),
        "room.found": ("Room found", "Rommet finnes"),
        "room.readable": ("Room readable", "Rommet kan leses"),
        "room.writable": ("Room writable", "Rommet kan skrives"),
        "room.privateVisible": ("Private meetings visible", "Private møter er synlige"),
        "room.reader": ("Changes listed", "Endringer listes"),
        "room.answers": ("Room answers invitations", "Rommet svarer på invitasjoner"),
        "room.keepsSubject": ("Room keeps subjects", "Rommet beholder emnet"),
        "room.keepsPrivate": ("Room keeps the private flag", "Rommet beholder privat-merket"),
        "room.bookingWindow": ("Booking window", "Bookingvindu"),
    ]
}
