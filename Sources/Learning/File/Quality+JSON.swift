package import JSON

extension Confusion {
    package var json: JSONValue {
        [
            "tp": JSONValue(truePositives), "fp": JSONValue(falsePositives), "fn": JSONValue(falseNegatives),
            "tn": JSONValue(trueNegatives),
        ]
    }

    init(_ reader: inout MemberReader) throws(ModelFileError) {
        self.init(
            truePositives: try reader.count("tp"), falsePositives: try reader.count("fp"),
            falseNegatives: try reader.count("fn"), trueNegatives: try reader.count("tn"))
    }
}

extension Quality {
    /// `profit` and `empc` are null unless costs were given.
    package var json: JSONValue {
        var members: [JSONValue.Member] = [.init("n", JSONValue(rows)), .init("churned", JSONValue(churned))]
        for (key, path) in Self.measures { members.append(.init(key, JSONValue(self[keyPath: path]))) }
        members += [
            .init("confusion", confusion.json), .init("reason", JSONValue(reason)),
        ]
        return .object(members)
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        rows = try reader.count("n")
        churned = try reader.count("churned")
        var counts = try reader.object("confusion")
        confusion = try Confusion(&counts)
        try counts.finish()
        reason = try reader.optionalString("reason")
        for (key, path) in Self.measures { self[keyPath: path] = try reader.optionalNumber(key) }
        try reader.finish()
    }

    private static var measures: [(String, WritableKeyPath<Quality, Double?>)] {
        [
            ("auc", \.auc), ("auc_low", \.aucLow), ("auc_high", \.aucHigh), ("accuracy", \.accuracy),
            ("precision", \.precision), ("recall", \.recall), ("f1", \.f1), ("specificity", \.specificity),
            ("pr_auc", \.prAUC), ("log_loss", \.logLoss), ("log_loss_constant", \.logLossConstant),
            ("brier", \.brier), ("ece", \.ece), ("lift_10", \.lift10), ("profit", \.profit),
            ("empc", \.empc),
        ]
    }
}
