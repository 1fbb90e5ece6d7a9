import Learning

/// What the figures do not say: sentences that hold for this very judged.
struct LimitsSection {
    private let judged: JudgedModel
    private var contents: ModelContents { judged.contents }
    private static let fewRows = 100

    init(_ judged: JudgedModel) { self.judged = judged }

    var markup: Markup {
        section("limits", "Limits of validity") {
            Tag.ul { for limit in limits { Tag.li(limit) } }
            if !judged.warnings.isEmpty {
                Tag.h3("Warnings")
                Tag.ul { for warning in judged.warnings.prefix(Self.fewRows) { Tag.li(Markup(warning)) } }
            }
        }
    }

    private var limits: [Markup] {
        [time, label, folds, few, refused, causes, intervals, penalty, drift, repeats].compactMap { $0 }
    }

    private var time: Markup? {
        guard judged.isForecast else {
            return "Not a forecast: the file is one moment, and some columns may end when the customer leaves."
        }
        guard case .dates(let dates) = judged.basis, dates.count == 1 else { return nil }
        return "One date judges: another season, price or campaign may give other figures."
    }

    private var label: Markup? {
        contents.horizonDays == nil
            ? "Nobody said over which time the label looks, so a probability is not one of leaving within so many days."
            : nil
    }

    private var folds: Markup? {
        guard case .outOfFold(let folds) = judged.basis else { return nil }
        return
            """
            The figures are out of fold: they belong to \(Format.count(folds, of: "fit")) on parts of the rows; \
            the model itself is the fit on all of them.
            """
    }

    private var few: Markup? {
        let quality = judged.quality
        let smaller = min(quality.churned, quality.rows - quality.churned)
        return smaller < Self.fewRows
            ? """
            Only \(Format.count(smaller, of: "row")) of the smaller class: the intervals are wide, and some \
            cannot be given.
            """
            : nil
    }

    private var refused: Markup? {
        judged.refused > 0
            ? "\(Format.count(judged.refused, of: "row")) are left out, since a model refuses them: a value is missing or new."
            : nil
    }

    private var causes: Markup? {
        """
        Effects are associations. Moving a feature by an offer need not move the customer, and features that \
        move together share their effect: one of them alone may even point the other way.
        """
    }

    private var intervals: Markup? {
        "Intervals are of chance alone: they do not cover another time, another market or faulty data."
    }

    private var penalty: Markup? {
        guard contents.penalty.lambda > 0 else { return nil }
        let edge: Markup =
            contents.penalty.isAtGridEdge
            ? " The best λ is the last one of those tried: a larger range may be better." : ""
        return "Weights are drawn towards 0 by the penalty, the less the more rows there are.\(edge)"
    }

    private var drift: Markup? {
        """
        Values outside those of training are taken on along a straight line; the share of such values is in the \
        table of features.
        """
    }

    private var repeats: Markup? {
        let rows = judged.rows
        return rows.customers < rows.count
            ? """
            \(Format.count(rows.count, of: "row")) belong to \(Format.count(rows.customers, of: "customer")): \
            intervals treat the rows as independent and are too narrow.
            """
            : nil
    }
}
