import Learning
import Report

extension Evaluation {
    /// The HTML page of `--report`.
    ///
    /// - Parameter watermark: microseconds since 1970.
    func page(command: String, watermark: Int?) -> [UInt8] {
        var judged = self.judged
        judged.number = Int(model.entry.number)
        judged.champion = champion.map { champion in
            JudgedModel.Champion(
                version: champion.model.entry.version, number: Int(champion.model.entry.number),
                quality: champion.quality)
        }
        judged.gate = gate
        judged.watermark = watermark.map { CommandText.instant($0) }
        judged.command = command
        judged.madeAt = CommandText.instant(Judging.now() / 1_000_000 * 1_000_000)
        judged.warnings = warnings
        return ReportPage.html(judged)
    }
}
