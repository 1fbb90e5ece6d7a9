import Bytes
import Learning

/// The features of one instance as JSON, printed once: for the row that is stored, and for the answer that repeats them.
struct FeatureValues: ~Copyable {
    /// The features that were given, as a JSON object in the order of the schema.
    private(set) var json = ByteBuffer(capacity: 512)
    private var ranges: [Range<Int>]

    init(featureCount: Int) { ranges = Array(repeating: 0..<0, count: featureCount) }

    /// Prints the features of `instance`; those that were not given are left out.
    mutating func set(_ instance: borrowing Instance, _ model: ServingModel) {
        json.removeAll()
        json.append(byte: 0x7B)
        for feature in 0..<model.featureCount {
            let state = instance.row.state(feature)
            if state == .absent || state == .missing {
                ranges[feature] = 0..<0
                continue
            }
            if json.count > 1 { json.append(byte: 0x2C) }
            model.writeKey(feature, into: &json)
            let start = json.count
            switch state {
            case .number: json.append(shortest: instance.row.number(feature))
            case .level: model.writeLevel(instance.row.level(feature), of: feature, into: &json)
            default: json.append(instance.unseen, instance.unseenLevel(feature))
            }
            ranges[feature] = start..<json.count
        }
        json.append(byte: 0x7D)
    }

    /// Appends the value of one feature, `null` where it was not given.
    func write(_ feature: Int, into buffer: inout ByteBuffer) {
        let range = ranges[feature]
        if range.isEmpty { buffer.append("null") } else { buffer.append(json, range) }
    }
}
