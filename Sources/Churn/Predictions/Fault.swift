import Bytes
import JSON

/// What is wrong with one field of a request: where, and why, and never the value itself.
struct Fault {
    /// Why a field is refused.
    ///
    /// The raw value is the `code` that programs read.
    enum Reason: String {
        case missing
        case unknown
        case duplicate
        case type
        case range
        case length
        case nul
        case unseenLevel = "unseen-level"
        case conflict

        var detail: String {
            switch self {
            case .missing: "is required"
            case .unknown: "is not a field of this model or request"
            case .duplicate: "appears twice"
            case .type: "has the wrong type"
            case .range: "is outside the range of a 64-bit floating-point number"
            case .length: "has the wrong length"
            case .nul: "contains a NUL character"
            case .unseenLevel: "is a level that the model has not seen, and the model refuses those"
            case .conflict: "cannot stand beside another field of this request"
            }
        }
    }

    /// A JSON pointer (RFC 6901) into the request body.
    let pointer: String
    let reason: Reason
    /// What was expected, where the reason alone does not say it.
    let expected: String?

    init(_ pointer: String, _ reason: Reason, expected: String? = nil) {
        self.pointer = pointer
        self.reason = reason
        self.expected = expected
    }
}

/// The faults of one request, in the order in which they were met.
///
/// Allocates only once there is a fault; a request with more than `limit` of them is told how many were left out.
struct Faults {
    static let limit = 1000

    private(set) var list: [Fault] = []
    private(set) var leftOut = 0

    var isEmpty: Bool { list.isEmpty }

    mutating func removeAll() {
        if isEmpty { return }
        list.removeAll()
        leftOut = 0
    }

    /// Whether something was wrong at this place already.
    func has(_ pointer: String) -> Bool { list.contains { $0.pointer == pointer } }

    mutating func add(_ fault: Fault) {
        if list.count < Self.limit { list.append(fault) } else { leftOut += 1 }
    }

    /// Appends `"errors":[…]`, the extension member of problem+json that lists the faults.
    func write(into body: inout ByteBuffer) {
        body.append("\"errors\":[")
        for (index, fault) in list.enumerated() {
            if index > 0 { body.append(byte: 0x2C) }
            body.append("{\"pointer\":")
            body.append(jsonString: fault.pointer)
            body.append(",\"code\":")
            body.append(jsonString: fault.reason.rawValue)
            body.append(",\"detail\":")
            body.append(jsonString: fault.expected.map { "\(fault.reason.detail): \($0)" } ?? fault.reason.detail)
            body.append(byte: 0x7D)
        }
        body.append(byte: 0x5D)
        if leftOut > 0 {
            body.append(",\"errors_left_out\":")
            body.append(decimal: leftOut)
        }
    }
}
