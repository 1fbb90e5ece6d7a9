import Bytes
import JSON
import Learning

/// One instance of a request while it is decoded: the customer and the features, in whatever order they come.
///
/// Reused from request to request, so that decoding allocates nothing.
struct Instance: ~Copyable {
    static let customerBytesMax = 256
    /// The longest level that is stored though the model has not seen it.
    static let levelBytesMax = 256

    /// The customer's id, unescaped.
    private(set) var customer = ByteBuffer(capacity: Instance.customerBytesMax)
    private(set) var hasCustomer = false
    private(set) var hasFeatures = false
    var row: FeatureRow
    /// The levels that the model has not seen, as JSON strings: they are stored as they were sent.
    private(set) var unseen = ByteBuffer(capacity: 64)
    private var unseenRanges: [Range<Int>]
    private(set) var unseenCount = 0
    /// The feature that came first in the object before this one, then the one that followed each: at first, the schema's order.
    private var following: [Int]

    init(featureCount: Int) {
        row = FeatureRow(count: featureCount)
        following = Array(0...featureCount)
        unseenRanges = Array(repeating: 0..<0, count: featureCount)
    }

    mutating func reset() {
        customer.removeAll()
        hasCustomer = false
        hasFeatures = false
        row.reset()
        unseen.removeAll()
        unseenCount = 0
    }

    /// The unseen level of a feature whose state says that it has one.
    func unseenLevel(_ feature: Int) -> Range<Int> { unseenRanges[feature] }

    /// Takes the customer from elsewhere than a request.
    mutating func setCustomer(_ bytes: Span<UInt8>) {
        customer.removeAll()
        customer.append(bytes)
        hasCustomer = true
    }

    // MARK: Customer

    /// Reads the value of `customer_id`: 1 to 256 bytes of UTF-8 without NUL.
    mutating func readCustomer(
        _ reader: inout JSONReader, _ faults: inout Faults, _ path: InstancePath
    ) throws(JSONError) {
        if hasCustomer { faults.add(Fault(path.pointer("/customer_id"), .duplicate)) }
        hasCustomer = true
        guard try reader.peek() == .string else {
            faults.add(Fault(path.pointer("/customer_id"), .type, expected: "a string"))
            return try reader.skipValue()
        }
        let string = try reader.readString()
        customer.removeAll()
        reader.decode(string, into: &customer)
        if customer.isEmpty || customer.count > Self.customerBytesMax {
            faults.add(Fault(path.pointer("/customer_id"), .length, expected: "1 to 256 bytes"))
        } else if string.isEscaped, containsNUL(customer.span) {
            faults.add(Fault(path.pointer("/customer_id"), .nul))
        }
    }

    // MARK: Features

    /// Reads the value of `features`: an object by name, or an array in the order of the schema.
    ///
    /// - Parameter text: the bytes that `reader` reads.
    mutating func readFeatures(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ faults: inout Faults,
        _ path: InstancePath
    ) throws(JSONError) {
        if hasFeatures { faults.add(Fault(path.pointer("/features"), .duplicate)) }
        hasFeatures = true
        switch try reader.peek() {
        case .object: try readByName(&reader, text, model, &faults, path)
        case .array: try readInOrder(&reader, text, model, &faults, path)
        default:
            faults.add(Fault(path.pointer("/features"), .type, expected: "an object or an array"))
            try reader.skipValue()
        }
    }

    private mutating func readByName(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ faults: inout Faults,
        _ path: InstancePath
    ) throws(JSONError) {
        try reader.beginObject()
        var last = 0
        while try reader.nextMember() {
            guard let feature = try readName(&reader, text, model, &faults, path, hint: following[last]) else {
                try reader.skipValue()
                continue
            }
            if row.state(feature) != .absent {
                faults.add(Fault(path.pointer("/features/\(token(feature, model))"), .duplicate))
            }
            try readValue(feature, &reader, text, model, &faults, path)
            following[last] = feature
            last = feature + 1
        }
    }

