package import JSON

extension TrainingResult {
    /// The one object that `train --json` prints.
    ///
    /// - Parameters:
    ///   - path: where the file was written, nil if nowhere.
    ///   - isUnchanged: the same bytes were there already.
    ///   - seconds: how long the run took.
    package func json(path: String?, isUnchanged: Bool, seconds: Double) -> JSONValue {
        let contents = file.contents
        let split = contents.split
        return [
            "command": "train",
            "status": isUnchanged ? "unchanged" : "done",
            "version": .string(file.version),
            "number": .null,
            "state": .null,
            "model": "logistic",
            "source": .string(contents.data.source.rawValue),
            "definition": contents.definition?.json ?? .null,
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
            "validation": validation.json,
            "test": contents.quality.json,
            "sha256": .string(file.sha256),
            "file": JSONValue(path),
            "seconds": JSONValue(seconds),
            "warnings": JSONValue(warnings),
        ]
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

extension TrainingError {
    /// The object that `train --json` prints when no model came out.
    package var json: JSONValue {
        var place: (line: JSONValue, column: JSONValue) = (.null, .null)
        switch self {
        case .csv(let error): place.line = JSONValue(error.line)
        case .noLabel(let column, let line), .missingValue(let column, let line):
            place = (JSONValue(line), .string(column))
        case .tooManyLevels(let column, _, let line, _): place = (JSONValue(line), .string(column))
        case .oneClass(let column, _, _, _, _): place.column = .string(column)
        default: break
        }
        return [
            "command": "train", "status": "failed",
            "error": [
                "code": .string(code), "message": .string(description), "exit": JSONValue(exitCode), "retry": false,
                "place": ["file": .null, "line": place.line, "column": place.column],
            ],
        ]
    }

    /// 64 for a setting (usage), 65 for data.
    package var exitCode: Int {
        if case .setting = self { return 64 }
        return 65
    }

    private var code: String {
        switch self {
        case .csv: "csv"
        case .setting: "setting"
        case .noRows: "no_rows"
        case .noFeatures: "no_features"
        case .tooFewRows: "too_few_rows"
        case .noLabel: "no_label"
        case .oneClass, .oneClassPart: "one_class"
        case .tooManyLevels: "too_many_levels"
        case .missingValue: "missing_value"
        case .separable: "separable"
        case .notConverged: "not_converged"
        }
    }
}
