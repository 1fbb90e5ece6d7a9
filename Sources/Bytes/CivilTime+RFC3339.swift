/// Times as RFC 3339 writes them: `2026-11-22T03:00:07.123456Z`, dates as `2026-11-22`.
extension ByteBuffer {
    /// Appends the date alone.
    public mutating func append(date time: CivilTime) {
        append(decimal: time.year, width: 4)
        append(byte: 0x2D)
        append(decimal: time.month, width: 2)
        append(byte: 0x2D)
        append(decimal: time.day, width: 2)
    }

    /// Appends date and time in UTC; a fraction of a second appears with six digits, and only if there is one.
    public mutating func append(time: CivilTime) {
        append(date: time)
        append(byte: 0x54)
        append(decimal: time.hour, width: 2)
        append(byte: 0x3A)
        append(decimal: time.minute, width: 2)
        append(byte: 0x3A)
        append(decimal: time.second, width: 2)
        if time.microsecond != 0 {
            append(byte: 0x2E)
            append(decimal: time.microsecond, width: 6)
        }
        append(byte: 0x5A)
    }
}

extension CivilTime {
    /// Reads `YYYY-MM-DD` alone, or with a time: `T` or a space, `HH:MM[:SS[.fraction]]`, then `Z`, `±HH:MM` or nothing.
    ///
    /// A date alone is midnight, a time without a zone is UTC, digits beyond microseconds are dropped.
    /// - Returns: the time in UTC; nil for any other text and for dates that the calendar does not have.
    public init?(rfc3339 text: Span<UInt8>) {
        var reader = Fields(text: text)
        guard let year = reader.digits(4), reader.take(0x2D), let month = reader.digits(2), reader.take(0x2D),
            let day = reader.digits(2)
        else { return nil }
        self.init(year: year, month: month, day: day)
        if !reader.atEnd {
            guard reader.take(0x54) || reader.take(0x74) || reader.take(0x20) else { return nil }
            guard let hour = reader.digits(2), reader.take(0x3A), let minute = reader.digits(2) else { return nil }
            self.hour = hour
            self.minute = minute
            if reader.take(0x3A) {
                guard let second = reader.digits(2), let fraction = reader.fraction() else { return nil }
                self.second = second
                self.microsecond = fraction
            }
        }
        guard isValid, let offset = reader.zone(), reader.atEnd else { return nil }
        if offset != 0 { self = CivilTime(microsecondsSince1970: microsecondsSince1970 - offset * 60_000_000) }
    }
}

/// A cursor over the digits and separators of a time.
private struct Fields: ~Escapable {
    let text: Span<UInt8>
    var offset = 0

    @_lifetime(copy text)
    init(text: Span<UInt8>) { self.text = text }

    var atEnd: Bool { offset == text.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard offset < text.count, text[offset] == byte else { return false }
        offset += 1
        return true
    }

    mutating func digits(_ width: Int) -> Int? {
        guard offset + width <= text.count else { return nil }
        var value = 0
        for _ in 0..<width {
            let digit = text[offset] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
            offset += 1
        }
        return value
    }

    /// Microseconds of `.digits`, zero where there is no fraction, nil where the point has no digit behind it.
    mutating func fraction() -> Int? {
        guard take(0x2E) else { return 0 }
        var value = 0
        var seen = 0
        while offset < text.count, text[offset] &- 0x30 < 10 {
            if seen < 6 { value = value * 10 + Int(text[offset] &- 0x30) }
            seen += 1
            offset += 1
        }
        guard seen > 0 else { return nil }
        for _ in min(seen, 6)..<6 { value *= 10 }
        return value
    }

    /// Minutes east of Greenwich; zero where nothing is left.
    mutating func zone() -> Int? {
        if atEnd || take(0x5A) || take(0x7A) { return 0 }
        let east = take(0x2B)
        guard east || take(0x2D), let hours = digits(2), take(0x3A), let minutes = digits(2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (east ? 1 : -1)
    }
}
