/// The types whose binary form this module reads and writes, by their object id in PostgreSQL's `pg_type`.
public enum PostgresType: UInt32, Sendable {
    case boolean = 16
    case bytes = 17
    case bigInteger = 20
    case smallInteger = 21
    case integer = 23
    case text = 25
    case double = 701
    case date = 1082
    case timestamp = 1184
    case numeric = 1700
    case uuid = 2950
    case json = 3802
}

/// PostgreSQL counts days and microseconds from 2000-01-01, the rest of this program from 1970-01-01.
enum PostgresEpoch {
    static let days = 10_957
    static let microseconds = 946_684_800_000_000
}
