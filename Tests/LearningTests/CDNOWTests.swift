import Bytes
import Learning
import Testing

/// The reference of real purchases: train, validate and test by dates, with a horizon between them.
///
/// The expected figures come from a computation with numpy that shares no code with this one.
@Suite(.disabled(if: ReferenceData.bytes("cdnow.csv") == nil, "the folder shared/data is not beside the package"))
struct CDNOWTests {
    private let definition = Definition(windowDays: 90, horizonDays: 90, activeDays: 90)

    /// The snapshots at every 28th day from 1997-04-01 to 1998-03-03.
    private func snapshots() throws -> DatedTable {
        let bytes = try #require(ReferenceData.bytes("cdnow.csv"))
        var events: [[CustomerEvent]] = []
        var present: [UInt8] = []
        for line in bytes.split(separator: 0x0A).dropFirst() {
            let fields = line.split(separator: 0x2C, omittingEmptySubsequences: false)
            guard let time = CivilTime(rfc3339: Array(fields[1]).span),
                let amount = parseDecimal(Array(fields[4]).span)
            else { throw Unreadable() }
            if !fields[0].elementsEqual(present) {
                present = Array(fields[0])
                events.append([])
            }
            let cents = Int((amount * 100).rounded())
            events[events.count - 1].append(
                CustomerEvent(second: time.daysSince1970 * 86_400, kind: .purchase, service: 0, cents: cents))
        }
        let first = CivilTime(year: 1997, month: 4, day: 1).daysSince1970
        let last = CivilTime(year: 1998, month: 3, day: 3).daysSince1970
        let ordered = events.map { $0.sorted { $0.second < $1.second } }
        return DatedTable(
            events: ordered, days: Array(stride(from: first, through: last, by: 28)), definition, source: .database)
    }

    @Test func `the reference figures come out`() throws {
        let data = try snapshots()
        var settings = TrainingSettings()
        settings.lambda = 1e-4
        let contents = try Training.train(data, settings).file.contents
        #expect(contents.split.train.rows == 64_048 && contents.split.train.customers == 23_570)
        #expect(contents.split.train.dates.last == "1997-07-22")
        #expect(contents.split.validation?.rows == 4_033 && contents.split.validation?.dates == ["1997-11-11"])
        #expect(contents.split.test?.rows == 3_714 && contents.split.test?.dates == ["1998-03-03"])
        let quality = contents.quality
        #expect(abs(try #require(quality.auc) - 0.65776) < 0.00005)
        #expect(abs(try #require(quality.aucLow) - 0.640) < 0.001)
        #expect(abs(try #require(quality.aucHigh) - 0.675) < 0.001)
        #expect(abs(try #require(quality.logLoss) - 0.645237) < 0.00001)
        #expect(abs(try #require(quality.logLossConstant) - 0.692625) < 0.000001)
        #expect(abs(try #require(quality.lift10) - 1.30) < 0.005)
        let calibration = try #require(contents.calibration)
        #expect(abs(calibration.slope - 0.668109) < 0.0001 && abs(calibration.intercept + 0.412743) < 0.0001)
        #expect(contents.features.map(\.unused) == [nil, nil, nil, "constant"])
    }

    @Test func `errors are clustered by customer, and silence alone ranks worse`() throws {
        let data = try snapshots()
        var settings = TrainingSettings()
        settings.lambda = 1e-4
        let file = try Training.train(data, settings).file
        let terms = try #require(file.contents.inference).effects.map { $0.terms[0] }
        let expected = [(-1.562639, 0.06410335), (-0.00445254, 0.00051063), (0.01423872, 0.00046182)]
        for (term, (weight, error)) in zip(terms, expected) {
            let term = try #require(term)
            #expect(abs(term.weight / weight - 1) < 1e-5 && abs(term.standardError / error - 1) < 1e-5)
        }
        #expect(terms[3] == nil)
        let test = data.days.count - 1
        let rows = try JudgedRows(data.table, rows: data.rows(test..<test + 1), candidate: file.model)
        let judged = rows.judgement(file.model.threshold)
        #expect(judged.quality == file.contents.quality)
        #expect(abs(try #require(judged.baselines.aucOfRecency) - 0.604067) < 0.000001)
        #expect(PromotionGate(rows, file, champion: nil).verdict().passed)
    }

    @Test func `λ is chosen by the log loss after Platt`() throws {
        #expect(try Training.train(snapshots(), TrainingSettings()).file.contents.penalty.lambda == 1e-5)
    }

    private struct Unreadable: Error {}
}
