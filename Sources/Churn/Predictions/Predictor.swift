import Bytes
import JSON
import Learning

/// Turns the body of `POST /predict` into rows of a batch and the body of the answer, in one pass over the bytes.
///
/// All its memory is reused: a request of the usual kind allocates nothing.
struct Predictor: ~Copyable {
    /// The most instances of one request.
    static let instancesMax = 1000

    /// How a request ended.
    enum Outcome {
        /// The answer's body has been appended; so have the rows, unless it was a what-if.
        case answered
        /// `faults` says what is wrong; nothing has been appended.
        case faulty
        /// The stored snapshots of `wantedCustomers` are needed; nothing has been appended.
        case needsSnapshots
        /// The contribution of an input leaves the range of Double; nothing has been appended.
        case overflow
    }

    /// How a request is to be answered.
    struct Options {
        /// False for a what-if: scored and not stored.
        var records = true
        /// Microseconds since 1970.
        var now: Int
    }

    private(set) var faults = Faults()
    /// Where the next request comes from.
    var origin = Origin()
    /// Customers that came without features, after `needsSnapshots`.
    ///
    /// Bytes, not Strings: two ids that Unicode calls equivalent are two customers.
    private(set) var wantedCustomers: [[UInt8]] = []
    /// The id of the first row of the last request; nil after a what-if.
    private(set) var firstID: PredictionID?
    /// How many instances the last request had.
    private(set) var answered = 0
    /// Nil until the first model has come.
    private(set) var current: ServingModel?
    private var slot: Int32 = 0
    private var instance: Instance
    private var values: FeatureValues
    var ids: PredictionIDGenerator
    private var time = ByteBuffer(capacity: 32)
    private var timeOfText = Int.min
    private var overflowed = false

    init(seed: UInt64) {
        instance = Instance(featureCount: 1)
        values = FeatureValues(featureCount: 1)
        ids = PredictionIDGenerator(seed: seed)
    }

    /// Scores with this model from the next request on.
    ///
    /// - Parameter slot: where the metrics count its predictions.
    mutating func adopt(_ model: ServingModel, slot: Int) {
        current = model
        self.slot = Int32(slot)
        instance = Instance(featureCount: model.featureCount)
        values = FeatureValues(featureCount: model.featureCount)
    }

    // MARK: A request

    /// Answers the request in `body` of `bytes`.
    ///
    /// - Parameter snapshots: stored features, for the second pass of a request that came without features.
    /// - Throws: the first byte that is not JSON; nothing has been appended then.
    mutating func predict(
        _ bytes: borrowing ByteBuffer, _ body: Range<Int>, _ options: Options, snapshots: Snapshots? = nil,
        into batch: inout Batch
    ) throws(JSONError) -> Outcome {
        guard let model = current else { preconditionFailure("a request was scored before a model had come") }
        faults.removeAll()
        if !wantedCustomers.isEmpty { wantedCustomers.removeAll() }
        overflowed = false
        firstID = nil
        answered = 0
        let mark = batch.mark
        do throws(JSONError) {
            try readBody(bytes.span.extracting(body), model, options, snapshots, &batch)
        } catch {
            batch.rollBack(to: mark)
            throw error
        }
        if faults.isEmpty, wantedCustomers.isEmpty, !overflowed { return .answered }
        batch.rollBack(to: mark)
        return !faults.isEmpty ? .faulty : overflowed ? .overflow : .needsSnapshots
    }

    private mutating func readBody(
        _ text: Span<UInt8>, _ model: ServingModel, _ options: Options, _ snapshots: Snapshots?,
        _ batch: inout Batch
    ) throws(JSONError) {
        var reader = JSONReader(text)
        guard try reader.peek() == .object else {
            try reader.skipValue()
            try reader.finish()
            return faults.add(Fault("", .type, expected: "an object"))
        }
        instance.reset()
        var hasInstances = false
        try reader.beginObject()
        while try reader.nextMember() {
            guard let key = try readMember(&reader, text, model, InstancePath(index: nil)) else { continue }
            guard reader.equals(key, "instances") else {
                faults.add(Fault("/\(pointerToken(key, reader))", .unknown))
                try reader.skipValue()
                continue
            }
            if hasInstances { faults.add(Fault("/instances", .duplicate)) }
            hasInstances = true
            let isAlone = !instance.hasCustomer && !instance.hasFeatures
            if !isAlone { faults.add(Fault("/instances", .conflict)) }
            try readInstances(&reader, text, model, options, snapshots, &batch)
            instance.reset()
        }
        try reader.finish()
        if !hasInstances {
            finish(InstancePath(index: nil), model, options, snapshots, &batch)
        } else if instance.hasCustomer || instance.hasFeatures {
            faults.add(Fault("/instances", .conflict))
        }
    }

    private mutating func readInstances(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ options: Options,
        _ snapshots: Snapshots?, _ batch: inout Batch
    ) throws(JSONError) {
        guard try reader.peek() == .array else {
            faults.add(Fault("/instances", .type, expected: "an array"))
            return try reader.skipValue()
        }
        batch.answers.append("{\"predictions\":[")
        var count = 0
        try reader.beginArray()
        while try reader.nextElement() {
            if count >= Self.instancesMax {
                try reader.skipValue()
            } else {
                if count > 0 { batch.answers.append(byte: 0x2C) }
                try readInstance(&reader, text, model, InstancePath(index: count), options, snapshots, &batch)
            }
            count += 1
        }
        batch.answers.append("]}")
        if count == 0 || count > Self.instancesMax {
            faults.add(Fault("/instances", .length, expected: "1 to \(Self.instancesMax) instances"))
        }
    }

