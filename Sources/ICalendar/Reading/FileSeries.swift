import CalendarModel
import CalendarTime

/// All events of a file with one UID: a meeting or a series, and the occurrences that differ from it.
struct FileSeries {
    let uid: String
    let events: [FileEvent]
    let zones: FileZones
    let roomZone: ZoneID

    /// How many occurrences "this and all following" or a further rule is written out for.
    private static let most = 1000

    func meetings(remarks: inout [String]) -> [ImportedMeeting] {
        let masters = events.filter { $0.original == nil }
        let changes = latestChanges()
        // The first of those with the highest sequence number is the meeting; the others are older versions of it.
        guard let latest = masters.map(\.sequence).max(), let master = masters.first(where: { $0.sequence == latest })
        else { return changes.compactMap { single($0, remarks: &remarks) } }
        let isSeries =
            !master.rules.isEmpty || !master.additions.isEmpty || !master.excluded.isEmpty || !changes.isEmpty
        guard isSeries else { return [single(master, remarks: &remarks)].compactMap { $0 } }
        return series(master, changes: changes, remarks: &remarks)
    }

    /// The newest version of each changed occurrence, in the file's order.
    private func latestChanges() -> [FileEvent] {
        let changes = events.filter { $0.original != nil }
        return changes.enumerated().filter { index, change in
            !changes.enumerated().contains { other, rival in
                rival.original == change.original
                    && (rival.sequence > change.sequence || (rival.sequence == change.sequence && other < index))
            }
        }.map(\.element)
    }

    private func single(_ event: FileEvent, remarks: inout [String]) -> ImportedMeeting? {
        guard let time = FileTime.meetingTime(from: event.start, to: event.end, roomZone: roomZone) else {
            remarks.append("A meeting whose time makes no sense was left out.")
            return nil
        }
        return ImportedMeeting(
            uid: uid, meeting: event.content.meeting(at: time), isCancelled: event.isCancelled,
            isInUnnamedZone: event.isInUnnamedZone, remarks: event.remarks)
    }

    private func series(_ master: FileEvent, changes: [FileEvent], remarks: inout [String]) -> [ImportedMeeting] {
        guard var first = single(master, remarks: &remarks) else { return [] }
        let seriesZone = first.meeting.time.zone
        let start = master.start.ownWall
        var rules: [RecurrenceRule] = []
        for text in master.rules {
            do {
                let rule = try RecurrenceRule(
                    rruleText: Self.withoutNegativeCount(text), seriesStart: start, zone: seriesZone)
                rules.append(rule.normalized(for: start))
            } catch {
                first.remarks.append("\(error) It was left out.")
            }
        }
        // A series without a rule is the start and what was added to it.
        let once = RecurrenceRule(frequency: .daily, end: .after(count: 1))
        var builder = SeriesBuilder(
            first, recurrence: Recurrence(rule: rules.first ?? once), roomZone: roomZone, most: Self.most)
        builder.addStart()
        let endless = builder.add(rules: rules.dropFirst())
        for addition in master.additions { builder.add(addition) }
        for excluded in master.excluded { builder.exclude(excluded) }
        for change in changes.sorted(by: Self.isEarlier) where change.andFollowing { builder.changeFollowing(change) }
        for change in changes { builder.change(change, masterSequence: master.sequence) }
        return [builder.finished()] + endless
    }

    private static func isEarlier(_ left: FileEvent, _ right: FileEvent) -> Bool {
        guard let left = left.original?.wall(in: .utc), let right = right.original?.wall(in: .utc) else { return false }
        return left < right
    }

    /// Some programs write COUNT=-1 for "without end".
    private static func withoutNegativeCount(_ text: String) -> String {
        text.split(separator: ";").filter { !$0.uppercased().hasPrefix("COUNT=-") }.joined(separator: ";")
    }
}
