import Bytes

/// Dates and times as people write them on a command line, and as commands print them.
package enum CommandText {
    /// `2026-11-22` as days since 1970-01-01.
    package static func day(_ text: String, option: String) throws(CommandError) -> Int {
        guard let day = day(text) else { throw CommandError(.usage, "\(option) must be a date such as 2026-11-22") }
        return day
    }

    /// Nil for what is no date.
    package static func day(_ text: String) -> Int? {
        let bytes = Array(text.utf8) + Array("T00:00:00Z".utf8)
        guard text.utf8.count == 10, let time = CivilTime(rfc3339: bytes.span) else { return nil }
        return time.daysSince1970
    }

    /// `90d`, or `90`, as days.
    package static func days(_ text: String, option: String) throws(CommandError) -> Int {
        try days(text, option: option, least: 1)
    }

    /// The same, at least so many.
    static func days(_ text: String, option: String, least: Int) throws(CommandError) -> Int {
        guard let days = number(text, unit: "d"), (least...36_500).contains(days) else {
            throw CommandError(.usage, "\(option) must be a number of days such as 30d")
        }
        return days
    }

    /// `60s`, `5m`, or `60`, as seconds.
    package static func seconds(_ text: String, option: String) throws(CommandError) -> Int {
        let minutes = number(text, unit: "m")
        guard let seconds = text.hasSuffix("m") ? minutes.map({ $0 * 60 }) : number(text, unit: "s"),
            (0...86_400).contains(seconds)
        else { throw CommandError(.usage, "\(option) must be a time such as 60s") }
        return seconds
    }

    private static func number(_ text: String, unit: String) -> Int? {
        let digits = text.hasSuffix(unit) ? text.dropLast() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }

    /// `2026-11-22`.
    package static func date(_ daysSince1970: Int) -> String {
        var buffer = ByteBuffer(capacity: 16)
        buffer.append(date: CivilTime(daysSince1970: daysSince1970))
        return buffer.text
    }

    /// A date or a time of RFC 3339 in microseconds since 1970; nil for what is neither.
    static func instant(reading text: String) -> Int? {
        let bytes = Array(text.utf8)
        return CivilTime(rfc3339: bytes.span)?.microsecondsSince1970
    }

    /// `2026-11-22T03:00:07Z`.
    package static func instant(_ microsecondsSince1970: Int) -> String {
        var buffer = ByteBuffer(capacity: 32)
        buffer.append(time: CivilTime(microsecondsSince1970: microsecondsSince1970))
        return buffer.text
    }
}
