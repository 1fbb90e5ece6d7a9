/// Whether Platt's line is worth keeping, by rows that it was not fitted to.
///
/// Each fold is calibrated by a line fitted to the others. The line over all rows is kept when that lowers the mean log
/// loss by more than one standard error of the paired difference.
package struct CalibrationChoice: Sendable {
    /// Nil where none is kept.
    package let calibration: Calibration?
    /// Of the rows: each calibrated without its own fold where a line is kept, as they were otherwise.
    package let probabilities: [Double]

    /// - Parameters:
    ///   - logits: of rows that the fit did not see.
    ///   - folds: one number for each row.
    ///   - isAlways: keeps the line whatever it gains, since the logits are known to be shifted.
    package init(_ logits: [Double], _ labels: [Bool], folds: [UInt8], isAlways: Bool = false) {
        let raw = logits.map(Elementary.sigmoid)
        guard let line = Platt(logits, labels), let fitted = Self.crossFitted(logits, labels, folds),
            let pair = PairedMean(
                Self.losses(logits, labels), Self.losses(fitted, labels)),
            let error = pair.standardError, isAlways || pair.difference > error
        else {
            calibration = nil
            probabilities = raw
            return
        }
        calibration = Calibration(
            slope: line.slope, intercept: line.intercept, logLossGain: pair.difference, standardError: error)
        probabilities = fitted.map(Elementary.sigmoid)
    }

    /// The logits calibrated without their own folds; nil when a line cannot be had.
    private static func crossFitted(_ logits: [Double], _ labels: [Bool], _ folds: [UInt8]) -> [Double]? {
        var result = logits
        let present = Set(folds).sorted()
        guard present.count > 1 else { return nil }
        for fold in present {
            let others = folds.indices.filter { folds[$0] != fold }.map(Int32.init)
            guard let line = Platt(logits, labels, rows: others) else { return nil }
            for row in folds.indices where folds[row] == fold { result[row] = line.logit(logits[row]) }
        }
        return result
    }

    /// From the logits, so that no loss is infinite.
    private static func losses(_ logits: [Double], _ labels: [Bool]) -> [Double] {
        zip(logits, labels).map { LogisticLoss(logit: $0, outcome: $1 ? 1 : 0).loss }
    }
}
