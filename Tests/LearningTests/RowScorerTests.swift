import Bytes
import Learning
import TestSupport
import Testing

struct RowScorerTests {
    private let model: LogisticModel
    private let header = "left,plan,id,visits,amount,age"

    init() {
        let summary = NumberSummary(minimum: 0, maximum: 9, median: 4, p01: 0, p99: 9)
        let features = [
            Feature(name: "visits", kind: .number(summary), missing: .mean),
            Feature(name: "amount", kind: .number(summary), missing: .zero),
            Feature(name: "plan", kind: .category(levels: ["a, b", "basic", "go\"ld"]), missing: .level),
            Feature(name: "age", kind: .number(summary), missing: .refuse),
        ]
        let parameters = LogisticParameters(
            intercept: 0.5,
            effects: [
                .number(weight: -0.3, mean: 4), .number(weight: 0.02, mean: 50),
                .category(weights: [0.4, -0.6, 0.1, 0.7], shares: [0.5, 0.3, 0.1, 0.1]),
                .number(weight: 0.01, mean: 40),
            ])
        model = LogisticModel(
            schema: FeatureSchema(features), parameters: parameters, threshold: Threshold(rule: .f1, value: 0.4))
    }

    /// The lines and the rejects of a text behind the header, cut into pieces of about `size` bytes.
    private func score(_ text: String, pieces size: Int = 1 << 20) throws -> (lines: String, rejects: [String]) {
        var reader = CSVReader(Array("\(header)\n".utf8).span)
        let layout = try ScoreLayout(try reader.header(), model.schema, id: "id")
        var scorer = RowScorer(model, layout)
        var cutter = PieceCutter(width: layout.width, line: 2)
        let bytes = Array(text.utf8)
        var window = ByteBuffer(capacity: size)
        var next = 0
        var (lines, rejects): (String, [String]) = ("", [])
        while true {
            let end = min(next + size, bytes.count)
            window.append(Array(bytes[next..<end]))
            next = end
            if let (cut, mark) = cutter.cut(window, isFinal: next == bytes.count) {
                var piece = ByteBuffer(capacity: cut)
                piece.append(window, 0..<cut)
                window.removeFirst(cut)
                let scored = scorer.score(
                    ScorePiece(
                        number: mark.number, bytes: piece, line: mark.line, startsInBadLine: mark.startsInBadLine,
                        isFinal: next == bytes.count))
                lines += scored.lines.text
                for reject in scored.rejects {
                    let record = scored.piece.bytes.text(reject.record)
                    rejects.append("\(reject.line): \(reject.reason.text(model.schema)): \(record)")
                }
            }
            if next == bytes.count { return (lines, rejects) }
        }
    }

    /// What serving says of a row.
    private func served(_ visits: Double?, _ amount: Double?, _ plan: String?, _ age: Double) throws -> String {
        var row = FeatureRow(count: 4)
        if let visits { row.setNumber(0, visits) }
        if let amount { row.setNumber(1, amount) }
        if let plan {
            if let level = model.schema.index(ofLevel: Array(plan.utf8).span, feature: 2) {
                row.setLevel(2, level)
            } else {
                row.setUnseen(2)
            }
        }
        row.setNumber(3, age)
        try #require(model.score(&row) == .scored)
        var text = ByteBuffer(capacity: 32)
        text.append(shortest: row.probability)
        return "\(text.text),\(row.probability >= 0.4)"
    }

    @Test func `a cut flags exactly as many as it was made for, equal losses by id and then by line`() throws {
        var random = SeededGenerator(seed: 11)
        // Few different losses, so that the cut falls among equals; some customers have several rows.
        let entries = (0..<5000).map { place in
            (
                loss: Double(Int.random(in: 0..<7, using: &random)), id: "c\(Int.random(in: 0..<900, using: &random))",
                place
            )
        }
        let order = entries.sorted { ($1.loss, $0.id, $0.2) < ($0.loss, $1.id, $1.2) }
        for capacity in [1, 3, 700, 4999, 5000, 9000] {
            var halves = [LossRanking(capacity: capacity), LossRanking(capacity: capacity)]
            for (loss, id, place) in entries { halves[place % 2].add(loss, Array(id.utf8).span, place: place) }
            halves[0].add(halves[1])
            let cut = try #require(halves[0].cut)
            let flagged = entries.filter { cut.flags($0.loss, Array($0.id.utf8).span, place: $0.2) }
            #expect(flagged.count == min(capacity, 5000))
            #expect(Set(flagged.map(\.2)) == Set(order.prefix(capacity).map(\.2)))
        }
        #expect(LossRanking(capacity: 3).cut == nil)
    }

