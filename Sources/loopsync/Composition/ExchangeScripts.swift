import SyncService

/// The manual's steps in Exchange Online PowerShell, for exactly these rooms. Whatever people called their rooms stands in
/// single quotes, where PowerShell reads nothing but the text.
struct ExchangeScripts {
    let account: String
    let clientID: String
    let rooms: [SetupScriptRoom]

    func text(_ script: SetupScript) -> String {
        switch script {
        case .mirrors:
            rooms.map { room in
                "New-Mailbox -Room -Name \(quoted(room.name + "-ext")) -PrimarySmtpAddress \(quoted(room.address))"
            }.joined(separator: "\n")
        case .processing:
            list + """
                foreach ($room in $rooms) {
                  Set-CalendarProcessing -Identity $room -AutomateProcessing AutoAccept -DeleteSubject $false `
                    -AddOrganizerToSubject $false -DeleteComments $false -RemovePrivateProperty $false `
                    -AllowConflicts $false -BookingWindowInDays 900 -EnforceSchedulingHorizon $false `
                    -RemoveCanceledMeetings $true
                }
                """
        case .fullAccess:
            list + """
                foreach ($room in $rooms) {
                  Add-MailboxPermission -Identity $room -User \(quoted(account)) -AccessRights FullAccess `
                    -InheritanceType All -AutoMapping $false
                }
                """
        case .roles:
            list + """
                # The Object ID of the enterprise application, from Entra ID > Enterprise applications.
                $object = Read-Host 'Object ID of the enterprise application'
                New-ServicePrincipal -AppId \(quoted(clientID)) -ObjectId $object -DisplayName 'LoopBooking Sync'
                foreach ($room in $rooms) { Set-Mailbox -Identity $room -CustomAttribute15 'LoopBooking' }
                New-ManagementScope -Name 'LoopBooking rooms' `
                  -RecipientRestrictionFilter "CustomAttribute15 -eq 'LoopBooking'"
                New-ManagementRoleAssignment -App $object -Role 'Application Calendars.ReadWrite' `
                  -CustomResourceScope 'LoopBooking rooms'
                # What comes of it; it can take two hours to reach Graph.
                Test-ServicePrincipalAuthorization -Identity $object -Resource $rooms[0]
                """
        }
    }

    private var list: String {
        "$rooms = @(\n" + rooms.map { "  " + quoted($0.address) }.joined(separator: ",\n") + "\n)\n"
    }

    /// PowerShell takes typographic quotes for quotes too.
    private func quoted(_ text: String) -> String {
        // Most names need no care; a large organization has hundreds.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") }) { return "'\(text)'" }
        let line = text.unicodeScalars.map { scalar in
            ["\n", "\r", "\u{2028}", "\u{2029}"].contains(scalar) ? " " : String(scalar)
        }.joined()
        let quotes: Set<Character> = ["'", "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}"]
        return "'" + line.map { quotes.contains($0) ? "\($0)\($0)" : String($0) }.joined() + "'"
    }
}
