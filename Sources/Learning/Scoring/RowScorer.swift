import Bytes

/// Turns records of a table into lines of scores: bytes in, bytes out.
package struct RowScorer: ~Copyable {
    private let model: LogisticModel
    private let layout: ScoreLayout
    private var block: RowBlock
    /// Where the rows of the block stand in the piece: the record, its id, its line.
    private var records: [Record] = []

    private struct Record {
        let range: Range<Int>
        let id: Range<Int>
        let line: Int
    }

    package init(_ model: LogisticModel, _ layout: ScoreLayout) {
        self.model = model
        self.layout = layout
        block = RowBlock(model)
        records.reserveCapacity(RowBlock.rows)
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
        records.append(Record(range: record, id: range, line: reader.line))
        block.take()
        return nil
    }

    private static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        var all: UInt8 = 0
        for offset in bytes.indices { all |= bytes[offset] }
        return all < 0x80
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
            lines.append(bytes, record.id)
            lines.append(byte: 0x2C)
            lines.append(shortest: probability)
            if model.threshold.isChurn(probability) { lines.append(",true\n") } else { lines.append(",false\n") }
            counts.scored += 1
            counts.probabilitySum += probability
            switch model.threshold.risk(probability) {
            case .high: counts.high += 1
            case .medium: counts.medium += 1
            case .low: break
            }
        }
        block.removeAll()
        records.removeAll(keepingCapacity: true)
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