    @Test func `a line comes out with the bits of serving, whatever is missing, quoted or unseen`() throws {
        let found = try score(
            """
            yes,basic,c1,7,12.5,33
            no,"a, b","c,2",,,40
            no,"go""ld",c3, 1e2 ,-0.5,18
            ,,"c""4",3,1,0
            ,platinum,c5,3,1,0

            no,basic,c6,-300000,12.5,33
            no,basic,c7,300000,12.5,33\r
            no,basic,ключ,0,0,33
            """)
        #expect(found.rejects == [])
        let expected = [
            "c1,\(try served(7, 12.5, "basic", 33))", "\"c,2\",\(try served(nil, nil, "a, b", 40))",
            "c3,\(try served(100, -0.5, "go\"ld", 18))", "\"c\"\"4\",\(try served(3, 1, nil, 0))",
            "c5,\(try served(3, 1, "platinum", 0))", "c6,\(try served(-300_000, 12.5, "basic", 33))",
            "c7,\(try served(300_000, 12.5, "basic", 33))", "ключ,\(try served(0, 0, "basic", 33))",
        ]
        #expect(found.lines == expected.map { "\($0)\n" }.joined())
    }

    @Test func `random rows come out with the bits of serving`() throws {
        var generator = SeededGenerator(seed: 91)
        var (text, expected) = ("", "")
        for row in 0..<2000 {
            let scale: Double = row % 10 == 0 ? 10_000 : 10
            let visits = Double.random(in: -scale...scale, using: &generator)
            let amount = Double.random(in: 0...100, using: &generator)
            let age = Double(Int.random(in: 18...90, using: &generator))
            let plan = ["basic", "a, b", "x", "go"][row % 4]
            text += "no,\"\(plan)\",c\(row),\(visits),\(amount),\(age)\n"
            expected += "c\(row),\(try served(visits, amount, plan, age))\n"
        }
        let found = try score(text)
        #expect(found.lines == expected && found.rejects == [])
    }

    @Test func `what cannot be scored is set aside with its line and reason, and the others are scored`() throws {
        let found = try score(
            """
            yes,basic,c1,7,12.5,33
            yes,basic,c2,7,12.5
            yes,basic,,7,12.5,33
            yes,basic,c4,"7,5",12.5,33
            yes,basic,c5,7,€12.5,33
            yes,basic,c6,seven,12.5,33
            yes,basic,c7,7,12.5,
            yes,ba"sic,c8,7,12.5,33
            yes,basic,c9,7,12.5,1.7e308
            yes,"basic
            two",c10,7,12.5,33
            yes,basic,c11,7,12.5,33
            """)
        let one = try served(7, 12.5, "basic", 33)
        let ten = try served(7, 12.5, "basic\ntwo", 33)
        #expect(found.lines == "c1,\(one)\nc9,1,true\nc10,\(ten)\nc11,\(one)\n")
        #expect(
            found.rejects == [
                "3: 5 fields where the header has 6: yes,basic,c2,7,12.5",
                "4: no id: yes,basic,,7,12.5,33",
                "5: visits has a comma: write 12.50, without a decimal comma or thousands: yes,basic,c4,\"7,5\",12.5,33",
                "6: amount has a currency sign: write the number alone: yes,basic,c5,7,€12.5,33",
                "7: visits is no number: yes,basic,c6,seven,12.5,33",
                "8: no value for age, which may not miss any: yes,basic,c7,7,12.5,",
                "9: a quote in the middle of a field; a field with quotes is quoted, and its quotes are doubled: "
                    + "yes,ba\"sic,c8,7,12.5,33",
            ])
    }

    @Test(arguments: [1, 13, 100, 1000]) func `pieces of any size give the same lines and rejects`(size: Int) throws {
        var text = ""
        for row in 0..<200 {
            let plan = ["basic", "\"a, b\"", "\"two\nlines\"", "ba\"d", ""][row % 5]
            text += "no,\(plan),c\(row),\(row),\(row % 7 == 0 ? "x" : "1"),3\(row % 11 == 0 ? ",more" : "")\n"
        }
        let whole = try score(text)
        #expect(whole.rejects.count > 50 && whole.lines.count > 500)
        let parts = try score(text, pieces: size)
        #expect(parts.lines == whole.lines)
        #expect(parts.rejects == whole.rejects)
    }

    @Test func `a number so large that the sum is none is set aside`() throws {
        let parameters = LogisticParameters(intercept: 0, effects: [.number(weight: 1e10, mean: 0)])
        let feature = Feature(name: "x", kind: .number(nil), missing: .refuse)
        let model = LogisticModel(
            schema: FeatureSchema([feature]), parameters: parameters, threshold: Threshold(rule: .half, value: 0.5))
        var reader = CSVReader(Array("id,x\n".utf8).span)
        var scorer = RowScorer(model, try ScoreLayout(try reader.header(), model.schema, id: "id"))
        var bytes = ByteBuffer(capacity: 64)
        bytes.append("a,1e305\nb,1\n")
        let scored = scorer.score(
            ScorePiece(number: 0, bytes: bytes, line: 2, startsInBadLine: false, isFinal: true))
        #expect(scored.lines.text == "b,1,true\n")
        let reject = try #require(scored.rejects.first)
        #expect(reject.line == 2 && reject.reason == .tooLarge && reject.record == 0..<7)
        #expect(scored.rejects.count == 1)
    }

    @Test func `a column that is not there is named`() throws {
        var reader = CSVReader(Array("id,visits,amount,plan\n".utf8).span)
        let header = try reader.header()
        #expect(throws: CSVError(.missingColumn("age", have: ["id", "visits", "amount", "plan"]), line: 1)) {
            try ScoreLayout(header, model.schema, id: "id")
        }
    }
}
