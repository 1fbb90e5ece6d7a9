import Bytes
import JSON
import Learning

/// A prediction that came without features, while PostgreSQL is asked for them.
final class WaitingPrediction {
    /// The body, to be read once more when the features are there.
    let body: ByteBuffer
    /// How many customers those are.
    let customerCount: Int
    /// A JSON array of the customers whose features are wanted.
    let customersJSON: String
    /// The horizon of the model; features of another one would not fit it.
    let horizonDays: Int?
    /// Horizon, window and activity of the model, as `Snapshots.statement` takes them; nil where any will do.
    let days: [Int?]
    let records: Bool
    /// Whether features older than one horizon may be used.
    let allowsStale: Bool
    /// What it costs its key beyond the first token; nil where there is no rate.
    let bucket: TokenBucket?
    let requestID: ByteBuffer
    let correlationID: ByteBuffer

    init(
        _ bytes: borrowing ByteBuffer, _ range: Range<Int>, customers: [[UInt8]], model: ServingModel?,
        records: Bool, allowsStale: Bool, bucket: TokenBucket? = nil, origin: borrowing Origin
    ) {
        body = Self.copy(bytes, range)
        var json = ByteBuffer(capacity: 256)
        let distinct = Set(customers)
        customerCount = distinct.count
        json.append(byte: 0x5B)
        for (index, customer) in distinct.enumerated() {
            if index > 0 { json.append(byte: 0x2C) }
            json.append(jsonString: customer.span)
        }
        json.append(byte: 0x5D)
        customersJSON = json.text
        horizonDays = model?.model.horizonDays
        days = [horizonDays, model?.definition?.windowDays, model?.definition?.activeDays]
        self.records = records
        self.allowsStale = allowsStale
        self.bucket = bucket
        requestID = Self.copy(origin.requestID, 0..<origin.requestID.count)
        correlationID = Self.copy(origin.correlationID, 0..<origin.correlationID.count)
    }

    private static func copy(_ bytes: borrowing ByteBuffer, _ range: Range<Int>) -> ByteBuffer {
        var copy = ByteBuffer(capacity: range.count)
        copy.append(bytes, range)
        return copy
    }
}
