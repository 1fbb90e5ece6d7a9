import TestSupport
import Testing

extension EndToEnd.OneService {
    /// The service is driven from its own description, and has to keep to it.
    struct OpenAPITests {
        let description: OpenAPIDescription

        init() throws {
            let answer = try RunningService.client().get("/openapi.json")
            try #require(answer.header("Content-Type") == "application/json")
            description = OpenAPIDescription(document: try answer.json())
        }

        /// Sends a request on a connection of its own, and checks its answer against the description.
        @discardableResult
        private func ask(
            _ operation: OpenAPIDescription.Operation, _ target: String, headers: [String] = [], body: [UInt8]? = nil,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> TestAnswer {
            let type = body == nil || headers.contains { $0.hasPrefix("Content-Type") } ? [] : [jsonType]
            let answer = try RunningService.client().request(
                operation.method, target, headers: headers + type, body: body)
            let faults = try description.faults(of: answer, to: operation)
            #expect(
                faults.isEmpty, "\(operation.method) \(target) \(headers): \(answer.status)",
                sourceLocation: sourceLocation)
            return answer
        }

        // MARK: The document

        @Test func `every example conforms to its schema`() throws {
            for operation in description.operations {
                let place = "\(operation.method) \(operation.path)"
                for parameter in operation.parameters {
                    let example = try #require(parameter["example"], "\(place) \(parameter)")
                    #expect(description.schema.faults(of: example, against: parameter["schema"]!) == [], "\(place)")
                }
                let request = operation.description["requestBody"]?["content"]?["application/json"]
                for (name, body) in operation.requests {
                    #expect(description.schema.faults(of: body, against: request!["schema"]!) == [], "\(place) \(name)")
                }
                for (status, response) in description.responses(operation) {
                    for type in response["content"]?.keys ?? [] {
                        let content = response["content"]![type]!
                        for name in content["examples"]?.keys ?? [] {
                            let example = content["examples"]![name]!["value"]!
                            let faults = description.schema.faults(of: example, against: content["schema"]!)
                            #expect(faults == [], "\(place) \(status) \(name)")
                        }
                    }
                }
            }
        }

        @Test func `the index page and the description name the same routes`() throws {
            let index = try RunningService.client().get("/").text
            let named = index.matches(of: /(?m)^([A-Z]+) +(\/\S*)/).map { "\($0.1) \($0.2)" }
            let described = description.operations.filter { $0.method != "HEAD" && $0.path != "/" }
            #expect(Set(named) == Set(described.map { "\($0.method) \($0.path)" }))
        }

        /// Who is kept out before his rate is looked at learns nothing of it.
        @Test func `every answer to a key describes the fields of its rate`() throws {
            for operation in description.operations where operation.description["security"] != nil {
                for (status, response) in description.responses(operation) {
                    if ["401", "403", "5XX"].contains(status) { continue }
                    let fields = Set(response["headers"]?.keys ?? [])
                    #expect(fields.isSuperset(of: ["RateLimit", "RateLimit-Policy"]), "\(operation.path) \(status)")
                }
            }
        }

        // MARK: Methods

        @Test func `a path takes the described methods and names them when asked with another one`() throws {
            let problem = try #require(description.document["components"]?["schemas"]?["Problem"])
            for path in description.paths {
                let described = description.methods(of: path)
                let target = description.operations.first { $0.path == path }!.target()
                for method in OpenAPIDescription.methods {
                    let answer = try RunningService.client().request(method, target, body: method == "GET" ? nil : [])
                    #expect((answer.status == 405) == !described.contains(method), "\(method) \(target)")
                    guard answer.status == 405 else { continue }
                    let allow = answer.header("Allow")?.split(separator: ", ").map(String.init)
                    #expect(Set(allow ?? []) == described, "\(method) \(target)")
                    if method == "HEAD" { continue }
                    #expect(description.schema.faults(of: try answer.json(), against: problem) == [])
                    #expect(try answer.json()["type"]?.string == "urn:churn:problem:method-not-allowed")
                }
            }
        }

