import CalendarModel
import Foundation

/// Which resource probably mirrors which room. Pure: names decide, capacity and building break ties; a resource is suggested to
/// one room only, and rooms whose best guess is no better than the next are left alone.
package struct MappingSuggestion: Hashable, Sendable {
    package enum Confidence: String, Hashable, Sendable, Comparable, CaseIterable {
        case possible, likely, certain

        package static func < (left: Confidence, right: Confidence) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The names are the same, or only an ending such as “-ext” or a word such as “Room” more.
        case sameName
        /// The address begins with the room's name.
        case sameAddress
        /// All words of one name are in the other.
        case sharedWords
        /// A letter or two differ.
        case similarName
    }

    package var room: RoomID
    package var resource: String
    package var confidence: Confidence
    package var reason: Reason

    /// - Returns: at most one suggestion a room and a resource, in the rooms' order.
    package static func suggest(rooms: [Room], resources: [Resource]) -> [MappingSuggestion] {
        let names = rooms.map { ComparableName($0.name) }
        let theirs = resources.map {
            (name: ComparableName($0.name), address: ComparableName(localPart(of: $0.address)))
        }
        var candidates: [Candidate] = []
        for (roomIndex, room) in rooms.enumerated() {
            for (resourceIndex, resource) in resources.enumerated() {
                let other = theirs[resourceIndex]
                guard let match = match(names[roomIndex], other.name, other.address) else { continue }
                candidates.append(
                    Candidate(
                        room: roomIndex, resource: resourceIndex, score: match.score + bonus(room, resource),
                        reason: match.reason))
            }
        }
        // The best pairs first; what is left over goes to the others.
        candidates.sort {
            ($1.score, rooms[$0.room].name, resources[$0.resource].address)
                < ($0.score, rooms[$1.room].name, resources[$1.resource].address)
        }
        let ambiguous = ambiguousRooms(candidates)
        var takenRooms = ambiguous
        var takenResources: Set<Int> = []
        var result: [Int: MappingSuggestion] = [:]
        for candidate in candidates
        where !takenRooms.contains(candidate.room) && !takenResources.contains(candidate.resource) {
            takenRooms.insert(candidate.room)
            takenResources.insert(candidate.resource)
            result[candidate.room] = MappingSuggestion(
                room: rooms[candidate.room].id, resource: resources[candidate.resource].address,
                confidence: confidence(candidate.score), reason: candidate.reason)
        }
        return rooms.indices.compactMap { result[$0] }
    }

    private struct Candidate {
        var room: Int
        var resource: Int
        var score: Double
        var reason: Reason
    }

    /// Rooms with two resources that fit equally well: a guess would be right half of the time.
    private static func ambiguousRooms(_ candidates: [Candidate]) -> Set<Int> {
        var best: [Int: Double] = [:]
        var result: Set<Int> = []
        for candidate in candidates {
            guard let score = best[candidate.room] else {
                best[candidate.room] = candidate.score
                continue
            }
            if candidate.score > score - 0.001 { result.insert(candidate.room) }
        }
        return result
    }

    private static func confidence(_ score: Double) -> Confidence {
        score >= 0.95 ? .certain : score >= 0.8 ? .likely : .possible
    }

    private static func match(
        _ room: ComparableName, _ name: ComparableName, _ address: ComparableName
    ) -> (score: Double, reason: Reason)? {
        guard !room.core.isEmpty else { return nil }
        if room.core == name.core { return (1, .sameName) }
        if room.core == address.core { return (0.96, .sameAddress) }
        if !name.words.isEmpty, room.words.isSubset(of: name.words) || name.words.isSubset(of: room.words) {
            let shared = Double(room.words.intersection(name.words).count)
            let all = Double(room.words.union(name.words).count)
            // Numbers tell rooms apart: “Room 1” is not “Room 12”.
            guard room.numbers == name.numbers || room.numbers.isEmpty || name.numbers.isEmpty else { return nil }
            return (0.6 + 0.2 * shared / all, .sharedWords)
        }
        let length = max(room.letters.count, name.letters.count)
        guard length >= 5, room.numbers == name.numbers,
            let distance = editDistance(room.letters, name.letters, atMost: 2)
        else { return nil }
        return (0.8 - 0.3 * Double(distance) / Double(length), .similarName)
    }

    /// Too little to turn a worse name into a better one, enough to choose between equal ones.
    private static func bonus(_ room: Room, _ resource: Resource) -> Double {
        var bonus = 0.0
        if let seats = room.capacity, let others = resource.capacity { bonus += seats == others ? 0.01 : -0.01 }
        if let building = resource.building.map({ ComparableName($0).plain }), !building.isEmpty {
            bonus += ComparableName(room.location).plain.contains(building) ? 0.02 : 0
        }
        return bonus
    }

    private static func localPart(of address: String) -> String { String(address.prefix { $0 != "@" }) }

    /// The number of letters to change, add or drop; nil when it is more than `limit`.
    static func editDistance(_ left: [Character], _ right: [Character], atMost limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count] <= limit ? row[right.count] : nil
    }
}

/// A room's name without what does not tell rooms apart: case, accents, punctuation, and words such as “Room” or “-ext”.
struct ComparableName: Hashable {
    /// Lower-case words without accents, joined by spaces.
    let plain: String
    /// The words that count.
    let words: Set<String>
    let numbers: Set<String>
    /// The words that count, in their order.
    let core: String
    let letters: [Character]

    private static let noise: Set<String> = [
        "ext", "external", "mirror", "sync", "loopbooking", "room", "rooms", "meeting", "meetingroom", "conference",
        "conf", "rom", "moterom", "motesal", "mr", "resource", "res", "cal", "calendar", "the",
    ]
    private static let plainLetters: [(String, String)] = [
        ("ø", "o"), ("æ", "ae"), ("å", "a"), ("ß", "ss"), ("ð", "d"), ("þ", "th"), ("ł", "l"),
    ]

    init(_ text: String) {
        var folded = text.lowercased()
        for (letter, plain) in Self.plainLetters { folded = folded.replacingOccurrences(of: letter, with: plain) }
        folded = String(
            String.UnicodeScalarView(
                folded.decomposedStringWithCompatibilityMapping.unicodeScalars.filter {
                    $0.properties.generalCategory != .nonspacingMark
                }))
        let all = Self.split(folded)
        plain = all.joined(separator: " ")
        let counted = all.filter { !Self.noise.contains($0) }
        // A room that is called “Meeting room” has nothing else.
        let kept = counted.isEmpty ? all : counted
        words = Set(kept)
        numbers = Set(kept.filter { $0.allSatisfy(\.isNumber) })
        core = kept.joined(separator: " ")
        letters = Array(core)
    }

    /// At everything that is no letter or digit, and between letters and digits.
    private static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            guard character.isLetter || character.isNumber else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if let last = word.last, last.isNumber != character.isNumber {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        // “007” and “7” are one number.
        return words.map { word in
            guard word.allSatisfy(\.isNumber) else { return word }
            let digits = word.drop { $0 == "0" }
            return digits.isEmpty ? "0" : String(digits)
        }
    }
}
