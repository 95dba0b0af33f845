import CalendarModel

extension World {
    private static let deviceCodeSeconds = 900

    /// The device code endpoint's answer.
    func beginDeviceCode(
        _ form: FormFields, authorityName: String, base: String
    ) throws(EntraError) -> JSONDocument {
        guard let clientID = form["client_id"] else { throw .missingParameter("client_id") }
        let words = form.words("scope")
        guard !words.isEmpty else { throw .missingParameter("scope") }
        let authority = try authority(authorityName)
        let application = try application(clientID, at: authority, named: authorityName)
        guard application.allowsPublicClientFlows else { throw .secretMissing }
        _ = try ScopeRequest(parsing: words, application: application, tenant: authorityName)
        let deviceCode = newOpaqueText(bytes: 48)
        let userCode = newUserCode()
        entra.deviceCodes[deviceCode] = DeviceSignIn(
            userCode: userCode, clientID: application.clientID, authority: authorityName, scopes: words,
            expiresAt: now().advanced(by: .seconds(Self.deviceCodeSeconds)))
        let address = "\(base)/common/oauth2/deviceauth"
        return [
            "user_code": .string(userCode),
            "device_code": .string(deviceCode),
            "verification_uri": .string(address),
            "expires_in": .integer(Int64(Self.deviceCodeSeconds)),
            "interval": 5,
            "message": .string(
                "To sign in, use a web browser to open the page \(address) and enter the code \(userCode) to "
                    + "authenticate."),
        ]
    }

    /// Starts the sign-in that a person answers a device's code with; nil for an unknown or expired code.
    func beginDeviceSignIn(userCode: String) -> Interaction? {
        let code = userCode.uppercased()
        let moment = now()
        guard let found = entra.deviceCodes.first(where: { $0.value.userCode == code && $0.value.expiresAt > moment })
        else { return nil }
        return begin(.device(code: found.key), clientID: found.value.clientID, authority: found.value.authority)
    }

    private func newUserCode() -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        return String((0..<9).compactMap { _ in letters.randomElement(using: &random) })
    }
}
