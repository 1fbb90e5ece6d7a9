/// Why no model came out of a training run; `description` is one line for the person who started it.
package enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    case csv(CSVError)
    /// A setting that does not fit the data or another setting.
    case setting(String)
    case noRows
    case noFeatures
    case tooFewRows(rows: Int, needed: Int)
    /// A part of the data would have no date; with all dates whose labels are mature.
    case tooFewDates(problem: String, mature: [String])
    case noLabel(column: String, line: Int)
    case oneClass(column: String, positive: String, rows: Int, churned: Int, values: [String])
    /// A part of the data (a fold, the validation dates) has one class only.
    case oneClassPart(part: String, rows: Int, churned: Int)
    case tooManyLevels(column: String, levels: Int, line: Int, limit: Int)
    case missingValue(column: String, line: Int)
    /// Without a penalty these weights would grow for ever.
    case separable(columns: [String])
    case notConverged(iterations: Int, gradient: Double, objective: Double)

    package var description: String {
        switch self {
        case .csv(let error): error.description
        case .setting(let text): text
        case .noRows: "the file has a header and no rows"
        case .noFeatures: "no column is left to learn from"
        case .tooFewRows(let rows, let needed): "\(rows) rows are too few to learn from; at least \(needed) are needed"
        case .tooFewDates(let problem, let mature):
            problem + (mature.isEmpty ? "" : "; the mature dates are " + Self.list(mature))
        case .noLabel(let column, let line): "line \(line): no value in the label column \(column)"
        case .oneClass(let column, let positive, let rows, let churned, let values):
            "the label column \(column) has one class only: \(churned) of \(rows) rows are \(positive)"
                + (values.isEmpty ? "" : "; its values are \(values.joined(separator: ", "))")
        case .oneClassPart(let part, let rows, let churned):
            "\(part) has one class only: \(churned) of \(rows) rows churned"
        case .tooManyLevels(let column, let levels, let line, let limit):
            "column \(column) has more than \(limit) levels (\(levels) were seen by line \(line)) and is not all numbers:"
                + " leave it out with --features, or name it with --id"
        case .missingValue(let column, let line):
            "line \(line): no value in column \(column), which may not miss any (--missing \(column)=…)"
        case .separable(let columns):
            "without a penalty the fit does not end: \(columns.joined(separator: "; ")) separates the classes;"
                + " use --l2 above 0 or leave the column out"
        case .notConverged(let iterations, let gradient, let objective):
            "no convergence in \(iterations) steps: largest gradient \(gradient), objective \(objective)"
        }
    }

    /// All of a short list, the ends of a long one.
    private static func list(_ names: [String]) -> String {
        guard names.count > 24 else { return names.joined(separator: ", ") }
        return names.prefix(12).joined(separator: ", ") + ", … " + names.suffix(12).joined(separator: ", ")
            + " (\(names.count) in all)"
    }
}
