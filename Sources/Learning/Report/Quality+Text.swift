extension Quality {
    /// The measures for a person, in columns.
    package var lines: [String] {
        var table = TextTable()
        let low = fixed(aucLow)
        table.add("AUC-ROC", fixed(auc), "95 %: \(low) to \(fixed(aucHigh))")
        table.add("log loss", fixed(logLoss), "constant: \(fixed(logLossConstant))")
        table.add("accuracy", fixed(accuracy))
        table.add("precision", fixed(precision))
        table.add("recall", fixed(recall))
        table.add("F1", fixed(f1))
        table.add("specificity", fixed(specificity))
        table.add("PR-AUC", fixed(prAUC))
        table.add("Brier score", fixed(brier))
        table.add("calibration error", fixed(ece))
        table.add("lift, highest tenth", fixed(lift10, decimals: 2))
        if profit != nil {
            table.add("profit per customer", fixed(profit, decimals: 2))
            table.add("at the best cut", fixed(empc, decimals: 2), "EMPC")
        }
        return table.lines
    }
}
