import Bytes

/// How it is decided who of a table is named.
package enum ScoreRule: Sendable {
    /// By the model's threshold.
    case threshold
    /// Nobody yet: the greatest expected losses are gathered, to find where to cut.
    case ranking(capacity: Int)
    case cut(CapacityCut)
}

/// Turns records of a table into lines of scores: bytes in, bytes out.
package struct RowScorer: ~Copyable {
    private let model: LogisticModel
    private let layout: ScoreLayout
    private var block: RowBlock
    /// Where the rows of the block stand in the piece: the record, its id, its line.
    private var records: [Record] = []
    private let cut: CapacityCut?
    /// With the rule `ranking`: what has been gathered; no lines are made then.
    package private(set) var ranking: LossRanking?
    /// Whether it matters what customers spend.
    private let wantsSpending: Bool

    private struct Record {
        let range: Range<Int>
        let id: Range<Int>
        let line: Int
        /// What the probability is multiplied by to give the expected loss.
        let spending: Double
    }

    package init(_ model: LogisticModel, _ layout: ScoreLayout, _ rule: ScoreRule = .threshold) {
        self.model = model
        self.layout = layout
        block = RowBlock(model)
        records.reserveCapacity(RowBlock.rows)
        switch rule {
        case .threshold: (cut, ranking) = (nil, nil)
        case .ranking(let capacity): (cut, ranking) = (nil, LossRanking(capacity: capacity))
        case .cut(let found): (cut, ranking) = (found, nil)
        }
        wantsSpending = cut != nil || ranking != nil
    }

    /// Scores every record of `piece`.
    package mutating func score(_ piece: consuming ScorePiece) -> ScoredPiece {
        var result = ScoredPiece(piece)
        var lines = ByteBuffer(capacity: result.piece.bytes.count)
        var rejects: [ScoredPiece.Reject] = []
        var counts = ScoreCounts()
        score(result.piece, &lines, &rejects, &counts)
        // Those of a block are found after those that could not be read.
        rejects.sort { $0.line < $1.line }
        counts.rejected = rejects.count
        result.lines = lines
        result.rejects = rejects
        result.counts = counts
        return result
    }

    private mutating func score(
        _ piece: borrowing ScorePiece, _ lines: inout ByteBuffer, _ rejects: inout [ScoredPiece.Reject],
        _ counts: inout ScoreCounts
    ) {
        var reader = CSVReader(
            piece.bytes.span, isFinal: piece.isFinal, width: layout.width, line: piece.line,
            recordBytesMax: ScorePiece.recordBytesMax)
        if piece.startsInBadLine { reader.skipRestOfLine() }
        loop: while true {
            let start = reader.consumed
            switch CSVStep(&reader) {
            case .end: break loop
            case .bad(let error):
                guard let skipped = reader.skipBadRecord() else { break loop }
                rejects.append(.init(line: reader.line, reason: .unreadable(error.kind), record: skipped))
            case .record:
                let record = reader.trimmed(start..<reader.consumed)
                if let reason = load(reader, record, &counts) {
                    rejects.append(.init(line: reader.line, reason: reason, record: record))
                } else if block.isFull {
                    finishBlock(piece.bytes, &lines, &rejects, &counts)
                }
            }
        }
        finishBlock(piece.bytes, &lines, &rejects, &counts)
    }

    // MARK: In

    /// Puts a record into the block; says why not where it cannot.
    private mutating func load(
        _ reader: borrowing CSVReader, _ record: Range<Int>, _ counts: inout ScoreCounts
    ) -> ScoreRejection? {
        let id = reader.fields[layout.id]
        if id.range.isEmpty { return .noID }
        if !Self.isASCII(reader.bytes(layout.id)) {
            if (try? reader.text(layout.id)) == nil { return .notUTF8 }
        }
        for feature in 0..<layout.places.count {
            let place = layout.places[feature]
            let reason: ScoreRejection?
            if reader.fields[place].isEscaped {
                let text = Self.unquoted(reader.bytes(place))
                reason = block.set(feature, text.span, &counts)
            } else {
                reason = block.set(feature, reader.bytes(place), &counts)
            }
            if let reason { return reason }
        }
        // With the quotes around it: the line that comes out is CSV as the one that went in.
        let isQuoted = id.range.lowerBound > record.lowerBound && reader.byte(before: id.range.lowerBound) == 0x22
        let range = isQuoted ? id.range.lowerBound - 1..<id.range.upperBound + 1 : id.range
        let spending = wantsSpending ? spending(reader) : 1
        records.append(Record(range: record, id: range, line: reader.line, spending: spending))
        block.take()
        return nil
    }

    /// What a customer spends in 30 days, 0 where that is not given; 1 where the model does not ask for it.
    private func spending(_ reader: borrowing CSVReader) -> Double {
        guard let features = model.schema.spending else { return 1 }
        guard let frequency = parseDecimal(reader.bytes(layout.places[features.frequency])),
            let check = parseDecimal(reader.bytes(layout.places[features.check]))
        else { return 0 }
        return frequency * check
    }

    private static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            var (offset, all) = (0, 0 as UInt64)
            while offset &+ 8 <= bytes.count {
                all |= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                offset &+= 8
            }
            while offset < bytes.count {
                all |= unsafe UInt64(bytes[offset])
                offset &+= 1
            }
            return all & 0x8080_8080_8080_8080 == 0
        }
    }

    private static func unquoted(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var offset = 0
        while offset < bytes.count {
            text.append(bytes[offset])
            offset += bytes[offset] == 0x22 ? 2 : 1
        }
        return text
    }

    // MARK: Out

    private mutating func finishBlock(
        _ bytes: borrowing ByteBuffer, _ lines: inout ByteBuffer, _ rejects: inout [ScoredPiece.Reject],
        _ counts: inout ScoreCounts
    ) {
        block.score()
        for row in 0..<block.count {
            let record = records[row]
            guard let probability = block.probability(row) else {
                rejects.append(.init(line: record.line, reason: .tooLarge, record: record.range))
                continue
            }
            if ranking != nil {
                ranking?.add(probability * record.spending, Self.unwrapped(record.id, bytes), place: record.line)
                continue
            }
            let decision = decision(probability, record, bytes)
            lines.append(bytes, record.id)
            lines.append(byte: 0x2C)
            lines.append(shortest: probability)
            if decision.isChurn { lines.append(",true\n") } else { lines.append(",false\n") }
            counts.scored += 1
            counts.probabilitySum += probability
            switch decision.risk {
            case .high: counts.high += 1
            case .medium: counts.medium += 1
            case .low: break
            }
        }
        block.removeAll()
        records.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private func decision(_ probability: Double, _ record: Record, _ bytes: borrowing ByteBuffer) -> RowDecision {
        guard let cut else { return model.threshold.decision(probability) }
        let loss = probability * record.spending
        return RowDecision(
            probability: probability, isFlagged: cut.flags(loss, Self.unwrapped(record.id, bytes), place: record.line),
            cut: cut.loss, spending: record.spending)
    }

    /// An id without the quotes around it.
    @_lifetime(borrow bytes)
    private static func unwrapped(_ id: Range<Int>, _ bytes: borrowing ByteBuffer) -> Span<UInt8> {
        let isQuoted = id.count > 1 && bytes[id.lowerBound] == 0x22
        return bytes.span.extracting(isQuoted ? id.lowerBound + 1..<id.upperBound - 1 : id)
    }
}

extension RowBlock {
    /// Reads an input of the row that is being filled in; says why not where it cannot.
    fileprivate mutating func set(
        _ feature: Int, _ text: Span<UInt8>, _ counts: inout ScoreCounts
    ) -> ScoreRejection? {
        if model.schema.isCategory(feature) {
            if let level = model.schema.index(ofLevel: text, feature: feature) {
                _ = set(feature, .level(level))
                return nil
            }
            if !trimmedRange(text).isEmpty {
                counts.unseen += 1
                return set(feature, model.encoder.unseen(feature)) ? nil : .unseen(feature)
            }
        } else {
            if let value = parseDecimal(text) {
                _ = set(feature, .value(value))
                return nil
            }
            if !trimmedRange(text).isEmpty { return .ofNumber(text, feature) }
        }
        return set(feature, model.encoder.missing(feature)) ? nil : .missing(feature)
    }
}
