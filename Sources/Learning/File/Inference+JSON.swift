package import JSON

extension Inference {
    package var json: JSONValue {
        [
            "reason": JSONValue(reason), "customers": JSONValue(customers),
            "effects": .array(effects.map { ["feature": .string($0.feature), "terms": .array($0.terms.map(\.json))] }),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(reason: try reader.optionalString("reason"), customers: try reader.count("customers"))
        for var member in try reader.objects("effects") {
            let feature = try member.string("feature")
            effects.append(Effects(feature: feature, terms: try WaldTerm.list(&member)))
            try member.finish()
        }
        try reader.finish()
    }
}

extension WaldTerm? {
    fileprivate var json: JSONValue {
        guard let term = self else { return .null }
        return [
            "level": JSONValue(term.level), "weight": JSONValue(term.weight),
            "standard_error": JSONValue(term.standardError), "z": JSONValue(term.z), "p": JSONValue(term.p),
            "odds_ratio": JSONValue(term.oddsRatio), "odds_ratio_low": JSONValue(term.oddsRatioLow),
            "odds_ratio_high": JSONValue(term.oddsRatioHigh), "deviation": JSONValue(term.deviation),
            "odds_ratio_deviation": JSONValue(term.oddsRatioOfDeviation),
        ]
    }
}

extension WaldTerm {
    fileprivate static func list(_ reader: inout MemberReader) throws(ModelFileError) -> [WaldTerm?] {
        var terms: [WaldTerm?] = []
        for element in try reader.array("terms") {
            if element == .null {
                terms.append(nil)
                continue
            }
            var member = try MemberReader(element, "\(reader.path).terms[\(terms.count)]")
            terms.append(
                WaldTerm(
                    level: try member.optionalString("level"), weight: try member.number("weight"),
                    standardError: try member.number("standard_error"),
                    deviation: try member.optionalNumber("deviation")))
            // What follows from these four is written for readers of the file, and not read.
            for key in ["z", "p", "odds_ratio", "odds_ratio_low", "odds_ratio_high", "odds_ratio_deviation"] {
                _ = try member.optionalNumber(key)
            }
            try member.finish()
        }
        return terms
    }
}
