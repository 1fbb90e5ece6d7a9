/// What a file may say of an event; the raw values are the names of its columns.
enum EventField: String, CaseIterable, Sendable {
    case customerID = "customer_id"
    case occurredAt = "occurred_at"
    case kind
    case service
    case amount
    case eventID = "event_id"

    /// Whether an event without it is none.
    var isRequired: Bool { self == .customerID || self == .occurredAt || self == .kind }

    /// The most bytes of a text.
    var bytesMax: Int { self == .kind ? 64 : 256 }
}
