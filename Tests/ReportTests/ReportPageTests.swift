import Learning
import Report
import Testing

/// What holds for every report.
struct ReportPageTests {
    private func html(_ judged: JudgedModel) -> String { String(decoding: ReportPage.html(judged), as: UTF8.self) }

    @Test func `a report on dates is whole`() throws {
        try check(html(SampleReport.dated(customers: 600, costs: Costs(customerValue: 200, offer: 10, contact: 1))))
    }

    @Test func `a report on a file is whole`() throws { try check(html(SampleReport.small())) }

    private func check(_ html: String) throws {
        let checker = MarkupChecker(html)
        #expect(checker.faults == [])
        for (id, _) in ReportPage.sections { #expect(checker.ids.contains(id), "\(id)") }
        #expect(checker.elements.count { $0 == "h1" } == 1)
        #expect(
            checker.elements.count { $0 == "title" } == 1 + checker.elements.count { $0 == "desc" } + hoverTitles(html))
        #expect(checker.elements.count { $0 == "caption" } == checker.elements.count { $0 == "table" })
        for chart in ["hundred", "roc", "pr", "calibration", "scores", "deciles", "effects-chart", "distribution-0"] {
            #expect(checker.ids.contains("\(chart)-title"), "\(chart)")
        }
        for word in ["http:", "https:", "//", "@import", "url(", "src=", "<script", "<link"] {
            if html.contains(word) { Issue.record("\(word)") }
        }
        for rule in ["@media print", "prefers-color-scheme:dark", "max-width:760px"] where !html.contains(rule) {
            Issue.record("\(rule)")
        }
        #expect(html.utf8.count < 1_000_000)
    }

    private func hoverTitles(_ html: String) -> Int { html.split(separator: "<title>").count - 1 - 1 }

    @Test func `the same model and rows give the same bytes`() throws {
        let isSame = try ReportPage.html(SampleReport.small()) == ReportPage.html(SampleReport.small())
        #expect(isSame)
    }

    @Test func `names of columns and levels are text, whatever they hold`() throws {
        let (number, level) = ("<script>alert(1)</script>", "\"><b onclick='x'>&amp;</b>")
        var judged = try SampleReport.small(number: number, level: level)
        judged.command = "churn evaluate --csv '<i>&'"
        judged.fileName = "</title><b>.csv"
        judged.warnings = ["<u>"]
        judged.watermark = "<s>"
        let html = html(judged)
        #expect(MarkupChecker(html).faults == [])
        for raw in ["<script", "<b>", "<b ", "<u>", "<i>", "<s>"] where html.contains(raw) { Issue.record("\(raw)") }
        for text in [
            "&lt;script&gt;alert(1)&lt;/script&gt;", "&quot;&gt;&lt;b onclick=&#39;x&#39;&gt;&amp;amp;&lt;/b&gt;",
        ]
        where !html.contains(text) { Issue.record("\(text)") }
    }

    @Test func `hundreds of columns with long names and many levels stay below a megabyte`() throws {
        let long = String(repeating: "<&\">", count: 200)
        let levels = (0..<90).map { "level \($0) of a category" }
        var contents = try SampleReport.small().model.contents
        contents.features = (0..<300).map { place in
            place % 2 == 0
                ? Feature(name: "\(place)\(long)", kind: .number(nil), missing: .mean)
                : Feature(name: "\(place)\(long)", kind: .category(levels: levels), missing: .refuse)
        }
        contents.parameters = LogisticParameters(
            intercept: -1,
            effects: contents.features.enumerated().map { place, feature in
                feature.isCategory
                    ? .category(
                        weights: levels.indices.map { Double($0 * place % 7) / 100 }, shares: levels.map { _ in 1 / 90 }
                    )
                    : .number(weight: Double(place) / 1_000, mean: 0)
            })
        let table = RawTable(
            columns: contents.features.enumerated().map { place, feature in
                let values: RawColumn.Values =
                    feature.isCategory
                    ? .levels((0..<200).map { Int32($0 * place % 90) }, names: levels)
                    : .numbers((0..<200).map { Double($0 * place % 97) / 7 })
                return RawColumn(name: feature.name, values: values)
            }, labels: (0..<200).map { $0 % 3 == 0 }, customers: (0..<200).map(Int32.init))
        var judged = SampleReport.judge(
            ModelFile(contents), table, (0..<200).map { Double($0) / 200 }, basis: .file)
        (judged.fileName, judged.command) = (long, long + long + long + long)
        let html = html(judged)
        #expect(html.utf8.count < 1_000_000, "\(html.utf8.count) bytes")
        #expect(MarkupChecker(html).faults == [])
        if !html.contains("89 more have smaller effects.") {
            Issue.record("effects beyond the sixtieth are not counted")
        }
    }

