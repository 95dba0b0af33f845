/// One mailbox' calendar. Filled in by the Graph stand-in.
package struct Mailbox: Sendable {
    package var address: String
}
