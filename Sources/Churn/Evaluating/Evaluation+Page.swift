import Learning
import Report

extension Evaluation {
    /// The HTML page of `--report`.
    ///
    /// - Parameter watermark: microseconds since 1970.
    func page(command: String, watermark: Int?) -> [UInt8] {
        var judged = JudgedModel(
            model.file, .dates([CommandText.date(date.day)]), date.table, date.rows, costs: costs)
        judged.number = Int(model.entry.number)
        if let champion, let quality = rivalQuality {
            judged.champion = JudgedModel.Champion(
                version: champion.entry.version, number: Int(champion.entry.number), quality: quality)
        }
        judged.gate = judging?.verdict
        judged.watermark = watermark.map { CommandText.instant($0) }
        judged.command = command
        judged.madeAt = CommandText.instant(Judging.now())
        judged.warnings = warnings
        return ReportPage.html(judged)
    }
}