    @Test(arguments: [0, 1, 2, 30])
    func `one class alone, or no row at all, is reported and nothing crashes`(count: Int) throws {
        let model = try SampleReport.small().model
        for left in [false, true] {
            let table = RawTable(
                columns: [
                    RawColumn(name: "visits", values: .numbers((0..<count).map { $0 % 2 == 0 ? .nan : 3 })),
                    RawColumn(name: "amount", values: .numbers((0..<count).map { _ in .nan })),
                    RawColumn(name: "plan", values: .levels((0..<count).map { Int32($0 % 2) - 1 }, names: ["silver"])),
                ], labels: (0..<count).map { _ in left }, customers: (0..<count).map(Int32.init))
            for probability in [0, 0.3, 1] {
                var judged = SampleReport.judge(
                    model, table, (0..<count).map { _ in probability }, basis: .file)
                judged.gate = PromotionGate(
                    labels: table.labels, candidate: judged.rows.probabilities, champion: nil
                ).verdict()
                let html = html(judged)
                #expect(MarkupChecker(html).faults == [])
                let reason = count == 0 ? "no rows" : left ? "everybody churned" : "nobody churned"
                if !html.contains(reason) { Issue.record("\(reason)") }
            }
        }
    }

    @Test func `enormous values do not break a drawing`() throws {
        let model = try SampleReport.small().model
        let table = RawTable(
            columns: [RawColumn(name: "visits", values: .numbers([1e308, -1e308, 1e308, 5]))],
            labels: [true, false, true, false], customers: [0, 1, 2, 3])
        let extreme = SampleReport.judge(model, table, [0.1, 0.9, 0.5, 0.5], basis: .file)
        #expect(MarkupChecker(html(extreme)).faults == [])
    }

    @Test func `text stands out from its ground, on light and on dark`() throws {
        let html = try html(SampleReport.small())
        for (start, text) in [
            (":root{", ["ink", "soft", "left", "stayed", "mark"]),
            ("dark){:root{", ["ink", "soft", "left", "stayed", "mark"]),
        ] {
            let block = try #require(html.split(separator: start, maxSplits: 1).last?.prefix { $0 != "}" })
            var colours: [String: Colour] = [:]
            for rule in block.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
                let parts = rule.split(separator: ":")
                guard parts.count == 2, let name = parts.first?.drop(while: { $0 == " " || $0 == "-" }) else {
                    continue
                }
                colours[String(name)] = Colour(String(parts[1]))
            }
            let paper = try #require(colours["paper"])
            for name in text { #expect(try #require(colours[name]).contrast(to: paper) >= 4.5, "\(name)") }
            #expect(try #require(colours["warn-ink"]).contrast(to: #require(colours["warn"])) >= 4.5)
        }
    }
}

/// A colour as WCAG 2.2 measures it.
private struct Colour {
    let luminance: Double

    init?(_ hexadecimal: String) {
        var digits = String(hexadecimal.drop { $0 == " " || $0 == "#" })
        if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
        guard digits.count == 6, let value = Int(digits, radix: 16) else { return nil }
        let channels = [value >> 16, value >> 8 & 255, value & 255].map { channel -> Double in
            let share = Double(channel) / 255
            // The exponent 2.4 of sRGB, near enough for a threshold: x^2.4 = (x^12)^(1/5) by Newton's method.
            guard share > 0.04045 else { return share / 12.92 }
            let base = (share + 0.055) / 1.055
            let power = (0..<12).reduce(1.0) { product, _ in product * base }
            var root = base
            for _ in 0..<60 { root -= (root * root * root * root * root - power) / (5 * root * root * root * root) }
            return root
        }
        luminance = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    func contrast(to other: Colour) -> Double {
        (max(luminance, other.luminance) + 0.05) / (min(luminance, other.luminance) + 0.05)
    }
}
