import Foundation

// Making and changing people and applications at Google from JSON.
extension World {
    @discardableResult
    package func addGoogleAccount(_ document: JSONDocument) throws -> GoogleAccount {
        guard let email = document["email"]?.string, email.contains("@") else {
            throw ControlError.invalid("\"email\" is missing: say which, such as anna@example.com.")
        }
        guard google.accounts[email.lowercased()] == nil else { throw ControlError.exists("account", email) }
        let digits = (0..<20).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
        let fresh = GoogleAccount(subject: "1\(digits)", email: email, emailIsVerified: true, name: email)
        let account = try Patch.apply(document, to: fresh)
        google.accounts[account.email.lowercased()] = account
        return account
    }

    /// A changed address moves the account; its `subject` stays.
    @discardableResult
    package func changeGoogleAccount(_ email: String, _ patch: JSONDocument) throws -> GoogleAccount {
        guard let old = google.accounts[email.lowercased()] else { throw ControlError.notFound("account", email) }
        guard patch["subject"] == nil else { throw ControlError.invalid("\"subject\" cannot be changed.") }
        let account = try Patch.apply(patch, to: old)
        let isMoved = account.email.lowercased() != old.email.lowercased()
        if isMoved, google.accounts[account.email.lowercased()] != nil {
            throw ControlError.exists("account", account.email)
        }
        google.accounts[old.email.lowercased()] = nil
        google.accounts[account.email.lowercased()] = account
        return account
    }

    package func removeGoogleAccount(_ email: String) throws {
        guard google.accounts.removeValue(forKey: email.lowercased()) != nil else {
            throw ControlError.notFound("account", email)
        }
    }

    package func allGoogleAccounts() -> [GoogleAccount] { google.accounts.values.sorted { $0.email < $1.email } }

    @discardableResult
    package func addGoogleClient(_ document: JSONDocument) throws -> GoogleClient {
        let clientID = document["clientID"]?.string ?? "\(newOpaqueText(bytes: 12)).apps.googleusercontent.com"
        guard google.clients[clientID] == nil else { throw ControlError.exists("client", clientID) }
        let fresh = GoogleClient(
            clientID: clientID, displayName: clientID, secret: "GOCSPX-\(newOpaqueText(bytes: 21))", redirectURIs: [])
        let client = try Patch.apply(document, to: fresh)
        google.clients[client.clientID] = client
        return client
    }

    @discardableResult
    package func changeGoogleClient(_ clientID: String, _ patch: JSONDocument) throws -> GoogleClient {
        guard let old = google.clients[clientID] else { throw ControlError.notFound("client", clientID) }
        guard patch["clientID"] == nil else { throw ControlError.invalid("\"clientID\" cannot be changed.") }
        let client = try Patch.apply(patch, to: old)
        google.clients[clientID] = client
        return client
    }

    package func allGoogleClients() -> [GoogleClient] { google.clients.values.sorted { $0.clientID < $1.clientID } }
}
