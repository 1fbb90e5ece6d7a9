/// A date and time of day in UTC, in the proleptic Gregorian calendar.
///
/// Source of the two conversions: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
public struct CivilTime: Equatable, Sendable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour = 0
    public var minute = 0
    public var second = 0
    public var microsecond = 0

    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter microseconds: since 1970-01-01T00:00:00Z, also before it.
    public init(microsecondsSince1970 microseconds: Int) {
        let days = microseconds.flooredQuotient(dividingBy: 86_400_000_000)
        var rest = microseconds - days * 86_400_000_000
        self.init(daysSince1970: days)
        microsecond = rest % 1_000_000
        rest /= 1_000_000
        second = rest % 60
        minute = rest / 60 % 60
        hour = rest / 3600
    }

    /// Midnight of the day that is `days` after 1970-01-01.
    public init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(dividingBy: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.init(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    public var daysSince1970: Int {
        let year = month <= 2 ? self.year - 1 : self.year
        let era = year.flooredQuotient(dividingBy: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    public var microsecondsSince1970: Int {
        ((daysSince1970 * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + microsecond
    }

    /// Sunday is 0.
    public var weekday: Int { (daysSince1970 + 4).flooredRemainder(dividingBy: 7) }

    /// Whether the fields name a day of the calendar and a time of day.
    ///
    /// A leap second does not count as one.
    public var isValid: Bool {
        guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return false }
        return (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
            && (0...999_999).contains(microsecond)
    }

    static func days(in month: Int, of year: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

extension Int {
    func flooredQuotient(dividingBy divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    func flooredRemainder(dividingBy divisor: Int) -> Int { self - flooredQuotient(dividingBy: divisor) * divisor }
}
