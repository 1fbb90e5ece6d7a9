/// A request that an operation has to refuse with a status.
struct WrongRequest: CustomStringConvertible {
    let operation: String
    let status: Int
    let query: String
    let parameters: [String: String]
    let headers: [String]
    let body: String?

    init(
        _ operation: String, _ status: Int, _ query: String = "", parameters: [String: String] = [:],
        headers: [String] = [], body: String? = nil
    ) {
        self.operation = operation
        self.status = status
        self.query = query
        self.parameters = parameters
        self.headers = headers
        self.body = body
    }

    var description: String {
        "\(operation) \(status) \(query.prefix(40)) \(headers.first ?? "") \((body ?? "").prefix(40))"
    }

    static let all = [
        Self("predict", 400, body: #"{"customer_id":"#),
        Self("predict", 400, "?record=maybe", body: "{}"),
        Self("predict", 400, "?limit=1", body: "{}"),
        Self("predict", 400, headers: ["Content-Encoding: gzip"], body: "{}"),
        Self("predict", 406, headers: ["Accept: text/csv"], body: "{}"),
        Self("predict", 413, body: String(repeating: " ", count: 1 << 20) + "{}"),
        Self("predict", 415, headers: ["Content-Type: text/plain"], body: "{}"),
        Self("predict", 415, headers: ["Content-Encoding: br"], body: "{}"),
        Self("predict", 422, body: "[]"), Self("predict", 422, body: #"{"instances":[]}"#),
        Self("predict", 422, body: #"{"customer_id":1,"features":[1,"x",null,1e999],"z":0}"#),
        Self("predict", 422, body: #"{"instances":[{"customer_id":"a","features":{}}],"features":[]}"#),
        Self("predict", 422, body: #"{"instances":[\#(String(repeating: "{},", count: 1500)){}]}"#),
        Self("listHistory", 400, "?limit=1001"), Self("listHistory", 400, "?from=yesterday"),
        Self("listHistory", 400, "?churn=1&churn=1"), Self("listHistory", 400, "?cursor=x"),
        Self("listHistory", 406, headers: ["Accept: image/png"]),
        Self("headListHistory", 406, headers: ["Accept: image/png"]),
        Self("listHistory", 414, "?customer_id=" + String(repeating: "a", count: 8000)),
        Self("listCustomers", 400, "?risk=none"), Self("listCustomers", 400, "?order=name"),
        Self("listCustomers", 400, "?as_of=2026-02-30"), Self("listCustomers", 400, "?limit=0"),
        Self("listCustomers", 400, "?cursor=" + String(repeating: "0", count: 63)),
        Self("listCustomers", 406, headers: ["Accept: image/png"]),
        Self("listCustomerEvents", 400, "?limit=0"), Self("listCustomerEvents", 400, "?risk=high"),
        Self("listCustomerEvents", 400, "?cursor=" + String(repeating: "f", count: 25)),
        Self("listCustomerEvents", 400, "?cursor=7" + String(repeating: "f", count: 23)),
        Self("listCustomerEvents", 400, parameters: ["id": String(repeating: "a", count: 257)]),
        Self("listCustomerEvents", 400, parameters: ["id": "a\n"]),
        Self("summarizeHistory", 400, "?step=0d"), Self("summarizeHistory", 400, "?step=1w"),
        Self("summarizeHistory", 400, "?from=2026-01-02&to=2026-01-01"),
        Self("summarizeHistory", 400, "?from=2020-01-01&to=2026-01-01&step=1h"),
        Self("readPrediction", 400, parameters: ["id": "x"]),
        Self("readPrediction", 404, parameters: ["id": "01890a5d-ac96-774b-bcce-b302099a8057"]),
        Self("readModel", 404, parameters: ["version": "none"]),
        Self("live", 400, headers: ["Host: twice"]), Self("live", 417, headers: ["Expect: more"]),
        Self("live", 431, headers: (0..<64).map { "X-\($0): x" }),
        Self("live", 501, headers: ["Transfer-Encoding: gzip, chunked"]),
    ]
}
