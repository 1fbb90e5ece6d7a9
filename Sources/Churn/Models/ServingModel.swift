import Bytes
import JSON
package import Learning

/// A model as the workers hold it: immutable, shared by all of them, with the fixed parts of its answers printed once.
package final class ServingModel: Sendable {
    package let model: LogisticModel
    /// First 12 hexadecimal digits of the SHA-256 of the model file.
    package let version: String
    /// Its number in the table `models`.
    package let number: Int32
    /// Over which days the model's features and label count; nil for one that was not trained on snapshots.
    let definition: Definition?
    /// What `GET /model` answers.
    package let summary: [UInt8]

    /// With a capacity: the loss expected of the last customer whom the last scoring run flagged; nil before there is one.
    let cutLoss: Double?
    private let spendingFeatures: (frequency: Int, check: Int)?

    var schema: FeatureSchema { model.schema }
    let featureCount: Int
    private let categories: [Bool]

    private let fragments: Fragments

    /// - Parameters:
    ///   - number: of the model in the table `models`.
    ///   - cutLoss: what the last scoring run came to.
    package init(_ file: ModelFile, number: Int32, cutLoss: Double? = nil) {
        model = file.model
        version = file.version
        self.number = number
        self.cutLoss = cutLoss
        definition = file.contents.definition
        spendingFeatures = file.model.schema.spending
        summary = Self.summary(of: file, number)
        featureCount = model.schema.count
        categories = model.schema.features.map(\.isCategory)
        fragments = Fragments(model, version: version)
    }

    private static func summary(of file: ModelFile, _ number: Int32) -> [UInt8] {
        var text = ByteBuffer(capacity: 4096)
        var members = file.summary.members ?? []
        members.insert(.init("number", .number(Double(number))), at: min(1, members.count))
        JSONValue.object(members).write(into: &text)
        return text.bytes
    }

    // MARK: Decisions

    /// Whether the features say what a customer spends.
    var knowsSpending: Bool { spendingFeatures != nil }

    /// What the probability of the row in `instance` is multiplied by to give the loss to expect: what the customer spends
    /// in 30 days, as the function `expected_loss` of the database has it; 1 where the model does not know.
    func spending(_ instance: borrowing Instance) -> Double {
        guard let features = spendingFeatures else { return 1 }
        guard instance.row.state(features.frequency) == .number, instance.row.state(features.check) == .number
        else { return 0 }
        return instance.row.number(features.frequency) * instance.row.number(features.check)
    }

    /// What is said of the row in `instance`, which has been scored.
    @inline(__always)
    func decision(_ instance: borrowing Instance) -> RowDecision {
        guard let cutLoss else { return model.threshold.decision(instance.row.probability) }
        let spending = spending(instance)
        let probability = instance.row.probability
        return RowDecision(
            probability: probability, isFlagged: probability * spending >= cutLoss, cut: cutLoss, spending: spending)
    }

    func isCategory(_ feature: Int) -> Bool { categories[feature] }

    /// Reads the name of a feature where it is written as this model writes it.
    func takeKey(_ feature: Int, _ reader: inout JSONReader) -> Bool {
        reader.takeKey(spelled: fragments.text, fragments.keys[feature])
    }

    // MARK: Fixed parts of answers and rows

    /// Appends `"NAME":`, a key of the stored features.
    func writeKey(_ feature: Int, into buffer: inout ByteBuffer) {
        buffer.append(fragments.text, fragments.keys[feature])
    }

    /// Appends `{"feature":"NAME","value":`.
    func writeContribution(_ feature: Int, into buffer: inout ByteBuffer) {
        buffer.append(fragments.text, fragments.contributions[feature])
    }

    /// Appends a level as a JSON string.
    func writeLevel(_ level: Int, of feature: Int, into buffer: inout ByteBuffer) {
        buffer.append(fragments.text, fragments.levels[fragments.firstLevel[feature] + level])
    }

    /// Appends `,"threshold":…,"horizon_days":…,"as_of":`.
    @inline(__always)
    func writeThreshold(_ threshold: Double, into buffer: inout ByteBuffer) {
        if threshold == model.threshold.value { return buffer.append(fragments.text, fragments.threshold) }
        buffer.append(",\"threshold\":")
        buffer.append(shortest: threshold)
        buffer.append(fragments.text, fragments.horizon)
    }

    /// Appends `,"model":"…","contributions":[`.
    func writeVersion(into buffer: inout ByteBuffer) { buffer.append(fragments.text, fragments.version) }

    /// Appends `],"base":…,"warnings":[`.
    func writeBase(into buffer: inout ByteBuffer) { buffer.append(fragments.text, fragments.base) }
}

/// Everything in an answer that depends on the model alone, one after the other in one buffer.
private struct Fragments: ~Copyable, Sendable {
    private(set) var text = ByteBuffer(capacity: 1024)
    private(set) var keys: [Range<Int>] = []
    private(set) var contributions: [Range<Int>] = []
    private(set) var levels: [Range<Int>] = []
    private(set) var firstLevel: [Int] = []
    /// The model's threshold and the horizon behind it, and the latter alone.
    private(set) var threshold = 0..<0
    private(set) var horizon = 0..<0
    private(set) var version = 0..<0
    private(set) var base = 0..<0

    init(_ model: LogisticModel, version: String) {
        for feature in model.schema.features {
            keys.append(
                add {
                    $0.append(jsonString: feature.name)
                    $0.append(byte: 0x3A)
                })
            contributions.append(
                add {
                    $0.append("{\"feature\":")
                    $0.append(jsonString: feature.name)
                    $0.append(",\"value\":")
                })
            firstLevel.append(levels.count)
            for level in feature.levels { levels.append(add { $0.append(jsonString: level) }) }
        }
        let start = add {
            $0.append(",\"threshold\":")
            $0.append(shortest: model.threshold.value)
        }
        horizon = add {
            $0.append(",\"horizon_days\":")
            if let days = model.horizonDays { $0.append(decimal: days) } else { $0.append("null") }
            $0.append(",\"as_of\":")
        }
        threshold = start.lowerBound..<horizon.upperBound
        self.version = add {
            $0.append(",\"model\":\"")
            $0.append(text: version)
            $0.append("\",\"contributions\":[")
        }
        base = add {
            $0.append("],\"base\":")
            $0.append(shortest: model.base)
            $0.append(",\"warnings\":[")
        }
    }

    private mutating func add(_ write: (inout ByteBuffer) -> Void) -> Range<Int> {
        let start = text.count
        write(&text)
        return start..<text.count
    }
}
