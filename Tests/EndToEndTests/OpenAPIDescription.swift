import TestSupport

/// What the service says of itself at `/openapi.json`.
struct OpenAPIDescription {
    /// The methods that the server implements.
    static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

    let document: Document

    var schema: OpenAPISchema { OpenAPISchema(root: document) }

    /// One method of one path.
    struct Operation {
        let method: String
        let path: String
        let description: Document
        /// Those of the path and its own.
        let parameters: [Document]

        var id: String? { description["operationId"]?.string }

        /// The examples of a request's body, by name.
        var requests: [(name: String, body: Document)] {
            let examples = description["requestBody"]?["content"]?["application/json"]?["examples"]
            return (examples?.keys.sorted() ?? []).map { (name: $0, body: examples![$0]!["value"]!) }
        }

        func parameters(in place: String) -> [Document] { parameters.filter { $0["in"]?.string == place } }

        /// Path and query of a request; parameters of the path that are not given have the value of their example.
        func target(_ values: [String: String] = [:]) -> String {
            var target = path
            for parameter in parameters(in: "path") {
                let name = parameter["name"]!.string!
                target.replace("{\(name)}", with: escaped(values[name] ?? parameter["example"]!.plain))
            }
            let query = parameters(in: "query").compactMap { parameter in
                values[parameter["name"]!.string!].map { "\(parameter["name"]!.string!)=\(escaped($0))" }
            }
            return query.isEmpty ? target : "\(target)?\(query.joined(separator: "&"))"
        }
    }

    var paths: [String] { document["paths"]!.keys.sorted() }

    /// The methods that a path is said to take.
    func methods(of path: String) -> Set<String> {
        Set(document["paths"]![path]!.keys.map { $0.uppercased() }).intersection(Self.methods)
    }

    var operations: [Operation] {
        paths.flatMap { path in
            methods(of: path).sorted().map { method in
                let item = document["paths"]![path]!
                let description = item[method.lowercased()]!
                let parameters = (item["parameters"]?.elements ?? []) + (description["parameters"]?.elements ?? [])
                return Operation(
                    method: method, path: path, description: description, parameters: parameters.map(schema.resolved))
            }
        }
    }

    func operation(_ id: String) -> Operation? { operations.first { $0.id == id } }

    /// The answers of an operation, by status or range of statuses.
    func responses(_ operation: Operation) -> [(status: String, response: Document)] {
        let responses = operation.description["responses"]!
        return responses.keys.sorted().map { ($0, schema.resolved(responses[$0]!)) }
    }

    func response(_ operation: Operation, _ status: Int) -> Document? {
        let responses = responses(operation)
        let found = responses.first { $0.status == "\(status)" } ?? responses.first { $0.status == "\(status / 100)XX" }
        return found?.response
    }

    // MARK: Answers

    /// What in an answer is not as it was described; empty when all is.
    func faults(of answer: TestAnswer, to operation: Operation) throws -> [String] {
        guard let response = response(operation, answer.status) else { return ["\(answer.status) is not described"] }
        let faults = headerFaults(answer, response)
        guard let content = response["content"], operation.method != "HEAD" else {
            return faults + (answer.body.isEmpty ? [] : ["has a body"])
        }
        guard let type = answer.header("Content-Type"), let schema = content[type]?["schema"] else {
            return faults + ["the type \(answer.header("Content-Type") ?? "none") is not described"]
        }
        let isPacked = answer.header("Content-Encoding") == "gzip"
        let body = isPacked ? try gunzipped(answer.body) : answer.body
        let value = type.contains("json") ? try Document(body) : .string(String(decoding: body, as: UTF8.self))
        return faults + self.schema.faults(of: value, against: schema)
    }

    private func headerFaults(_ answer: TestAnswer, _ response: Document) -> [String] {
        let described = response["headers"]
        let names = described?.keys.sorted() ?? []
        let known = Set(names.map { $0.lowercased() }).union(["date", "connection", "content-type", "content-length"])
        var faults = answer.fields.filter { !known.contains($0.name.lowercased()) }.map {
            "\($0.name) is not described"
        }
        for name in names {
            let header = schema.resolved(described![name]!)
            guard let text = answer.header(name) else {
                if header["required"] == .boolean(true) { faults.append("\(name) is missing") }
                continue
            }
            let isNumber = header["schema"]?["type"]?.string == "integer"
            let value = isNumber ? Double(text).map(Document.number) ?? .string(text) : .string(text)
            faults += schema.faults(of: value, against: header["schema"]!, at: name)
        }
        return faults
    }
}

extension Document {
    /// A parameter's value as it stands in a target.
    var plain: String {
        switch self {
        case .string(let text): text
        case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
        case .boolean(let value): "\(value)"
        default: ""
        }
    }

    /// The document as JSON.
    var json: String {
        switch self {
        case .object(let members):
            "{"
                + members.keys.sorted().map { "\(Document.string($0).json):\(members[$0]!.json)" }.joined(
                    separator: ",")
                + "}"
        case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .string(let text): "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        case .null: "null"
        default: plain
        }
    }
}

/// Percent-escapes everything but the characters that need none anywhere (RFC 3986 §2.3).
private func escaped(_ text: String) -> String {
    text.utf8.map { byte in
        let character = Character(UnicodeScalar(byte))
        let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
        return isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
}
