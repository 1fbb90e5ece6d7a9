package import Bytes

/// A stretch of a table: whole records, except for a line that is too long to be one.
package struct ScorePiece: ~Copyable, Sendable {
    /// Its place among the pieces of the table.
    package let number: Int
    package let bytes: ByteBuffer
    /// The line on which it begins.
    package let line: Int
    /// Whether it begins in the middle of a line that an earlier piece rejected.
    package let startsInBadLine: Bool
    /// Whether the table ends with it.
    package let isFinal: Bool

    /// A longer record is rejected.
    package static let recordBytesMax = 1 << 20

    package init(
        number: Int, bytes: consuming ByteBuffer, line: Int, startsInBadLine: Bool, isFinal: Bool
    ) {
        self.number = number
        self.bytes = bytes
        self.line = line
        self.startsInBadLine = startsInBadLine
        self.isFinal = isFinal
    }
}

/// What came of a piece.
package struct ScoredPiece: ~Copyable, Sendable {
    /// A record that was not scored.
    package struct Reject: Sendable, Equatable {
        package let line: Int
        package let reason: ScoreRejection
        /// Its bytes in the piece.
        package let record: Range<Int>
    }

    package let piece: ScorePiece
    /// `id,probability,churn`, a line for each record that was scored, in their order.
    package var lines = ByteBuffer(capacity: 16)
    package var rejects: [Reject] = []
    package var counts = ScoreCounts()

    init(_ piece: consuming ScorePiece) { self.piece = piece }
}

/// Sums over the records of a table.
package struct ScoreCounts: Sendable, Equatable {
    package var scored = 0
    package var rejected = 0
    package var high = 0
    package var medium = 0
    /// Inputs with a level that training never saw.
    package var unseen = 0
    package var probabilitySum = 0.0

    package init() {}

    package var low: Int { scored - high - medium }

    package mutating func add(_ other: ScoreCounts) {
        scored += other.scored
        rejected += other.rejected
        high += other.high
        medium += other.medium
        unseen += other.unseen
        probabilitySum += other.probabilitySum
    }
}