        // MARK: Requests that are described

        @Test func `an example of a request is answered with the status whose example has its name`() throws {
            for operation in description.operations {
                for (name, body) in operation.requests {
                    let answer = try ask(operation, operation.target(), body: Array(body.json.utf8))
                    let expected = description.responses(operation).first { _, response in
                        response["content"]?.keys.contains { response["content"]![$0]!["examples"]?[name] != nil }
                            ?? false
                    }
                    #expect(expected?.status == "\(answer.status)", "\(operation.path) \(name)")
                    if answer.status == 200, let example = expected?.response["content"]?["application/json"] {
                        #expect(
                            try said(by: answer.json()) == said(by: example["examples"]![name]!["value"]!), "\(name)")
                    }
                }
            }
        }

        /// What the shipped model says in an answer: all but ids and times.
        private func said(by answer: Document) -> [[String: Document]] {
            (answer["predictions"]?.elements ?? [answer]).map { prediction in
                var members: [String: Document] = [:]
                for key in prediction.keys where key != "prediction_id" && key != "created_at" {
                    members[key] = prediction[key]
                }
                return members
            }
        }

        @Test func `what can be read is answered as described, with every parameter`() throws {
            for operation in description.operations where operation.method != "POST" {
                let expected: Set = operation.parameters(in: "path").isEmpty ? [200] : [200, 404]
                #expect(expected.contains(try ask(operation, operation.target()).status), "\(operation.path)")
                for parameter in operation.parameters(in: "query") {
                    let target = operation.target([parameter["name"]!.string!: parameter["example"]!.plain])
                    #expect(try ask(operation, target).status == 200, "\(target)")
                }
                for parameter in operation.parameters(in: "header") {
                    let header = "\(parameter["name"]!.string!): \(parameter["example"]!.plain)"
                    #expect(expected.contains(try ask(operation, operation.target(), headers: [header]).status))
                }
                for type in description.response(operation, 200)?["content"]?.keys ?? [] {
                    let answer = try ask(operation, operation.target(), headers: ["Accept: \(type)"])
                    #expect(answer.status != 200 || answer.header("Content-Type") == type, "\(operation.path) \(type)")
                }
            }
        }

        @Test func `links lead to what they say`() throws {
            var followed: Set<String> = []
            for operation in description.operations {
                guard let links = description.response(operation, 200)?["links"] else { continue }
                let body = operation.requests.first { $0.name == "one" }.map { Array($0.body.json.utf8) }
                if body != nil { try ask(operation, operation.target(), body: body) }
                let page = operation.parameters.contains { $0["name"]?.string == "limit" } ? ["limit": "1"] : [:]
                let answer = try ask(operation, operation.target(page), body: body)
                for name in links.keys {
                    let link = links[name]!
                    let target = try #require(description.operation(link["operationId"]!.string!))
                    let values = link["parameters"]!.keys.map { key in
                        let pointer = link["parameters"]![key]!.string!.split(separator: "#/").last!
                        return (key, try? answer.json()[String(pointer)]?.plain)
                    }
                    let given = Dictionary(uniqueKeysWithValues: values).compactMapValues { $0 }
                    #expect(try ask(target, target.target(given)).status == 200, "\(operation.path) \(name)")
                    followed.insert(name)
                }
            }
            #expect(followed == ["stored", "history", "next", "file"])
        }

        // MARK: Requests that are wrong

        @Test func `a request that is wrong is refused as described`() throws {
            for wrong in WrongRequest.all {
                let operation = try #require(description.operation(wrong.operation))
                let answer = try ask(
                    operation, operation.target(wrong.parameters) + wrong.query, headers: wrong.headers,
                    body: wrong.body.map { Array($0.utf8) })
                #expect(answer.status == wrong.status, "\(wrong) \(answer.text)")
            }
        }
    }
}

private let jsonType = "Content-Type: application/json"
