import Glibc
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// A prediction that its caller names is made once, however often and wherever it is asked for.
    struct IdempotencyTests {
        let psql: Psql
        let service: ServiceProcess

        init() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            psql = Psql(database)
            service = try ServiceProcess(databaseURL: database)
            try service.waitUntilReady()
        }

        private func rows() throws -> String { try psql.value("SELECT count(*) FROM predictions") }

        @Test func `the same request under the same key gets the same answer and makes one row`() throws {
            let clients = try (0..<3).map { _ in try service.client() }
            let first = try clients[0].post("/predict", customer("i"), headers: [name("a")])
            #expect(first.status == 200)
            for round in 0..<6 {
                let again = try clients[round % 3].post("/predict", customer("i"), headers: [name("a")])
                #expect(again.status == 200 && again.body == first.body)
            }
            #expect(try rows() == "1")
            let id = try #require(first.json()["prediction_id"]?.string)
            let stored = try clients[0].get("/predict/\(id)").json()
            #expect(stored["customer_id"]?.string == "i")
            let other = try clients[0].post("/predict", customer("i"), headers: [name("b")])
            #expect(other.status == 200 && other.body != first.body)
            #expect(try rows() == "2")
        }

        @Test func `another request under the same key is refused`() throws {
            let client = try service.client()
            #expect(try client.post("/predict", customer("i"), headers: [name("k")]).status == 200)
            for (target, body) in [
                ("/predict", customer("j")), ("/predict", customer("i") + " "),
                ("/predict?allow_stale=true", customer("i")),
            ] {
                let answer = try client.post(target, body, headers: [name("k")])
                try answer.expectProblem(422)
                #expect(try answer.json()["type"]?.string == "urn:churn:problem:idempotency-key-reused")
            }
            #expect(try client.post("/predict", customer("i"), headers: [name("k")]).status == 200)
            #expect(try rows() == "1")
        }

        @Test func `what is not stored takes no key`() throws {
            let client = try service.client()
            for body in ["{", "[]", #"{"customer_id":"nobody"}"#, customer("x", check: "\"much\"")] {
                let answer = try client.post("/predict", body, headers: [name("n")])
                #expect((400...422).contains(answer.status), "\(answer.text)")
                // The same words as without a key.
                #expect(try client.post("/predict", body).body == answer.body)
            }
            #expect(try client.post("/predict?record=false", customer("i"), headers: [name("n")]).status == 200)
            #expect(try psql.value("SELECT count(*) FROM idempotency_keys") == "0")
            #expect(try client.post("/predict", customer("i"), headers: [name("n")]).status == 200)
            for bad in ["", String(repeating: "k", count: 256), "with space", "t\u{e4}"] {
                try client.post("/predict", customer("i"), headers: ["Idempotency-Key: \(bad)"]).expectProblem(400)
            }
            #expect(try rows() == "1")
        }

        @Test func `a request of many instances stands once or not at all`() throws {
            let client = try service.client()
            let many = batch((0..<1000).map { customer("m\($0)") })
            let first = try client.post("/predict", many, headers: [name("m")])
            let packed = try client.post("/predict", many, headers: [name("m"), "Accept-Encoding: gzip"])
            #expect(first.status == 200 && packed.header("Content-Encoding") == "gzip")
            #expect(try gunzipped(packed.body) == first.body)
            #expect(try rows() == "1000")
            // In one transaction: the key, the rows.
            #expect(
                try psql.value(
                    "SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM predictions UNION ALL SELECT xmin FROM idempotency_keys) AS x"
                ) == "1")
        }

        @Test func `duplicates that are under way at once, at two instances, are one`() throws {
            let other = try ServiceProcess(databaseURL: psql.connection)
            try other.waitUntilReady()
            let services = [service, other]
            let bodies = Mutex<[String: Set<[UInt8]>]>([:])
            let failures = Mutex<[String]>([])
            concurrently(8) { number in
                do {
                    let client = try services[number % 2].client()
                    for key in 0..<40 {
                        let answer = try client.post("/predict", customer("d\(key)"), headers: [name("dup-\(key)")])
                        if answer.status != 200 { failures.withLock { $0.append(answer.text) } }
                        _ = bodies.withLock { $0["\(key)", default: []].insert(answer.body) }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(bodies.withLock { $0.count == 40 && $0.values.allSatisfy { $0.count == 1 } })
            #expect(try rows() == "40")
        }

        /// Two bodies race for one key: one of them has it, and every caller is told which.
        @Test func `of two requests that race for a key one wins everywhere`() throws {
            let other = try ServiceProcess(databaseURL: psql.connection)
            try other.waitUntilReady()
            let services = [service, other]
            let won = Mutex<[Int: Set<Int>]>([:])
            concurrently(2) { number in
                guard let client = try? services[number].client() else { return }
                for key in 0..<60 {
                    let answer = try? client.post(
                        "/predict", customer("side-\(number)"), headers: [name("race-\(key)")])
                    if answer?.status == 200 { _ = won.withLock { $0[key, default: []].insert(number) } }
                }
            }
            #expect(won.withLock { $0.count == 60 && $0.values.allSatisfy { $0.count == 1 } })
            #expect(try rows() == "60")
        }

        @Test func `callers with different API keys may use the same names`() throws {
            let stand = try KeyStand()
            let mine = try stand.key("--scope", "predict")
            let yours = try stand.key("--scope", "predict")
            let client = try stand.service.client()
            let first = try client.post("/predict", customer("i"), headers: [name("s"), bearer(mine)])
            let second = try client.post("/predict", customer("j"), headers: [name("s"), bearer(yours)])
            #expect(first.status == 200 && second.status == 200)
            #expect(try client.post("/predict", customer("i"), headers: [name("s"), bearer(mine)]).body == first.body)
            #expect(try stand.psql.value("SELECT count(*) FROM predictions") == "2")
        }

        @Test func `a key is kept for a day`() throws {
            let client = try service.client()
            for key in ["old", "young"] {
                #expect(try client.post("/predict", customer(key), headers: [name(key)]).status == 200)
            }
            for (age, customer) in [("25 hours", "old"), ("23 hours", "young")] {
                _ = try psql.rows(
                    "UPDATE idempotency_keys SET created_at = now() - interval '\(age)' WHERE prediction_id = (SELECT id FROM predictions WHERE customer_id = '\(customer)')"
                )
            }
            // Each instance looks when it starts, and every ten minutes.
            let other = try ServiceProcess(databaseURL: psql.connection)
            try other.waitUntilReady()
            try eventually("the old one to go") { try psql.value("SELECT count(*) FROM idempotency_keys") == "1" }
            let again = try other.client().post("/predict", customer("young"), headers: [name("young")])
            #expect(again.status == 200)
            #expect(try rows() == "2")
        }

        // MARK: Crashes

        /// Callers repeat what got no answer, at the other instance, under the same key, while instances are killed.
        @Test func `killed instances and repeated requests leave one row a key, with the answer that was given`() throws
        {
            let services = Mutex([service, try ServiceProcess(databaseURL: psql.connection)])
            let connection = psql.connection
            let answers = Mutex<[String: Set<[UInt8]>]>([:])
            let ends = Atomic(false)
            let killer = BackgroundThread {
                var random = SeededGenerator(seed: 31)
                var round = 0
                while !ends.load(ordering: .relaxed) {
                    let count = answers.withLock { $0.count }
                    _ = try? eventually("some answers", within: 5) {
                        answers.withLock { $0.count } > count + Int.random(in: 1...9, using: &random)
                            ? true : ends.load(ordering: .relaxed)
                    }
                    let victim = services.withLock { $0[round % 2] }
                    victim.kill()
                    if let next = try? ServiceProcess(databaseURL: connection) {
                        services.withLock { $0[round % 2] = next }
                    }
                    round += 1
                }
            }
            concurrently(4) { caller in
                for number in 0..<60 {
                    let key = "crash-\(caller)-\(number)"
                    var attempt = caller
                    while true {
                        attempt += 1
                        let target = services.withLock { $0[attempt % 2] }
                        guard let client = try? target.client(),
                            let answer = try? client.post("/predict", customer(key), headers: [name(key)]),
                            answer.status == 200
                        else { continue }
                        _ = answers.withLock { $0[key, default: []].insert(answer.body) }
                        // Once more, as a caller would who has lost the answer.
                        if number % 3 > 0 { break }
                        let again = services.withLock { $0[(attempt + 1) % 2] }
                        if let body = try? again.client().post("/predict", customer(key), headers: [name(key)]),
                            body.status == 200
                        {
                            _ = answers.withLock { $0[key, default: []].insert(body.body) }
                            break
                        }
                    }
                }
            }
            ends.store(true, ordering: .relaxed)
            killer.join()
            let given = answers.withLock { $0 }
            #expect(given.count == 240)
            #expect(given.values.allSatisfy { $0.count == 1 }, "a key got two answers")
            #expect(try psql.value("SELECT count(*) FROM predictions") == "240")
            #expect(try psql.value("SELECT count(DISTINCT customer_id) FROM predictions") == "240")
            #expect(
                try psql.value("SELECT count(*) FROM idempotency_keys JOIN predictions ON id = prediction_id") == "240")
            for service in services.withLock({ $0 }) { service.kill() }
        }

        @Test func `PostgreSQL that comes back finds each key once`() throws {
            let postgres = try TemporaryPostgres()
            let psql = Psql(postgres.connection())
            let service = try ServiceProcess(databaseURL: postgres.connection())
            try service.waitUntilReady()
            let client = try service.client()
            var bodies: [[UInt8]] = []
            for round in 0..<4 {
                let body = customer("restart-\(round)")
                #expect(try client.post("/predict", body, headers: [name("x\(round)")]).status == 200)
                try postgres.stop(SIGQUIT)
                let away = try client.post("/predict", body, headers: [name("x\(round)")])
                try away.expectProblem(503)
                try postgres.start()
                let answer = try eventually("an answer", within: 10) {
                    let answer = try client.post("/predict", body, headers: [name("x\(round)")])
                    return answer.status == 200 ? answer : nil
                }
                bodies.append(answer.body)
            }
            #expect(try psql.value("SELECT count(*) FROM predictions") == "4")
            #expect(Set(bodies).count == 4)
        }
    }
}

private func name(_ key: String) -> String { "Idempotency-Key: \(key)" }
