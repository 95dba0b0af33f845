import HTTPTypes
import Hummingbird
import SQLStore

/// Language and theme: the account's own, else what the browser keeps, else what it asks for.
enum Preferences {
    static let languageCookie = "loopsync_language"
    static let themeCookie = "loopsync_theme"

    static func language(of account: Account?, _ request: Request) -> Language {
        (account?.language ?? Cookie.value(languageCookie, in: request)).flatMap(Language.init(rawValue:))
            ?? Language(accepting: request.headers[.acceptLanguage])
    }

    static func theme(_ request: Request) -> String? {
        Cookie.value(themeCookie, in: request).flatMap { themes.contains($0) ? $0 : nil }
    }

    static let themes: Set<String> = ["light", "dark"]
}
