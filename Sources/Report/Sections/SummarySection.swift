import Learning

/// The first screen: what a manager needs, in words and counts.
struct SummarySection {
    private let judged: JudgedModel
    private let features: FeatureFindings

    init(_ judged: JudgedModel, _ features: FeatureFindings) {
        self.judged = judged
        self.features = features
    }

    var markup: Markup {
        Tag.header(.class("summary")) {
            if judged.quality.isNoBetterThanConstant { noBetter }
            Tag.h1("Churn model \(Tag.code(Markup(judged.modelName))), judged on \(judgedOn)")
            Tag.p(headline, .class("headline"))
            for notice in notices { Tag.p(notice, .class("notice")) }
            if judged.quality.rows > 0 { people }
            Tag.div(.class("tiles")) { for tile in tiles { tile } }
            Tag.ul(.class("answers")) { for answer in SummaryAnswers(judged, features).items { answer } }
        }
    }

    private var noBetter: Markup {
        let loss = Format.number(judged.quality.logLoss, decimals: 4)
        let constant = Format.number(judged.quality.logLossConstant, decimals: 4)
        let value: Markup = judged.quality.logLoss == nil ? "infinite" : Markup(loss)
        return Tag.p(.class("notice")) {
            Tag.strong("This model is no better than saying the same chance for everybody.")
            " Its log loss is \(value), that of the constant \(constant). Do not decide anything by it."
        }
    }

    private var judgedOn: Markup {
        switch judged.basis {
        case .dates(let dates) where dates.count == 1: "customers of \(dates[0])"
        case .dates(let dates):
            """
            customers of \(Format.count(dates.count, of: "date")), \(dates.first ?? Format.none) to \
            \(dates.last ?? Format.none)
            """
        case .outOfFold: "its own file, each row by a fit that had not seen it"
        case .file: "\(judged.fileName.map(Format.name) ?? "a file") it had not seen"
        case .trainingRows: "the rows it was trained on"
        }
    }

    // MARK: The sentence

    private var headline: Markup {
        let confusion = judged.confusion
        let total = judged.quality.rows
        guard total > 0 else { return "There are no customers to judge the model on." }
        let who: Markup = "Of \(Format.count(total, of: customers)), \(left(judged.quality.churned)) \(period)."
        let named = confusion.truePositives + confusion.falsePositives
        if named == 0 { return "\(who) The model names nobody." }
        return
            """
            \(who) The model names \(Format.count(named)), and \(left(confusion.truePositives)) of them \
            \(isRight(confusion.truePositives)).
            """
    }

    private var customers: String { judged.rows.customers == judged.rows.count ? "customer" : "row" }

    private func left(_ count: Int) -> Markup {
        Tag.span(Markup(count == 0 ? "none" : Format.count(count)), .class("left"))
    }

    private func isRight(_ count: Int) -> String { count == 1 ? "is right" : "are right" }

    private var period: String {
        guard judged.isForecast else { return judged.quality.churned == 1 ? "has left" : "have left" }
        return judged.contents.horizonDays.map { "left within \(Format.count($0, of: "day"))" } ?? "left"
    }

    private var notices: [Markup] {
        var notices: [Markup] = []
        if !judged.isForecast {
            notices.append(
                """
                \(Tag.strong("Not a forecast.")) The file shows each customer at one moment, and what it says \
                may itself come from the leaving: how long somebody stayed ends when they go. The figures tell how \
                well leavers can be told from others in such a file, not how early they can be foreseen.
                """)
        }
        if judged.contents.data.source == .simulation {
            notices.append(
                "These customers are made up: the figures show how the service works, not how your customers behave.")
        }
        if judged.basis == .trainingRows {
            notices.append(
                """
                \(Tag.strong("These rows taught the model.")) It does better on them than on any others; do not \
                expect these figures again.
                """
            )
        }
        if let reason = judged.quality.reason {
            notices.append("Most measures are missing, since \(reason): there is nothing to tell apart.")
        }
        return notices
    }

    // MARK: The people

    private var people: Markup {
        let confusion = judged.confusion
        return Tag.div(.class("people")) {
            HundredDots(confusion: confusion).markup
            Tag.dl {
                line("named left", "named, and left", confusion.truePositives)
                line("missed left", "not named, but left", confusion.falseNegatives)
                line("named stayed", "named, but stayed", confusion.falsePositives)
                line("spared stayed", "not named, and stayed", confusion.trueNegatives)
            }
        }
    }

    private func line(_ style: StaticString, _ words: Markup, _ count: Int) -> Markup {
        let share = judged.quality.rows > 0 ? Double(count) / Double(judged.quality.rows) : nil
        return Tag.div {
            Tag.dt {
                Tag.svg(.class("icon"), Attribute("viewBox", "0 0 18 18"), Attribute("aria-hidden", "true")) {
                    Drawing.dot(9, 9, radius: 7.5, .class(style))
                }
            }
            Tag.dd { "\(Tag.strong(Markup(Format.count(count)))) \(words) (\(Format.percent(share)))" }
        }
    }

    // MARK: Three figures

    private var tiles: [Markup] {
        let quality = judged.quality
        let share = quality.rows > 0 ? Double(quality.churned) / Double(quality.rows) : nil
        let lift = quality.precision.flatMap { precision in share.flatMap { $0 > 0 ? precision / $0 : nil } }
        var tiles = [
            tile(
                Format.percent(quality.recall, decimals: 0), "of those who left had been named. The others were missed."
            ),
            tile(
                Format.percent(quality.precision, decimals: 0),
                "of those named did leave. Naming at random, it would be \(Format.percent(share, decimals: 0))."),
            tile(
                lift.map { Format.number($0, decimals: 1) + Format.space + "times" } ?? Format.none,
                "as many leavers among those named as among all."),
        ]
        if judged.judgement.costs != nil { tiles[2] = money }
        return tiles
    }

    private func tile(_ figure: String, _ words: Markup) -> Markup {
        Tag.div(.class("tile")) {
            Tag.p(Markup(figure), .class("big"))
            Tag.p(words)
        }
    }

    private var money: Markup {
        let profit = judged.quality.profit
        return tile(
            Format.plain(profit.map { $0 * Double(judged.quality.rows) }),
            """
            earned by approaching those named, after costs: \(Format.plain(profit)) a customer, in the currency \
            of the costs. Approaching nobody earns 0.
            """
        )
    }
}