    private mutating func readInOrder(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ faults: inout Faults,
        _ path: InstancePath
    ) throws(JSONError) {
        try reader.beginArray()
        var count = 0
        while try reader.nextElement() {
            if count < model.featureCount {
                try readValue(count, &reader, text, model, &faults, path)
            } else {
                try reader.skipValue()
            }
            count += 1
        }
        if count != model.featureCount {
            faults.add(Fault(path.pointer("/features"), .length, expected: "\(model.featureCount) values"))
        }
    }

    private mutating func readValue(
        _ feature: Int, _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel,
        _ faults: inout Faults, _ path: InstancePath
    ) throws(JSONError) {
        switch (try reader.peek(), model.isCategory(feature)) {
        case (.null, _):
            try reader.readNull()
            row.setMissing(feature)
        case (.number, false):
            do throws(JSONError) {
                // Plus zero: PostgreSQL has no minus zero in jsonb, and a stored row must give the same answer again.
                row.setNumber(feature, try reader.readNumber() + 0)
            } catch {
                guard error.kind == .numberOutOfRange else { throw error }
                row.setMissing(feature)
                faults.add(Fault(path.pointer("/features/\(token(feature, model))"), .range))
            }
        case (.string, true):
            try readLevel(feature, &reader, text, model, &faults, path)
        case (_, let isCategory):
            row.setMissing(feature)
            let expected = isCategory ? "a string" : "a number"
            faults.add(Fault(path.pointer("/features/\(token(feature, model))"), .type, expected: expected))
            try reader.skipValue()
        }
    }

    private mutating func readLevel(
        _ feature: Int, _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel,
        _ faults: inout Faults, _ path: InstancePath
    ) throws(JSONError) {
        let string = try reader.readString()
        if !string.isEscaped, let level = model.schema.index(ofLevel: text.extracting(string.range), feature: feature) {
            return row.setLevel(feature, level)
        }
        var decoded = ByteBuffer(capacity: string.range.count)
        reader.decode(string, into: &decoded)
        if let level = model.schema.index(ofLevel: decoded.span, feature: feature) {
            return row.setLevel(feature, level)
        }
        if containsNUL(decoded.span) {
            faults.add(Fault(path.pointer("/features/\(token(feature, model))"), .nul))
        }
        if decoded.count > Self.levelBytesMax {
            let expected = "at most \(Self.levelBytesMax) bytes"
            faults.add(Fault(path.pointer("/features/\(token(feature, model))"), .length, expected: expected))
        }
        let start = unseen.count
        unseen.append(jsonString: decoded.span)
        unseenRanges[feature] = start..<unseen.count
        row.setUnseen(feature)
        unseenCount += 1
    }

    // MARK: Names

    /// Reads the name of a feature; one that the model does not have is a fault, and nil.
    ///
    /// - Parameter hint: the feature that probably comes: callers, and PostgreSQL, keep to one order.
    private func readName(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ faults: inout Faults,
        _ path: InstancePath, hint: Int
    ) throws(JSONError) -> Int? {
        if hint < model.featureCount, model.takeKey(hint, &reader) { return hint }
        let key = try reader.readKey()
        if let feature = feature(named: key, reader, text, model, hint: hint) { return feature }
        faults.add(Fault(path.pointer("/features/\(pointerToken(key, reader))"), .unknown))
        return nil
    }

    private func feature(
        named key: JSONString, _ reader: borrowing JSONReader, _ text: Span<UInt8>, _ model: ServingModel, hint: Int
    ) -> Int? {
        if !key.isEscaped { return model.schema.index(ofName: text.extracting(key.range), hint: hint) }
        var name = ByteBuffer(capacity: key.range.count)
        reader.decode(key, into: &name)
        return model.schema.index(ofName: name.span, hint: hint)
    }

    private func token(_ feature: Int, _ model: ServingModel) -> String {
        escapedToken(model.schema.features[feature].name)
    }
}

private func containsNUL(_ bytes: Span<UInt8>) -> Bool {
    for offset in 0..<bytes.count where bytes[offset] == 0 { return true }
    return false
}
