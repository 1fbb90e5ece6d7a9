package import Learning

/// Everything that a report says, as values: a model, the rows that judged it, and how it did.
package struct JudgedModel: Sendable {
    /// Where the rows come from that judged the model.
    package enum Basis: Sendable, Equatable {
        /// Dates, as `YYYY-MM-DD`, later than those the model learnt and chose on.
        case dates([String])
        /// The training file itself, each row scored by a fit without its fold.
        case outOfFold(folds: Int)
        /// A file that the model has not seen.
        case file
        /// The training file, scored by the model that learnt from it.
        case trainingRows
    }

    /// The model that serves now, on the same rows.
    package struct Champion: Sendable {
        package var version: String
        package var number: Int?
        package var quality: Quality

        package init(version: String, number: Int?, quality: Quality) {
            self.version = version
            self.number = number
            self.quality = quality
        }
    }

    package var model: ModelFile
    /// The model's serial number in the registry.
    package var number: Int?
    package var basis: Basis
    package var rows: ReportRows
    /// Of the probabilities and labels of `rows`.
    package var judgement: ModelJudgement
    /// Nil when there is none, or the model is the champion itself.
    package var champion: Champion?
    /// Nil when no gate was asked.
    package var gate: GateVerdict?
    /// Up to when events are known, RFC 3339.
    package var watermark: String?
    /// The name of the file judged on; nil for the database.
    package var fileName: String?
    /// Of the file judged on, in hexadecimal.
    package var sha256: String?
    /// How the report was asked for, without passwords.
    package var command: String?
    /// When, RFC 3339.
    package var madeAt: String?
    package var warnings: [String] = []
    /// How many rows a model refused, which are left out.
    package var refused = 0

    /// - Parameters:
    ///   - table: it has the model's features among its columns.
    ///   - rows: those of the table that judged the model.
    package init(
        _ model: ModelFile, _ basis: Basis, _ table: RawTable, _ rows: JudgedRows, costs: Costs? = nil
    ) {
        self.init(
            model: model, basis: basis,
            rows: ReportRows(
                table, rows: rows.rows, features: model.contents.features, probabilities: rows.candidate),
            judgement: rows.judgement(model.contents.threshold, costs: costs))
        refused = rows.refused
    }

    package init(model: ModelFile, basis: Basis, rows: ReportRows, judgement: ModelJudgement) {
        self.model = model
        self.basis = basis
        self.rows = rows
        self.judgement = judgement
    }
}

extension JudgedModel {
    var contents: ModelContents { model.contents }
    var quality: Quality { judgement.quality }
    var confusion: Confusion { judgement.quality.confusion }

    /// Whether rows are moments of a history, so that the label lies in the future of the features.
    var isForecast: Bool {
        if case .dates = basis { true } else { false }
    }

    /// The days without activity of each row; nil when the model has no such feature.
    var recency: [Double]? {
        guard let place = contents.features.firstIndex(where: { $0.name == Baselines.recencyFeature }) else {
            return nil
        }
        return rows.numbers(place)
    }

    /// `a1b2c3d4e5f6 (number 7)`.
    var modelName: String { Self.name(model.version, number) }

    static func name(_ version: String, _ number: Int?) -> String {
        number.map { "\(version) (number \($0))" } ?? version
    }
}
