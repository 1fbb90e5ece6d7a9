package import JSON

extension Definition {
    package var json: JSONValue {
        [
            "window_days": JSONValue(windowDays), "horizon_days": JSONValue(horizonDays),
            "active_days": JSONValue(activeDays),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(
            windowDays: try reader.count("window_days"), horizonDays: try reader.count("horizon_days"),
            activeDays: try reader.count("active_days"))
        try reader.finish()
    }
}

extension Threshold {
    var json: JSONValue {
        [
            "rule": .string(rule.rawValue), "value": JSONValue(value), "medium": JSONValue(medium),
            "capacity": JSONValue(capacity),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(
            rule: try reader.word("rule"), value: try reader.number("value", in: 0...1),
            medium: try reader.number("medium", in: 0...1), capacity: try reader.optionalCount("capacity"))
        if medium > value { throw reader.fault("medium", "is above the threshold") }
        try reader.finish()
    }
}

extension Calibration {
    /// `kind` none and nulls where there is none.
    static func json(_ calibration: Calibration?) -> JSONValue {
        [
            "kind": calibration == nil ? "none" : "platt", "slope": JSONValue(calibration?.slope),
            "intercept": JSONValue(calibration?.intercept), "log_loss_gain": JSONValue(calibration?.logLossGain),
            "standard_error": JSONValue(calibration?.standardError),
        ]
    }

    static func read(_ reader: consuming MemberReader) throws(ModelFileError) -> Calibration? {
        let kind = try reader.string("kind")
        var values: [Double?] = []
        for name in ["slope", "intercept", "log_loss_gain", "standard_error"] {
            values.append(try reader.optionalNumber(name))
        }
        switch (kind, values[0], values[1], values[2], values[3]) {
        case ("none", nil, nil, nil, nil):
            try reader.finish()
            return nil
        case ("platt", let slope?, let intercept?, let gain?, let error?):
            try reader.finish()
            return Calibration(slope: slope, intercept: intercept, logLossGain: gain, standardError: error)
        default: throw reader.fault("kind", "does not fit the other members")
        }
    }
}

extension Penalty {
    var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "lambda": JSONValue(lambda), "l1_ratio": JSONValue(l1Ratio),
            "grid_edge": .boolean(isAtGridEdge),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        kind = try reader.word("kind")
        lambda = try reader.number("lambda", in: 0...Double.greatestFiniteMagnitude)
        l1Ratio = try reader.number("l1_ratio", in: 0...1)
        isAtGridEdge = try reader.boolean("grid_edge")
        try reader.finish()
    }
}

extension SolverReport {
    /// A fit that did not converge gives no file.
    var json: JSONValue {
        ["iterations": JSONValue(iterations), "gradient": JSONValue(gradient), "converged": true]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(iterations: try reader.count("iterations"), gradient: try reader.number("gradient"))
        guard try reader.boolean("converged") else { throw reader.fault("converged", "is false") }
        try reader.finish()
    }
}

extension DataCard {
    var json: JSONValue {
        [
            "source": .string(source.rawValue), "label": JSONValue(label), "positive": JSONValue(positive),
            "id": JSONValue(id), "rows": JSONValue(rows), "customers": JSONValue(customers),
            "churned": JSONValue(churned), "sha256": .string(sha256),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(
            source: try reader.word("source"), label: try reader.optionalString("label"),
            positive: try reader.optionalString("positive"), id: try reader.optionalString("id"),
            rows: try reader.count("rows"), customers: try reader.count("customers"),
            churned: try reader.count("churned"), sha256: try reader.string("sha256"))
        try reader.finish()
    }
}
