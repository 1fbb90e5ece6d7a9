import Bytes
import HTTP
import Learning
import Linux
import Postgres
import Server

/// Predictions that name a customer and no features: the latest stored snapshot is used.
extension PredictService {
    /// Asks for the snapshots of `predictor.wantedCustomers`; the prediction goes on when they have come.
    mutating func askForSnapshots(
        _ call: Call, _ text: borrowing ByteBuffer, _ range: Range<Int>, _ loop: inout Loop
    ) {
        let waiting = WaitingPrediction(
            text, range, customers: predictor.wantedCustomers, model: predictor.current,
            records: call.options.records, allowsStale: call.allowsStale, bucket: call.bucket, origin: predictor.origin)
        ask(
            PendingRead(
                job: .snapshots(waiting), ticket: call.ticket, route: .predict, method: .post,
                takesGzip: call.takesGzip,
                requestID: waiting.requestID.isEmpty ? nil : waiting.requestID.text, askedAt: loop.now), &loop)
    }

    /// Goes on with a prediction whose snapshots have come.
    mutating func resume(
        _ waiting: WaitingPrediction, _ read: PendingRead, _ result: borrowing QueryResult, _ loop: inout Loop
    ) {
        let (snapshots, oldest) = Snapshots.read(result)
        if let problem = waiting.problem(rows: result.rowCount, oldest: oldest, now: loop.wallMicroseconds) {
            return fail(read.ticket, .predict, .post, problem, &loop)
        }
        predictor.origin.restore(waiting)
        let call = Call(
            ticket: read.ticket, takesGzip: read.takesGzip,
            options: Predictor.Options(records: waiting.records, now: loop.wallMicroseconds),
            allowsStale: waiting.allowsStale, bucket: waiting.bucket)
        score(call, waiting.body, 0..<waiting.body.count, snapshots, &loop)
    }
}

extension WaitingPrediction {
    /// Why the snapshots that were found cannot be used.
    ///
    /// - Parameters:
    ///   - rows: how many were found.
    ///   - oldest: the day of the oldest.
    ///   - now: microseconds since 1970.
    func problem(rows: Int, oldest: Int, now: Int) -> Problem? {
        if rows < customerCount {
            let detail = "No features are stored for a customer of this request; send them."
            return Problem(.notFound, "no-features", detail)
        }
        guard !allowsStale, let horizonDays, now / 86_400_000_000 - oldest > horizonDays else { return nil }
        let detail = """
            The stored features are older than the horizon of \(horizonDays) days; send new ones, \
            or say ?allow_stale=true.
            """
        return Problem(.conflict, "stale-features", detail)
    }
}