    private mutating func readInstance(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ path: InstancePath,
        _ options: Options, _ snapshots: Snapshots?, _ batch: inout Batch
    ) throws(JSONError) {
        guard try reader.peek() == .object else {
            faults.add(Fault(path.pointer(""), .type, expected: "an object"))
            return try reader.skipValue()
        }
        instance.reset()
        try reader.beginObject()
        while try reader.nextMember() {
            guard let key = try readMember(&reader, text, model, path) else { continue }
            faults.add(Fault(path.pointer("/\(pointerToken(key, reader))"), .unknown))
            try reader.skipValue()
        }
        finish(path, model, options, snapshots, &batch)
    }

    /// Reads a member that every instance may have.
    ///
    /// - Returns: nil when it was one; otherwise its key, and the reader stands before the value.
    private mutating func readMember(
        _ reader: inout JSONReader, _ text: Span<UInt8>, _ model: ServingModel, _ path: InstancePath
    ) throws(JSONError) -> JSONString? {
        // As nearly every client writes them; then as they may be written.
        if reader.takeKey(spelled: "\"customer_id\":") {
            try instance.readCustomer(&reader, &faults, path)
            return nil
        }
        if reader.takeKey(spelled: "\"features\":") {
            try instance.readFeatures(&reader, text, model, &faults, path)
            return nil
        }
        let key = try reader.readKey()
        if reader.equals(key, "customer_id") {
            try instance.readCustomer(&reader, &faults, path)
        } else if reader.equals(key, "features") {
            try instance.readFeatures(&reader, text, model, &faults, path)
        } else {
            return key
        }
        return nil
    }

    // MARK: An instance

    /// Scores an instance that has been read, and appends its row and its answer.
    private mutating func finish(
        _ path: InstancePath, _ model: ServingModel, _ options: Options, _ snapshots: Snapshots?,
        _ batch: inout Batch
    ) {
        if !instance.hasCustomer, options.records || !instance.hasFeatures {
            faults.add(Fault(path.pointer("/customer_id"), .missing))
        }
        var asOf: Int?
        if !instance.hasFeatures {
            guard instance.hasCustomer, faults.isEmpty else { return }
            guard let snapshots else { return wantedCustomers.append(instance.customer.bytes) }
            asOf = snapshots.fill(&instance, model, &faults, path)
        }
        guard faults.isEmpty, wantedCustomers.isEmpty else { return checkMissing(path, model) }
        switch model.model.score(&instance.row) {
        case .scored: append(asOf, model, options, &batch)
        case .refused: checkMissing(path, model)
        case .overflow: overflowed = true
        }
    }

    /// Adds a fault for each feature that the schema does not allow to be missing, or unseen.
    private mutating func checkMissing(_ path: InstancePath, _ model: ServingModel) {
        guard instance.hasFeatures else { return }
        for feature in 0..<model.featureCount
        where model.model.encoder.encode(instance.row, feature) == .refused {
            let pointer = path.pointer("/features/\(escapedToken(model.schema.features[feature].name))")
            if faults.has(pointer) { continue }
            faults.add(Fault(pointer, instance.row.state(feature) == .unseen ? .unseenLevel : .missing))
        }
    }

    private mutating func append(
        _ asOf: Int?, _ model: ServingModel, _ options: Options, _ batch: inout Batch
    ) {
        var context = AnswerContext(id: nil, createdAt: options.now, asOf: asOf)
        if options.records {
            let id = ids.next(at: options.now)
            context.id = id
            context.createdAt = id.microseconds
            if firstID == nil { firstID = id }
        }
        printTime(context.createdAt)
        values.set(instance, model)
        answered += 1
        let decision = model.decision(instance)
        if options.records {
            batch.columns.append(instance, model, decision, context, origin, features: values.json)
            batch.scored.append(
                Batch.Scored(
                    probability: instance.row.probability, slot: slot, unseen: Int16(clamping: instance.unseenCount),
                    churn: decision.isChurn))
        }
        let start = batch.answers.count
        Answer.write(&instance, model, decision, context, values: values, time: time, into: &batch.answers)
        if let id = context.id, batch.keepsEvents { keepEvent(id, decision, start, &batch) }
    }

    /// Keeps the answer that begins at `start` as the event of its row.
    private func keepEvent(_ id: PredictionID, _ decision: RowDecision, _ start: Int, _ batch: inout Batch) {
        batch.events.append(
            id, churn: decision.isChurn, customer: instance.customer.span,
            request: origin.requestID.span, correlation: origin.correlationID.span, answers: batch.answers,
            start..<batch.answers.count, features: values.json)
    }

    /// Prints the time once for all rows of one instant.
    private mutating func printTime(_ microseconds: Int) {
        if microseconds == timeOfText { return }
        timeOfText = microseconds
        time.removeAll()
        time.append(time: CivilTime(microsecondsSince1970: microseconds))
    }
}
