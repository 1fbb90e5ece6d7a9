import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What a caller sends turns up where it belongs and nowhere else.
    ///
    /// Every place of a request gets a word that is found nowhere else; afterwards the log, the metrics, the error texts, the
    /// events and the tables are searched for all of them.
    struct CanaryTests {
        let stand: KeyStand
        let kafka: MockKafka
        let reader: KafkaReader
        let predict: String
        let read: String
        let admin: String

        init() throws {
            kafka = try MockKafka(topics: [
                "churn.predictions:1", "churn.dead-letter:1", "churn.alerts:1", "churn.requests:1",
            ])
            reader = try KafkaReader(kafka.brokers, topic: "churn.predictions")
            stand = try KeyStand(arguments: ["--kafka-brokers", kafka.brokers, "--topic-requests", "churn.requests"])
            predict = try stand.key("--scope", "predict")
            read = try stand.key("--scope", "read")
            admin = try stand.key("--scope", "admin")
        }

        private func metrics() throws -> String {
            try stand.service.client().get("/metrics", headers: [bearer(admin)]).text
        }

        /// All that is in the database, as text.
        private func tables() throws -> String {
            let names = try stand.psql.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            // Bytes as text, so that a word in them is found.
            return try names.map { try stand.psql.rows("SET bytea_output = escape; SELECT t::text FROM \($0) AS t") }
                .joined().joined(separator: "\n")
        }

        @Test func `what a request that is answered carries stays where it belongs`() throws {
            let client = try stand.service.client()
            let canaries = Canaries()
            let customerID = canaries.make()
            let (request, correlation) = (canaries.make(), canaries.make())
            let unkept = [
                "User-Agent", "Cookie", "Referer", "From", "Origin", "X-Forwarded-For", "Forwarded", "X-Anything",
                "Proxy-Authorization", "Accept-Language", "If-None-Match", "traceparent", "tracestate", "baggage",
            ].map { "\($0): \(canaries.make())" }
            let kept = ["X-Request-Id: \(request)", "X-Correlation-Id: \(correlation)"]
            let name = "Idempotency-Key: \(canaries.make())"
            for headers in [kept, kept + [name]] {
                let answer = try client.post(
                    "/predict", customer(customerID), headers: headers + unkept + [bearer(predict)])
                #expect(answer.status == 200)
                #expect(canaries.found(in: answer.text) == [customerID])
            }
            let page = try client.get("/history?customer_id=\(customerID)", headers: unkept + [bearer(read)])
            #expect(canaries.found(in: page.text) == [customerID])
            for event in try reader.waitFor(2) {
                #expect(event.key == customerID)
                #expect(canaries.found(in: event.value) == [customerID])
                #expect(canaries.found(in: "\(event.headers)") == [request, correlation])
            }
            #expect(canaries.found(in: try tables()) == [customerID, request, correlation])
            #expect(canaries.found(in: try metrics()) == [])
            #expect(canaries.found(in: stand.service.log) == [])
            for key in [predict, read, admin] {
                #expect(try !tables().contains(key) && !metrics().contains(key) && !stand.service.log.contains(key))
            }
        }

        @Test func `an error text names a field and never what was in it`() throws {
            let canaries = Canaries()
            for wrong in WrongWords.all(canaries, key: predict, read: read) {
                let client = try stand.service.client()
                try client.send(wrong.bytes)
                let answer = try client.receiveAnswer(toHead: wrong.isHead)
                #expect(answer.status >= 400, "\(wrong.what)")
                let allowed = wrong.mayName.map { [$0] } ?? []
                let text = answer.text + answer.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
                #expect(canaries.found(in: text).isSubset(of: allowed), "\(wrong.what): \(text)")
            }
            #expect(canaries.found(in: try metrics()) == [])
            #expect(canaries.found(in: stand.service.log) == [], "\(stand.service.log)")
            #expect(canaries.found(in: try tables()) == [])
        }

        @Test func `what a message carries stays where it belongs, and its dead letter says why without a value`()
            throws
        {
            let letters = try KafkaReader(kafka.brokers, topic: "churn.dead-letter")
            let canaries = Canaries()
            let (customerID, request, correlation) = (canaries.make(), canaries.make(), canaries.make())
            try kafka.feed(
                [(key: canaries.make(), value: customer(customerID))], to: "churn.requests",
                headers: ["request_id=\(request)", "correlation_id=\(correlation)", "other=\(canaries.make())"])
            let event = try reader.waitFor(1)[0]
            #expect(event.key == customerID && canaries.found(in: event.value) == [customerID])
            #expect(canaries.found(in: "\(event.headers)") == [request, correlation])
            let wrong = [
                "{\"customer_id\":\"\(canaries.make())\"", canaries.make(), "{\"customer_id\":\"\(canaries.make())\"}",
                customer("c", check: "\"\(canaries.make())\""),
                "{\"customer_id\":[\"\(canaries.make())\"],\"features\":[1,2,3,4]}",
            ]
            try kafka.feed(wrong.map { (key: canaries.make(), value: $0) }, to: "churn.requests")
            let dead = try letters.waitFor(wrong.count)
            for letter in dead { #expect(canaries.found(in: "\(letter.headers)") == []) }
            #expect(Set(dead.map(\.value)) == Set(wrong))
            #expect(canaries.found(in: try tables()) == [customerID, request, correlation])
            #expect(canaries.found(in: try metrics()) == [])
            #expect(canaries.found(in: stand.service.log) == [])
        }

        @Test func `passwords are in no message`() throws {
            let canaries = Canaries()
            let (database, kafka) = (canaries.make(), canaries.make())
            let service = try ServiceProcess(
                databaseURL: "host=127.0.0.1 port=1 user=x password=\(database) dbname=x",
                environment: [
                    "KAFKA_BROKERS": "127.0.0.1:1", "KAFKA_SECURITY_PROTOCOL": "sasl_plaintext",
                    "KAFKA_SASL_MECHANISM": "PLAIN", "KAFKA_SASL_USERNAME": "x", "KAFKA_SASL_PASSWORD": kafka,
                ])
            try eventually("the log to complain") { service.log.contains("PostgreSQL is not usable") }
            let client = try service.client()
            let texts = try ["/health/ready", "/metrics", "/history"].map { try client.get($0).text } + [service.log]
            #expect(canaries.found(in: texts.joined()) == [])
            for command in [["models", "list"], ["events", "status"], ["migrate"]] {
                let url = "postgres://x:\(database)@127.0.0.1:1/x?connect_timeout=2"
                let result = try runCommand([churnBinary()] + command, environment: ["DATABASE_URL": url])
                #expect(result.exit != .code(0) && canaries.found(in: result.output + result.errors) == [])
            }
        }

        // MARK: Texts that would do something

        @Test func `SQL in every text is data`() throws {
            let client = try stand.service.client()
            let attacks = [
                "'; DROP TABLE predictions; --", "\" OR 1=1 --", "$1", "\\'; DELETE FROM predictions; --", "{\"a\"}",
                "a,b", "NULL", "%s%n", "E'\\\\x'", "/*", "\u{202E}x\u{0}".replacing("\u{0}", with: ""), "{{7*7}}",
                "$(id)",
            ]
            for (number, attack) in attacks.enumerated() {
                let text = Document.string(attack).json
                let body = customer("X").replacing("\"X\"", with: text)
                let token = attack.utf8.filter { $0 > 0x20 && $0 < 0x7F }
                let word = String(decoding: token, as: UTF8.self)
                let answer = try client.post(
                    "/predict", body,
                    headers: [
                        bearer(predict), "X-Request-Id: \(word)", "X-Correlation-Id: \(word)",
                        "Idempotency-Key: \(word)\(number)",
                    ])
                #expect(answer.status == 200, "\(attack): \(answer.text)")
                #expect(try answer.json()["customer_id"]?.string == attack)
                let id = try #require(answer.json()["prediction_id"]?.string)
                let stored = try client.get("/predict/\(id)", headers: [bearer(read)])
                #expect(try stored.json()["customer_id"]?.string == attack)
                let escaped = percentEncoded(attack)
                let page = try client.get("/history?customer_id=\(escaped)", headers: [bearer(read)]).json()
                #expect(page["predictions"]?.elements.count == 1, "\(attack)")
                for target in [
                    "/history?model=\(escaped)", "/models/\(escaped)", "/history?cursor=\(escaped)",
                    "/history?from=\(escaped)", "/history?to=\(escaped)", "/history/summary?step=\(escaped)",
                    "/history/summary?to=\(escaped)", "/customers?cursor=\(escaped)", "/customers?risk=\(escaped)",
                    "/customers?as_of=\(escaped)", "/customers?order=\(escaped)", "/customers/\(escaped)/events",
                    "/customers/x/events?cursor=\(escaped)", "/customers/x/events?limit=\(escaped)",
                    "/predict/\(escaped)",
                ] {
                    let answer = try client.get(target, headers: [bearer(read)])
                    #expect(answer.status < 500, "\(target): \(answer.status)")
                }
                // No snapshots of such a customer: the text is looked up, and not found.
                let bare = try client.post("/predict", "{\"customer_id\":\(text)}", headers: [bearer(predict)])
                #expect(bare.status == 404, "\(attack)")
            }
            #expect(try stand.psql.value("SELECT count(*) FROM predictions") == "\(attacks.count)")
        }

        @Test func `no text makes a line of the log`() throws {
            let forged = "x\n{\"level\":\"error\",\"msg\":\"forged\"}\r\n\u{1B}[2Jforged"
            let client = try stand.service.client()
            for body in [
                customer("X").replacing(
                    "\"X\"",
                    with: Document.string(forged).json.replacing("\n", with: "\\n").replacing("\r", with: "\\r")
                        .replacing("\u{1B}", with: "\\u001b")),
                "{\"customer_id\":\"\(forged)\"}", "\(forged)",
            ] {
                _ = try client.post("/predict", body, headers: [bearer(predict)])
            }
            _ = try client.get("/models/" + percentEncoded(forged), headers: [bearer(read)])
            let starts = [
                ["serve", "--keys", forged], ["serve", "--model", forged], ["load", forged],
                ["serve", "--host", forged],
                ["keys", "list", "--keys", forged],
                ["train", "--csv", forged, "--label", forged, "--output", "/dev/null"],
            ]
            var logs = stand.service.log
            for words in starts {
                let result = try runCommand(
                    [churnBinary()] + words,
                    environment: [
                        "DATABASE_URL": TemporaryPostgres.shared.connection(), "CHURN_ALLOW_ANONYMOUS": "true",
                    ],
                    within: 20)
                #expect(result.exit != .code(0), "\(words)")
                // What the parser of arguments says is for the person who typed them.
                if result.exit != .code(64) { logs += result.errors }
            }
            for line in logs.split(separator: "\n") {
                let object = try? Document(Array(line.utf8))
                #expect(object?["msg"]?.string != nil && object?["msg"]?.string != "forged", "\(line)")
                #expect(!line.contains("\u{1B}"))
            }
        }
    }
}

