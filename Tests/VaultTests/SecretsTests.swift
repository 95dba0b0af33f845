import Foundation
import Testing
import Vault

@Suite("Secrets are sealed") struct SecretsTests {
    private let vault: Vault

    init() throws { vault = try Vault(encodedKey: Vault.generateKey()) }

    @Test func `A sealed secret opens for its owner`() throws {
        let sealed = try vault.seal("hunter2 æøå 🗝", for: "connection/7/password")
        #expect(try vault.open(sealed, for: "connection/7/password") == "hunter2 æøå 🗝")
        #expect(!sealed.contains("hunter2"))
    }

    @Test func `Sealing twice gives different text`() throws {
        #expect(try vault.seal("same", for: "a") != vault.seal("same", for: "a"))
    }

    @Test func `A secret moved to another owner does not open`() throws {
        let sealed = try vault.seal("secret", for: "connection/7/password")
        #expect(throws: VaultError.doesNotOpen) { try vault.open(sealed, for: "connection/8/password") }
    }

    @Test func `Another key is recognized as another key`() throws {
        let other = try Vault(encodedKey: Vault.generateKey())
        let sealed = try vault.seal("secret", for: "a")
        #expect(throws: VaultError.otherKey(sealedWith: vault.keyID, present: other.keyID)) {
            try other.open(sealed, for: "a")
        }
    }

    @Test func `Every changed character is noticed`() throws {
        let sealed = try vault.seal("secret", for: "a")
        let prefix = "v1.\(vault.keyID).".count
        for position in prefix..<sealed.count - 1 {
            var characters = Array(sealed)
            characters[position] = characters[position] == "A" ? "B" : "A"
            #expect(throws: VaultError.doesNotOpen) { try vault.open(String(characters), for: "a") }
        }
    }

    @Test(arguments: ["", "plain text", "v2.12345678.AAAA", "v1.only"])
    func `Text that was never sealed is refused`(_ text: String) {
        #expect(throws: VaultError.notSealed) { try vault.open(text, for: "a") }
    }

    @Test(arguments: ["", "short", Data(count: 31).base64EncodedString(), Data(count: 33).base64EncodedString()])
    func `Only 32 bytes are a key`(_ key: String) {
        #expect(throws: VaultError.unusableKey) { try Vault(encodedKey: key) }
    }

    @Test func `A key is read from a file, with a line end`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let key = Vault.generateKey()
        try Data("\(key)\n".utf8).write(to: file)
        let sealed = try Vault(keyFile: file.path).seal("secret", for: "a")
        #expect(try Vault(encodedKey: key).open(sealed, for: "a") == "secret")
        #expect(throws: VaultError.keyFileUnreadable("/nowhere/key")) { try Vault(keyFile: "/nowhere/key") }
    }

    @Test func `The vault does not show its key`() throws {
        let key = Vault.generateKey()
        let vault = try Vault(encodedKey: key)
        var dumped = ""
        dump(vault, to: &dumped)
        #expect(!"\(vault) \(String(reflecting: vault)) \(dumped)".contains(key.prefix(12)))
    }
}
