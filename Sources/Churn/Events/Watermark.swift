import JSON
import Postgres

/// Up to when all that happened is known.
enum Watermark {
    /// The latest event, or what a person said of a load; NULL before the first event.
    static let expression = """
        greatest((SELECT max(coalesce(complete_to, last_event)) FROM loads WHERE state = 'loaded'), \
        (SELECT max(streamed_to) FROM event_days))
        """

    /// Microseconds since 1970.
    static func read(_ connection: inout Connection) throws(PostgresError) -> Int? {
        try connection.execute("SELECT \(expression)").timestamp(0, 0)
    }
}

extension CommandSession {
    /// Up to when events are known; microseconds since 1970, nil before the first event.
    mutating func watermark() throws(CommandError) -> Int? { try perform(Watermark.read) }
}

extension CommandOutcome {
    /// Says up to when events are known, as every command that works on the database does: what it found holds for no more.
    ///
    /// - Parameter watermark: microseconds since 1970; nil before the first event.
    func known(upTo watermark: Int?) -> CommandOutcome {
        let sentence = watermark.map { "Events are known up to \(CommandText.instant($0))." } ?? "There are no events."
        return CommandOutcome(status, json: json(.instant(watermark)), text: "\(text)\n\(sentence)")
    }

    /// The same object of a command that had no database to ask.
    var withoutEvents: CommandOutcome { CommandOutcome(status, json: json(.null), text: text) }

    private func json(_ watermark: JSONValue) -> JSONValue {
        var members = json.members ?? []
        let place = members.firstIndex { $0.key == "seconds" || $0.key == "warnings" } ?? members.endIndex
        members.insert(.init("watermark", watermark), at: place)
        return .object(members)
    }
}