/// Requests that are refused, each with a canary in one place.
private struct WrongWords {
    let what: String
    let bytes: [UInt8]
    /// The name of a field, which its pointer may repeat.
    var mayName: String?
    var isHead = false

    init(
        _ what: String, _ method: String, _ target: String, _ headers: [String] = [], body: String? = nil,
        mayName: String? = nil
    ) {
        self.what = what
        self.mayName = mayName
        isHead = method == "HEAD"
        bytes = requestBytes(method, target, headers: headers, body: body.map { Array($0.utf8) })
    }

    static func all(_ canaries: Canaries, key: String, read: String) -> [Self] {
        let json = ["Content-Type: application/json", bearer(key)]
        var wrong: [Self] = []
        func post(_ what: String, mayName: Bool = false, _ body: (String) -> String) {
            let canary = canaries.make()
            wrong.append(Self(what, "POST", "/predict", json, body: body(canary), mayName: mayName ? canary : nil))
        }
        func get(_ what: String, _ target: (String) -> String) {
            wrong.append(Self(what, "GET", target(canaries.make()), [bearer(read)]))
        }
        func header(_ name: String, _ method: String = "GET", _ target: String = "/history", key: String? = read) {
            wrong.append(
                Self(
                    "header \(name)", method, target, [name + canaries.make()] + (key.map { [bearer($0)] } ?? []),
                    body: method == "POST" ? "{}" : nil))
        }
        post("a frequency") { customer("c", frequency: "\"\($0)\"") }
        post("a check") { customer("c", check: "\"\($0)\"") }
        post("days") { customer("c", days: "\"\($0)\"") }
        post("services") { customer("c", services: "\"\($0)\"") }
        post("a wrong id") { "{\"customer_id\":[\"\($0)\"],\"features\":[1,2,3,4]}" }
        post("a long id") { "{\"customer_id\":\"\($0)\(String(repeating: "x", count: 300))\",\"features\":[1,2,3,4]}" }
        post("a value in an array") { "{\"customer_id\":\"c\",\"features\":[1,2,3,\"\($0)\"]}" }
        post("a feature's name", mayName: true) { "{\"customer_id\":\"c\",\"features\":{\"\($0)\":1}}" }
        post("a member's name", mayName: true) { "{\"\($0)\":1,\"customer_id\":\"c\",\"features\":[1,2,3,4]}" }
        post("an unknown member's value") { "{\"z\":\"\($0)\",\"customer_id\":\"c\",\"features\":[1,2,3,4]}" }
        post("no JSON") { "{\"customer_id\":\"\($0)\"" }
        post("no JSON at all") { $0 }
        post("a customer without features") { "{\"customer_id\":\"\($0)\"}" }
        post("an instance") { "{\"instances\":[\"\($0)\"]}" }
        post("a twice named member") { "{\"customer_id\":\"\($0)\",\"customer_id\":\"\($0)\",\"features\":[1,2,3,4]}" }
        get("a path") { "/\($0)" }
        get("an id") { "/predict/\($0)" }
        get("a model") { "/models/\($0)" }
        for parameter in ["from", "to", "churn", "limit", "cursor"] { get(parameter) { "/history?\(parameter)=\($0)" } }
        for parameter in ["step", "from"] { get("summary \(parameter)") { "/history/summary?\(parameter)=\($0)" } }
        for parameter in ["as_of", "risk", "order", "limit", "cursor"] {
            get(parameter) { "/customers?\(parameter)=\($0)" }
        }
        get("a parameter's name") { "/history?\($0)=1" }
        get("an escape") { "/history?customer_id=%zz\($0)" }
        wrong.append(Self("a query", "POST", "/predict?record=\(canaries.make())", json, body: "{}"))
        wrong.append(Self("a method", "CANARY", "/\(canaries.make())"))
        header("Authorization: Bearer ", key: nil)
        header("Authorization: Basic ", key: nil)
        header("Authorization: Bearer ", "POST", "/predict", key: nil)
        header("Accept: image/")
        header("Content-Type: text/", "POST", "/predict", key: key)
        header("Content-Encoding: ", "POST", "/predict", key: key)
        header("Expect: ")
        header("Host: twice.", "GET", "/history")
        header("Transfer-Encoding: ", "POST", "/predict")
        header("Content-Length: ")
        header("bad name: ")
        header("Idempotency-Key: with space ", "POST", "/predict", key: key)
        return wrong
    }
}

func percentEncoded(_ text: String) -> String {
    text.utf8.map { "%" + (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined()
}
