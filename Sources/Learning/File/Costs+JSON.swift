package import JSON

extension Costs {
    package var json: JSONValue {
        [
            "customer_value": JSONValue(customerValue), "offer": JSONValue(offer), "contact": JSONValue(contact),
            "acceptance": JSONValue(acceptance),
        ]
    }

    init(_ reader: consuming MemberReader) throws(ModelFileError) {
        self.init(
            customerValue: try reader.number("customer_value"), offer: try reader.number("offer"),
            contact: try reader.number("contact"), acceptance: try reader.number("acceptance"))
        if let fault { throw reader.fault("customer_value", "and the other costs do not fit: \(fault)") }
        try reader.finish()
    }
}
