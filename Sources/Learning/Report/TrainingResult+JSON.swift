package import JSON

extension TrainingResult {
    /// The one object that `train --json` prints.
    ///
    /// - Parameters:
    ///   - path: where the file was written, nil if nowhere.
    ///   - definitionID: of the definition in the database, nil for other sources.
    ///   - registered: the model's number and state in the registry, nil if it is not in one.
    ///   - isUnchanged: the same bytes were there already.
    ///   - seconds: how long the run took.
    package func json(
        path: String?, definitionID: Int? = nil, registered: (number: Int, state: String)? = nil, isUnchanged: Bool,
        seconds: Double
    ) -> JSONValue {
        let contents = file.contents
        let split = contents.split
        return [
            "command": "train",
            "status": isUnchanged ? "unchanged" : "done",
            "version": .string(file.version),
            "number": JSONValue(registered?.number),
            "state": JSONValue(registered?.state),
            "model": "logistic",
            "source": .string(contents.data.source.rawValue),
            "definition": contents.definition.map { Self.definition($0, definitionID) } ?? .null,
            "split": [
                "train": Self.dates(split.train), "validation": Self.dates(split.validation),
                "test": Self.dates(split.test), "embargo_days": JSONValue(split.embargoDays),
                "folds": JSONValue(split.folds),
            ],
            "rows": Self.each(split) { JSONValue($0.rows) },
            "customers": Self.each(split) { JSONValue($0.customers) },
            "churn_share": Self.each(split) { JSONValue(Double($0.churned) / Double($0.rows)) },
            "penalty": contents.penalty.json,
            "solver": contents.solver.json,
            "unused": .array(
                contents.features.compactMap { feature in
                    feature.unused.map { ["feature": .string(feature.name), "reason": .string($0)] }
                }),
            "calibration": Calibration.json(contents.calibration),
            "threshold": contents.threshold.json,
            "inference": contents.inference?.json ?? .null,
            "validation": validation.json,
            "test": contents.quality.json,
            "sha256": .string(file.sha256),
            "file": JSONValue(path),
            "seconds": JSONValue(seconds),
            "warnings": JSONValue(warnings),
        ]
    }

    private static func definition(_ definition: Definition, _ id: Int?) -> JSONValue {
        guard let id else { return definition.json }
        return .object([.init("id", JSONValue(id))] + (definition.json.members ?? []))
    }

    /// The dates of a part; null for one without dates.
    private static func dates(_ part: Split.Part?) -> JSONValue {
        guard let part, !part.dates.isEmpty else { return .null }
        return JSONValue(part.dates)
    }

    private static func each(_ split: Split, _ value: (Split.Part) -> JSONValue) -> JSONValue {
        [
            "train": value(split.train), "validation": split.validation.map(value) ?? .null,
            "test": split.test.map(value) ?? .null,
        ]
    }
}

/// What a command says of an error besides its text.
extension TrainingError {
    /// Whether an option is at fault, not the data.
    package var isSetting: Bool {
        if case .setting = self { true } else { false }
    }

    /// The line at fault, where there is one.
    package var line: Int? {
        switch self {
        case .csv(let error): error.line
        case .noLabel(_, let line), .missingValue(_, let line), .tooManyLevels(_, _, let line, _): line
        default: nil
        }
    }

    /// The column at fault, where there is one.
    package var column: String? {
        switch self {
        case .noLabel(let column, _), .missingValue(let column, _), .tooManyLevels(let column, _, _, _),
            .oneClass(let column, _, _, _, _):
            column
        default: nil
        }
    }

    /// What is wrong, in one word for a script.
    package var code: String {
        switch self {
        case .csv: "csv"
        case .setting: "setting"
        case .noRows: "no_rows"
        case .noFeatures: "no_features"
        case .tooFewRows: "too_few_rows"
        case .tooFewDates: "too_few_dates"
        case .noLabel: "no_label"
        case .oneClass, .oneClassPart: "one_class"
        case .tooManyLevels: "too_many_levels"
        case .missingValue: "missing_value"
        case .separable: "separable"
        case .notConverged: "not_converged"
        }
    }
}
