import Learning
import Report

/// A table that a model is judged on: what became of its customers stands in a column.
struct EvaluatedFile: Sendable {
    let path: String
    /// The column that says who left, the value that means so, and the column that names the customer; nil for those that
    /// the model was trained with.
    let label: String?
    let positive: String?
    let id: String?
}

/// The rows of a file, and what a model and its rival said of them.
struct JudgedFile: Sendable {
    let judged: JudgedModel
    /// Nil where the model learnt from the very file: each row is then scored by a fit that did not see it.
    let rows: JudgedRows?
    let warnings: [String]

    /// - Parameter rival: is compared where the features that it takes are among the model's.
    init(
        _ file: EvaluatedFile, _ model: RegisteredModel, rival: RegisteredModel?, costs: Costs?
    ) throws(CommandError) {
        let contents = model.file.contents
        let layout = try Self.layout(file, contents)
        let (table, sha256) = try InputFile.readTable(file.path, layout)
        var judged: JudgedModel
        if sha256 == contents.data.sha256, contents.split.folds != nil {
            rows = nil
            warnings = ["the model learnt from this very file: each row is scored by a fit that had not seen it"]
            do throws(TrainingError) {
                judged = try JudgedModel(outOfFold: model.file, table, costs: costs ?? contents.costs)
            } catch { throw CommandError(training: error, file: file.path) }
        } else {
            let names = contents.features.map(\.name)
            let isComparable = rival.map { $0.file.contents.features.allSatisfy { names.contains($0.name) } } ?? false
            do throws(TableMismatch) {
                let rows = try JudgedRows(
                    table, candidate: model.file.model, champion: isComparable ? rival?.file.model : nil)
                self.rows = rows
                judged = JudgedModel(model.file, .file, table, rows, costs: costs ?? contents.costs)
                warnings =
                    rows.refused > 0 ? ["\(rows.refused) customers were left out: a model refuses their row"] : []
            } catch {
                throw CommandError(
                    .data, "\(file.path): \(error)", code: "unfit_table",
                    place: CommandError.Place(file: file.path, column: error.column))
            }
        }
        judged.fileName = String(file.path.split(separator: "/").last ?? "-")
        judged.sha256 = sha256
        self.judged = judged
    }

    private static func layout(_ file: EvaluatedFile, _ contents: ModelContents) throws(CommandError) -> CSVLayout {
        guard let label = file.label ?? contents.data.label, let positive = file.positive ?? contents.data.positive
        else {
            throw CommandError(
                .usage, "the model was not trained on a table: say with --label and --positive who left in this one")
        }
        var layout = CSVLayout(
            label: label, positive: positive, id: file.id ?? contents.data.id,
            features: contents.features.map(\.name),
            categorical: contents.features.filter(\.isCategory).map(\.name))
        layout.needsBothClasses = false
        return layout
    }
}
