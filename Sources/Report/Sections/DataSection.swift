import Learning

/// Which data, which definition, which run: what somebody needs to do it all again.
struct DataSection {
    private let judged: JudgedModel
    private var contents: ModelContents { judged.contents }
    /// Longer commands are cut.
    private static let commandLengthMax = 2_000

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section("data", "Data and definition") {
            Tag.h3("What counts as churn")
            Tag.p(definition)
            Tag.h3("What the model learnt from")
            parts
            Tag.h3("What it takes to do it again")
            card
        }
    }

    private var definition: Markup {
        if let definition = contents.definition {
            return
                """
                A customer is whoever did anything at all in the \(days(definition.activeDays)) before a date. \
                They have left when nothing of any kind happens in the \(days(definition.horizonDays)) from that date \
                on. Features look back \(days(definition.windowDays)) from the date and see nothing on it or after it.
                """
        }
        let horizon: Markup =
            contents.horizonDays.map { "The label looks \(days($0)) ahead, as whoever trained the model said." }
            ?? "The file does not say over which time."
        guard let label = contents.data.label, let positive = contents.data.positive else { return horizon }
        return
            """
            A customer has left when the column \(Tag.code(Markup(Format.name(label)))) of the file says \
            \(Tag.code(Markup(Format.name(positive)))). \(horizon)
            """
    }

    private func days(_ count: Int) -> String { Format.count(count, of: "day") }

    private var parts: Markup {
        var table = TableMarkup(
            "Rows by part", .words("Part"), .words("Dates"), .number("Rows"), .number("Customers"), .number("Left"),
            .number("Share"))
        let split = contents.split
        add(split.folds == nil ? "training" : "all, in \(split.folds ?? 0) folds", split.train, to: &table)
        if let part = split.validation { add("validation", part, to: &table) }
        if let part = split.test { add("test", part, to: &table) }
        let rows = judged.rows
        let dates = if case .dates(let dates) = judged.basis { dates } else { [String]() }
        add(
            "judged here",
            Split.Part(dates: dates, rows: rows.count, customers: rows.customers, churned: rows.churned), to: &table,
            isMarked: true)
        return table.markup
    }

    private func add(_ name: Markup, _ part: Split.Part, to table: inout TableMarkup, isMarked: Bool = false) {
        table.add(
            name, Self.range(part.dates), Markup(Format.count(part.rows)), Markup(Format.count(part.customers)),
            Markup(Format.count(part.churned)),
            Markup(Format.percent(part.rows > 0 ? Double(part.churned) / Double(part.rows) : nil)), isMarked: isMarked)
    }

    /// `2025-02-20 to 2026-08-14 (19 dates)`.
    private static func range(_ dates: [String]) -> Markup {
        guard let first = dates.first, let last = dates.last else { return Markup(Format.none) }
        let day = { (date: String) in Tag.span(Markup(date), .class("day")) }
        if dates.count == 1 { return day(first) }
        return "\(day(first)) to \(day(last)) (\(Format.count(dates.count, of: "date")))"
    }

    private var card: Markup {
        Tag.dl(.class("card")) {
            for (name, value) in facts {
                Tag.dt(Markup(name))
                Tag.dd(value)
            }
        }
    }

    private var facts: [(String, Markup)] {
        var facts: [(String, Markup)] = [
            ("Model", "logistic regression, \(penalty), version \(code(judged.modelName))")
        ]
        facts.append(("Calibration", Markup(calibration)))
        facts.append(("Source", Markup(source)))
        if let file = judged.fileName { facts.append(("Judged on", code(Format.name(file)))) }
        if let watermark = judged.watermark { facts.append(("Watermark", "\(watermark), up to when events are known")) }
        if let days = contents.split.embargoDays { facts.append(("Embargo", "\(self.days(days)) between the parts")) }
        facts.append(("Seed", Markup(String(contents.seed))))
        facts.append(("Training data", "SHA-256 \(code(contents.data.sha256))"))
        if let sha256 = judged.sha256, sha256 != contents.data.sha256 {
            facts.append(("Judged data", "SHA-256 \(code(sha256))"))
        }
        facts.append(("Model file", "SHA-256 \(code(judged.model.sha256))"))
        facts.append(
            (
                "Solver",
                """
                \(Format.count(contents.solver.iterations, of: "step")), largest gradient \
                \(Format.plain(contents.solver.gradient))
                """
            ))
        if let command = judged.command {
            facts.append(("Command", code(String(command.prefix(Self.commandLengthMax)))))
        }
        return facts
    }

    private func code(_ text: String) -> Markup { Tag.code(Markup(text)) }

    private var penalty: String {
        contents.penalty.lambda > 0
            ? "penalty \(contents.penalty.kind.rawValue) with λ = \(Format.plain(contents.penalty.lambda))"
            : "no penalty"
    }

    private var calibration: String {
        guard let calibration = contents.calibration else { return "none was needed" }
        return
            """
            Platt, slope \(Format.number(calibration.slope, decimals: 3)), intercept \
            \(Format.number(calibration.intercept, decimals: 3)), folded into the weights
            """
    }

    private var source: String {
        switch contents.data.source {
        case .csv: "a CSV file, one row a customer or several"
        case .database: "snapshots in the database"
        case .simulation: "made-up customers, from the simulator"
        }
    }
}
