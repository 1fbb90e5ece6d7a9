import Learning
import Report
import Testing

/// What the first screen says, word by word.
struct SummaryTests {
    private func text(_ judged: JudgedModel) -> String { String(decoding: ReportPage.html(judged), as: UTF8.self) }

    /// Without the whole page in the message of a failure.
    private func says(_ judged: JudgedModel, _ words: String) -> Bool { text(judged).contains(words) }

    /// The first paragraph of that class, without spaces that do not break.
    private func paragraph(_ style: String, _ judged: JudgedModel) -> String? {
        let parts = text(judged).split(separator: "<p class=\"\(style)\">", maxSplits: 1)
        guard parts.count == 2, let end = parts[1].firstRange(of: "</p>") else { return nil }
        return String(parts[1][..<end.lowerBound].map { $0 == "\u{A0}" ? " " : $0 })
    }

    /// Rows as a dated model judges them: so many named and right, named and wrong, missed, left alone.
    private func judged(_ right: Int, _ wrong: Int, _ missed: Int, _ spared: Int) throws -> JudgedModel {
        var judged = try SampleReport.dated(customers: 60)
        let labels = [(right, true), (wrong, false), (missed, true), (spared, false)].flatMap {
            Array(repeating: $0.1, count: $0.0)
        }
        let probabilities = Array(repeating: 0.6, count: right + wrong) + Array(repeating: 0.1, count: missed + spared)
        let table = RawTable(columns: [], labels: labels, customers: labels.indices.map(Int32.init))
        judged.rows = ReportRows(table, features: judged.model.contents.features, probabilities: probabilities)
        judged.judgement = ModelJudgement(
            probabilities, labels, threshold: judged.model.contents.threshold, costs: judged.judgement.costs)
        return judged
    }

    @Test func `customers, leavers, those named and those right are counted in one sentence each`() throws {
        #expect(
            try paragraph("headline", judged(1_500, 1_600, 750, 6_150)) == """
                Of 10,000 customers, <span class="left">2,250</span> left within 30 days. \
                The model names 3,100, and <span class="left">1,500</span> of them are right.
                """)
        #expect(
            try paragraph("headline", judged(1, 0, 0, 4)) == """
                Of 5 customers, <span class="left">1</span> left within 30 days. \
                The model names 1, and <span class="left">1</span> of them is right.
                """)
        #expect(
            try paragraph("headline", judged(0, 0, 3, 4)) == """
                Of 7 customers, <span class="left">3</span> left within 30 days. The model names nobody.
                """)
        #expect(
            try paragraph("headline", judged(0, 2, 0, 4)) == """
                Of 6 customers, <span class="left">none</span> left within 30 days. \
                The model names 2, and <span class="left">none</span> of them are right.
                """)
        #expect(try paragraph("headline", judged(0, 0, 0, 0)) == "There are no customers to judge the model on.")
    }

    @Test func `a model that is no better than the constant says so before anything else`() throws {
        let bad = try judged(10, 2_000, 750, 100)
        let body = try #require(text(bad).firstRange(of: "<body>"))
        let start = "<header class=\"summary\"><p class=\"notice\"><strong>This model is no better than"
        #expect(text(bad)[body.upperBound...].hasPrefix(start))
        #expect(!says(try judged(1_500, 600, 150, 6_150), "no better than saying"))
    }

    @Test func `an infinite log loss is no better than the constant either`() throws {
        var bad = try judged(3, 3, 3, 30)
        var probabilities = bad.rows.probabilities
        probabilities[0] = 0
        let labels = bad.rows.labels
        bad.rows = ReportRows(
            RawTable(columns: [], labels: labels, customers: labels.indices.map(Int32.init)),
            features: bad.model.contents.features, probabilities: probabilities)
        bad.judgement = ModelJudgement(probabilities, labels, threshold: bad.model.contents.threshold)
        #expect(says(bad, "Its log loss is infinite, that of the constant"))
    }

    @Test func `a file at one moment is not a forecast, and its training rows flatter`() throws {
        var judged = try SampleReport.small()
        #expect(paragraph("notice", judged)?.hasPrefix("<strong>Not a forecast.</strong>") == true)
        #expect(!says(judged, "These rows taught the model"))
        judged.basis = .trainingRows
        #expect(says(judged, "<strong>These rows taught the model.</strong>"))
        #expect(!says(try self.judged(5, 5, 5, 50), "Not a forecast"))
    }

    @Test func `money is spoken of when costs were given, and only then`() throws {
        let costs = Costs(customerValue: 200, offer: 10, contact: 1, acceptance: 0.3)
        var judged = try judged(100, 50, 20, 830)
        #expect(!says(judged, "earned") && !says(judged, "Profit"))
        judged.judgement = ModelJudgement(
            judged.rows.probabilities, judged.rows.labels, threshold: judged.judgement.threshold, costs: costs)
        // 100 of those who leave gain 56 each, 50 others cost 11 each.
        #expect(says(judged, "<p class=\"big\">5,050</p>"))
        #expect(says(judged, "Profit a customer"))
    }

    @Test func `the gate's checks stand with their texts`() throws {
        var judged = try judged(100, 50, 20, 830)
        judged.gate = GateVerdict(
            passed: false, first: false, reason: "log_loss: the log loss is significantly worse",
            checks: [
                GateCheck(.golden, passed: true, text: "the golden rows come out to 1e-12"),
                GateCheck(
                    .logLoss, passed: false, candidate: 0.41, champion: 0.4, difference: 0.01, bounds: 0.004...0.016,
                    limit: 0.002, text: "the log loss is significantly worse"),
            ])
        #expect(
            says(
                judged,
                """
                <tr><th scope="row">Log loss</th><td><span class="no">no</span></td>\
                <td>the log loss is significantly worse</td><td class="number">0.4100</td><td class="number">0.4000</td>\
                <td class="number">0.0100</td><td class="number">0.0040 to 0.0160</td><td class="number">0.0020</td></tr>
                """))
        #expect(
            says(
                judged,
                "<strong>It may not replace the champion</strong>: log loss: the log loss is significantly worse."))
    }
}

extension SummaryTests {
    @Test func `a file that taught the model is judged out of fold, to the figures of the model file itself`() throws {
        let judged = try SampleReport.small()
        let quality = judged.model.contents.quality
        #expect(judged.judgement.quality == quality)
        #expect(judged.judgement.curves == judged.model.contents.curves)
    }
}
