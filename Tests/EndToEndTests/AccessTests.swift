import Glibc
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// Who may come in, and for what.
    struct AccessTests {
        let stand: KeyStand

        init() throws { stand = try KeyStand() }

        // MARK: Scopes

        /// Every operation of the interface, with every kind of key: the description says who may.
        @Test func `each path opens to the scopes that the description names, and to no other`() throws {
            let keys = try ["predict", "read", "admin"].map { ($0, try stand.key("--scope", $0)) }
            let client = try stand.service.client()
            let description = OpenAPIDescription(document: try client.get("/openapi.json").json())
            for operation in description.operations {
                let needed = Set(
                    (operation.description["security"]?.elements ?? []).flatMap {
                        $0["key"]!.elements.compactMap(\.string)
                    })
                let body = operation.method == "POST" ? Array(customer("access").utf8) : nil
                func ask(_ headers: [String]) throws -> TestAnswer {
                    let type = body == nil ? [] : ["Content-Type: application/json"]
                    let answer = try client.request(
                        operation.method, operation.target(), headers: headers + type, body: body)
                    #expect(
                        try description.faults(of: answer, to: operation) == [], "\(operation.method) \(operation.path)"
                    )
                    return answer
                }
                let place = "\(operation.method) \(operation.path)"
                for header in [[], [bearer("churn_00000000_wrong")], ["Authorization: Basic YTpi"]] {
                    let answer = try ask(header)
                    #expect((answer.status == 401) == !needed.isEmpty, "\(place) \(header): \(answer.status)")
                    #expect((answer.header("WWW-Authenticate") != nil) == (answer.status == 401))
                }
                for (scope, key) in keys {
                    let answer = try ask([bearer(key)])
                    let isOpen = needed.isEmpty || needed.contains(scope)
                    #expect((answer.status == 403) == !isOpen, "\(place) with \(scope): \(answer.status)")
                    #expect(answer.status != 401, "\(place) with \(scope)")
                }
            }
        }

        @Test func `one connection is asked for its key at every request`() throws {
            let read = try stand.key("--scope", "read")
            let both = try stand.key("--scope", "read", "--scope", "predict")
            let client = try stand.service.client()
            let other = read.dropLast() + (read.hasSuffix("0") ? "1" : "0")
            for _ in 0..<3 {
                #expect(try client.get("/history", headers: [bearer(read)]).status == 200)
                #expect(try client.get("/history", headers: [bearer(String(other))]).status == 401)
                #expect(try client.get("/history").status == 401)
                #expect(try client.get("/history", headers: [bearer(both)]).status == 200)
                #expect(try client.post("/predict", customer("c"), headers: [bearer(both)]).status == 200)
                #expect(try client.post("/predict", customer("c"), headers: [bearer(read)]).status == 403)
                #expect(try client.get("/history", headers: ["authorization: bEARER   \(read)"]).status == 200)
            }
            #expect(try client.get("/history", headers: [bearer(read), bearer(both)]).status == 400)
        }

        @Test func `a body is not read for somebody who may not send it`() throws {
            let read = try stand.key("--scope", "read")
            for (headers, status) in [([], 401), ([bearer(read)], 403)] {
                let client = try stand.service.client()
                let lines = ["POST /predict HTTP/1.1", "Host: churn.test", "Content-Length: 1000000"] + headers
                try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n{")
                let answer = try client.receiveAnswer()
                try answer.expectProblem(status)
                #expect(answer.header("Connection") == "close")
                #expect(client.isEnded())
            }
            #expect(try stand.psql.value("SELECT count(*) FROM predictions") == "0")
        }

        // MARK: Changing keys

        @Test func `keys change while requests go on, and none of those is lost`() throws {
            let lasting = try stand.key("--scope", "predict", "--name", "lasting")
            let leaving = try stand.key("--scope", "predict", "--name", "leaving")
            let ends = Atomic(false)
            let failed = Mutex<[String]>([])
            let asked = Atomic(0)
            let service = stand.service
            let callers = (0..<4).map { _ in
                BackgroundThread {
                    do {
                        let client = try service.client()
                        while !ends.load(ordering: .relaxed) {
                            let answer = try client.post("/predict", customer("hup"), headers: [bearer(lasting)])
                            if answer.status != 200 { failed.withLock { $0.append(answer.text) } }
                            asked.add(1, ordering: .relaxed)
                        }
                    } catch {
                        failed.withLock { $0.append("\(error)") }
                    }
                }
            }
            let client = try stand.service.client()
            for round in 0..<10 {
                let before = asked.load(ordering: .relaxed)
                #expect(try client.post("/predict", customer("a"), headers: [bearer(leaving)]).status == 200)
                let key = try stand.key("--scope", "predict", "--name", "round-\(round)")
                try eventually("the new key") {
                    try client.post("/predict", customer("b"), headers: [bearer(key)]).status == 200
                }
                try eventually("requests meanwhile") { asked.load(ordering: .relaxed) > before }
            }
            try stand.revoke("leaving")
            #expect(try client.post("/predict", customer("a"), headers: [bearer(leaving)]).status == 200)
            try stand.reload()
            for _ in 0..<4 {
                let other = try stand.service.client()
                try eventually("the end of a key") {
                    try other.post("/predict", customer("a"), headers: [bearer(leaving)]).status == 401
                }
            }
            ends.store(true, ordering: .relaxed)
            for caller in callers { caller.join() }
            #expect(failed.withLock { $0 } == [])
        }

        @Test func `a file that is no good changes nothing, and the log says so`() throws {
            let key = try stand.key("--scope", "read")
            let good = text(ofFile: stand.file)
            let client = try stand.service.client()
            for bad in ["\(good)\nanother \(key) scopes=read\n", "\u{0}\u{1}", good + good] {
                try write(Array(bad.utf8), toFile: stand.file)
                try stand.reload("the keys cannot be read again")
                #expect(try client.get("/history", headers: [bearer(key)]).status == 200)
            }
            try #require(runCommand(["rm", stand.file]).exit == .code(0))
            try stand.reload("the keys cannot be read again")
            #expect(try client.get("/history", headers: [bearer(key)]).status == 200)
            #expect(!stand.service.log.contains(key))
            try write([], toFile: stand.file)
            try stand.reload()
            try eventually("a file without keys opens nothing") {
                try client.get("/history", headers: [bearer(key)]).status == 401
            }
        }

        @Test func `a key ends when it was said to end`() throws {
            let key = try stand.key("--scope", "read", "--name", "brief")
            let client = try stand.service.client()
            #expect(try client.get("/history", headers: [bearer(key)]).status == 200)
            let lines = text(ofFile: stand.file).split(separator: "\n").map { line in
                line.contains("name=brief") ? "\(line) expires=2026-01-01T00:00:00Z" : String(line)
            }
            try write(Array(lines.joined(separator: "\n").utf8), toFile: stand.file)
            try stand.reload()
            let answer = try eventually("the end") {
                let answer = try client.get("/history", headers: [bearer(key)])
                return answer.status == 401 ? answer : nil
            }
            #expect(try answer.json()["type"]?.string == "urn:churn:problem:expired-key")
            #expect(answer.header("WWW-Authenticate")?.contains("invalid_token") == true)
        }

        // MARK: Rate

        @Test func `a key with a rate gets 429 beyond it, over all workers, and says when to come back`() throws {
            let key = try stand.key("--scope", "predict", "--scope", "read", "--rate", "20/h")
            let clients = try (0..<8).map { _ in try stand.service.client() }
            let statuses = try (0..<40).map { index in
                try clients[index % 8].post("/predict", customer("r"), headers: [bearer(key)]).status
            }
            #expect(statuses.count { $0 == 200 } == 20)
            #expect(statuses.count { $0 == 429 } == 20)
            let answer = try clients[0].post("/predict", customer("r"), headers: [bearer(key)])
            try answer.expectProblem(429)
            let wait = try #require(answer.header("Retry-After").flatMap { Int($0) })
            #expect((1...180).contains(wait))
            #expect(answer.header("RateLimit-Policy") == "\"key\";q=20;w=3600")
            #expect(answer.header("RateLimit")?.hasPrefix("\"key\";r=0;t=") == true)
            #expect(try clients[0].get("/history", headers: [bearer(key)]).status == 429)
            try clients[2].send(
                "POST /predict HTTP/1.1\r\nHost: a\r\n\(bearer(key))\r\nContent-Type: application/json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n")
            let unread = try clients[2].receiveAnswer()
            #expect(unread.status == 429 && unread.header("RateLimit")?.hasPrefix("\"key\";r=0;t=") == true)
            // Reading the keys again fills no bucket.
            try stand.reload()
            #expect(try clients[1].get("/history", headers: [bearer(key)]).status == 429)
            #expect(try stand.psql.value("SELECT count(*) FROM predictions") == "20")
        }

        @Test func `every answer to a key with a rate says what is left of it`() throws {
            let key = try stand.key("--scope", "predict", "--scope", "read", "--rate", "50/h")
            let client = try stand.service.client()
            let headers = [bearer(key)]
            func left(_ answer: TestAnswer, _ status: Int) throws -> Int? {
                #expect(answer.status == status)
                #expect(answer.header("RateLimit-Policy") == "\"key\";q=50;w=3600")
                let value = try #require(answer.header("RateLimit"))
                #expect(value.hasPrefix("\"key\";r="))
                return value.dropFirst(8).split(separator: ";").first.flatMap { Int($0) }
            }
            #expect(try left(client.post("/predict", customer("l"), headers: headers), 200) == 49)
            let ten = batch((0..<10).map { customer("l\($0)") })
            #expect(try left(client.post("/predict", ten, headers: headers), 200) == 39)
            let packed = try client.post("/predict", ten, headers: headers + ["Accept-Encoding: gzip"])
            #expect(packed.header("Content-Encoding") == "gzip")
            #expect(try left(packed, 200) == 29)
            #expect(try left(client.post("/predict?record=false", ten, headers: headers), 200) == 19)
            #expect(try left(client.post("/predict", "{}", headers: headers), 422) == 18)
            #expect(try left(client.get("/history", headers: headers), 200) == 17)
            let named = headers + ["Idempotency-Key: left"]
            #expect(try left(client.post("/predict", ten, headers: named), 200) == 7)
            // A path that is open to everybody costs nothing and says nothing of a key.
            #expect(try client.get("/health/live", headers: headers).header("RateLimit") == nil)
            let unlimited = try stand.key("--scope", "predict")
            let other = try client.post("/predict", customer("l"), headers: [bearer(unlimited)])
            #expect(other.status == 200 && other.header("RateLimit") == nil)
        }

        /// While the table is locked a worker takes some twenty of these; who has no rate gets a text that all share.
        @Test func `who is refused because too much waits is told of his own rate`() throws {
            let keys = [
                (try stand.key("--scope", "predict", "--rate", "1000000/h"), "\"key\";q=1000000;w=3600"),
                (try stand.key("--scope", "predict", "--rate", "900000/h"), "\"key\";q=900000;w=3600"),
                (try stand.key("--scope", "predict"), nil),
            ]
            let lock = try ChildProcess([
                "psql", "-X", "-d", stand.psql.connection, "-c",
                "BEGIN; LOCK TABLE predictions IN EXCLUSIVE MODE; SELECT pg_sleep(600)",
            ])
            let holder = "FROM pg_locks WHERE relation = 'predictions'::regclass AND mode = 'ExclusiveLock' AND granted"
            try eventually("the table lock") { try stand.psql.value("SELECT count(*) \(holder)") == "1" }
            let body = Array(batch((0..<1000).map { customer("full\($0)") }).utf8)
            let clients = try (0..<120).map { _ in try stand.service.client() }
            for (place, client) in clients.enumerated() {
                let headers = ["Content-Type: application/json", bearer(keys[place % 3].0)]
                try client.send(requestBytes("POST", "/predict", headers: headers, body: body))
            }
            var overloaded = [0, 0, 0]
            for (place, client) in clients.enumerated() {
                let answer = try client.receiveAnswer(within: 20)
                #expect(answer.status == 503 && answer.header("RateLimit-Policy") == keys[place % 3].1)
                if answer.text.contains("urn:churn:problem:overloaded") { overloaded[place % 3] += 1 }
            }
            #expect(overloaded.allSatisfy { $0 > 0 })
            _ = try stand.psql.rows("SELECT pg_terminate_backend(pid) \(holder)")
            lock.send(SIGKILL)
        }

        @Test func `a request of many instances costs as many, and what is missing is owed`() throws {
            let key = try stand.key("--scope", "predict", "--rate", "10/h")
            let client = try stand.service.client()
            let many = batch((0..<25).map { customer("b\($0)") })
            #expect(try client.post("/predict", many, headers: [bearer(key)]).status == 200)
            let answer = try client.post("/predict", customer("b"), headers: [bearer(key)])
            try answer.expectProblem(429)
            // Fifteen are owed and one is needed: sixteen times six minutes, less what has come back.
            let wait = try #require(answer.header("Retry-After").flatMap { Int($0) })
            #expect((5_700...5_760).contains(wait))
        }

        // MARK: What is told of it

        @Test func `refusals are counted by reason, and no key is in the log or the metrics`() throws {
            let read = try stand.key("--scope", "read", "--rate", "1/h")
            let admin = try stand.key("--scope", "admin")
            let client = try stand.service.client()
            _ = try client.get("/history")
            for _ in 0..<2 { _ = try client.get("/history", headers: [bearer("churn_canary_4711")]) }
            for _ in 0..<3 { _ = try client.get("/metrics", headers: [bearer(read)]) }
            for _ in 0..<5 { _ = try client.get("/history", headers: [bearer(read)]) }
            let metrics = try client.get("/metrics", headers: [bearer(admin)]).text
            for (reason, count) in [("missing", 1), ("unknown", 2), ("expired", 0), ("scope", 3), ("rate", 4)] {
                #expect(metrics.contains("churn_access_refused_total{reason=\"\(reason)\"} \(count)\n"), "\(reason)")
            }
            #expect(metrics.contains("churn_access_keys 3\n"))
            for key in [read, admin, "canary"] {
                let secret = String(key.suffix(20))
                #expect(!metrics.contains(secret) && !stand.service.log.contains(secret))
                #expect(!text(ofFile: stand.file).contains(secret))
            }
        }
    }
}
