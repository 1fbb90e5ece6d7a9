import Learning
import Postgres

/// A row of `scoring_runs`: a model, a date, and how far its customers have been scored.
struct ScoringRun: Sendable {
    let model: ModelRegistry.Entry
    let definition: SnapshotDefinition
    /// Days since 1970-01-01.
    let day: Int
    private(set) var progress = Progress()
    /// Nil without a capacity.
    private(set) var cut: CapacityCut?
    private(set) var isFinished = false
    /// Snapshots when it began.
    private(set) var customers = 0

    /// What has been scored: a part of a run, or all of it.
    struct Progress: Sendable {
        var lastCustomer: String?
        var scored = 0
        var churned = 0
        var medium = 0
        var probabilities = 0.0
        /// Of those flagged; nil where the features do not say what customers spend.
        var expectedLoss: Double?

        /// - Parameter loss: nil where the features do not say what customers spend.
        mutating func add(_ probability: Double, _ risk: Risk, loss: Double?) {
            if let loss { expectedLoss = (expectedLoss ?? 0) + (risk == .high ? loss : 0) }
            scored += 1
            probabilities += probability
            if risk == .high { churned += 1 }
            if risk == .medium { medium += 1 }
        }
    }

    init(_ model: ModelRegistry.Entry, _ definition: SnapshotDefinition, day: Int) {
        self.model = model
        self.definition = definition
        self.day = day
    }

    private var key: [Parameter] { [.integer(Int(model.number)), .integer(definition.id), .date(day)] }
    private static let isThis = "WHERE model = $1 AND definition = $2 AND as_of = $3"

    /// Reads the row; false where there is none yet.
    ///
    /// Waits for the last commit of a process that was killed, which its server may still be at.
    mutating func read(_ connection: inout Connection) throws(PostgresError) -> Bool {
        let found = try connection.execute(
            """
            SELECT last_customer, scored, churned, medium, probabilities, cut_loss, cut_customer, \
            finished_at IS NOT NULL, customers FROM scoring_runs \(Self.isThis) FOR UPDATE
            """, parameters: key)
        guard found.rowCount == 1 else { return false }
        progress = Progress(
            lastCustomer: found.text(0, 0), scored: found.integer(0, 1) ?? 0, churned: found.integer(0, 2) ?? 0,
            medium: found.integer(0, 3) ?? 0, probabilities: found.double(0, 4) ?? 0)
        cut = found.double(0, 5).flatMap { loss in
            found.text(0, 6).map { CapacityCut(loss: loss, customer: Array($0.utf8)) }
        }
        isFinished = found.boolean(0, 7) == true
        customers = found.integer(0, 8) ?? 0
        return true
    }

    /// Makes the row: the run begins.
    mutating func begin(
        customers: Int, cut: CapacityCut?, _ connection: inout Connection
    ) throws(PostgresError) {
        let more: [Parameter] = [
            .integer(customers), cut.map { .double($0.loss) } ?? .null,
            cut.map { .text(String(decoding: $0.customer, as: UTF8.self)) } ?? .null,
        ]
        try connection.execute(
            """
            INSERT INTO scoring_runs (model, definition, as_of, customers, cut_loss, cut_customer) \
            VALUES ($1, $2, $3, $4, $5, $6)
            """, parameters: key + more)
        self.customers = customers
        self.cut = cut
    }

    /// Moves the progress, in the transaction that stores the rows of `page`.
    mutating func advance(by page: Progress, _ connection: inout Connection) throws(PostgresError) {
        let parameters: [Parameter] = [
            Parameter(page.lastCustomer), .integer(page.scored), .integer(page.churned), .integer(page.medium),
            .double(page.probabilities), .integer(progress.scored), page.expectedLoss.map { .double($0) } ?? .null,
        ]
        let moved = try connection.execute(
            """
            UPDATE scoring_runs SET last_customer = $4, scored = scored + $5, churned = churned + $6, \
            medium = medium + $7, probabilities = probabilities + $8, \
            expected_loss = coalesce(expected_loss + $10, $10) \(Self.isThis) AND scored = $9
            """, parameters: key + parameters)
        guard moved.affectedRows == 1 else { throw .unsuitable("somebody else is at work on this scoring run") }
        progress.lastCustomer = page.lastCustomer
        progress.scored += page.scored
        progress.churned += page.churned
        progress.medium += page.medium
        progress.probabilities += page.probabilities
    }

    /// The last customer has a row; running servers hear of it, since what a capacity cuts off may be another loss now.
    mutating func finish(_ connection: inout Connection) throws(PostgresError) {
        try connection.execute("UPDATE scoring_runs SET finished_at = now() \(Self.isThis)", parameters: key)
        try connection.execute("SELECT pg_notify('models', $1)", .text(model.version))
        isFinished = true
    }

    /// The loss at which the last finished run of a model stopped to flag; nil where there is none, or no capacity.
    static func lastCutLoss(
        _ model: ModelRegistry.Entry, _ connection: inout Connection
    ) throws(PostgresError) -> Double? {
        let found = try connection.execute(
            """
            SELECT cut_loss FROM scoring_runs WHERE model = $1 AND finished_at IS NOT NULL \
            ORDER BY as_of DESC, finished_at DESC LIMIT 1
            """, .integer(Int(model.number)))
        return found.rowCount == 1 ? found.double(0, 0) : nil
    }
}
