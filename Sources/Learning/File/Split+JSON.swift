import JSON

extension Split.Part {
    var json: JSONValue {
        [
            "dates": JSONValue(dates), "rows": JSONValue(rows), "customers": JSONValue(customers),
            "churned": JSONValue(churned),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(
            dates: try reader.strings("dates"), rows: try reader.count("rows"),
            customers: try reader.count("customers"), churned: try reader.count("churned"))
        try reader.finish()
    }
}

extension Split {
    var json: JSONValue {
        [
            "train": train.json, "validation": validation?.json ?? .null, "test": test?.json ?? .null,
            "embargo_days": JSONValue(embargoDays), "folds": JSONValue(folds),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        train = try Part(try reader.object("train"))
        validation = nil
        test = nil
        if let part = try reader.optionalObject("validation") { validation = try Part(part) }
        if let part = try reader.optionalObject("test") { test = try Part(part) }
        embargoDays = try reader.optionalCount("embargo_days")
        folds = try reader.optionalCount("folds")
        try reader.finish()
    }
}
