import TestSupport
import Testing

extension EndToEnd {
    /// Requests that PostgreSQL refuses, in the middle of a batch of others.
    struct PoisonTests {
        static let count = 39

        let psql: Psql
        let proxy: CuttingProxy
        let service: ServiceProcess

        init() throws {
            psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            proxy = try CuttingProxy(upstream: TemporaryPostgres.shared.socket)
            let database = try psql.value("SELECT current_database()")
            service = try ServiceProcess(databaseURL: proxy.location + " user=postgres dbname=\(database)", workers: 1)
            try service.waitUntilReady()
            _ = try psql.rows(storing)
        }

        @Test(arguments: [
            ([0], "22003"), ([count - 1], "23514"), ([17], "54000"), ([0, count - 1], "22P02"), ([18, 19], "23502"),
            ([5, 6, 30], "54001"), (Array(0..<count), "22001"),
        ])
        func `only they fail, and all others are stored once, in the order of their ids`(
            poisoned: [Int], sqlState: String
        ) throws {
            let crowd = Crowd(count: Self.count, poisoned: Set(poisoned), sqlState: sqlState)
            let answers = try crowd.ask(service, psql)
            for (request, answer) in zip(crowd.requests, answers) {
                guard request.isPoison else {
                    #expect(answer.status == 200, "\(answer.text)")
                    continue
                }
                try answer.expectProblem(422)
                #expect(try answer.json()["type"]?.string?.hasSuffix("row-refused") == true)
            }
            // Each part in one transaction: they were one batch, and it was cut between requests, left half first.
            let parts = crowd.parts(0..<Self.count)
            #expect(try transactions() == parts.map { $0.flatMap { crowd.requests[$0].customers } })
            try expectStored(answers)
            #expect(try service.client().get("/metrics").text.contains("\nchurn_batches_unknown_total 0\n"))
        }

        /// The connection is lost with the whole batch under way, or when its second half is.
        @Test(arguments: [([0], 0), ([17, 38], 0), ([25], 1), ([5, 19, 25], 1)])
        func `so do they where the outcome of the batch is unknown at first`(poisoned: [Int], passing: Int) throws {
            let crowd = Crowd(count: Self.count, poisoned: Set(poisoned), sqlState: "23514")
            // The last request is in what is sent first, and then in the right half.
            proxy.arm(.cutBeforeSync, marker: crowd.requests[Self.count - 1].customers[0], passing: passing)
            let answers = try crowd.ask(service, psql)
            let known = passing == 0 ? 0 : Self.count / 2
            for (index, (request, answer)) in zip(crowd.requests, answers).enumerated() {
                // Who waits for two seconds is told that nobody knows yet.
                let isLate =
                    try index >= known && answer.status == 503
                    && answer.json()["type"]?.string?.hasSuffix("outcome-unknown") == true
                #expect(isLate || answer.status == (request.isPoison ? 422 : 200), "\(index): \(answer.text)")
            }
            #expect(proxy.cuts == 1)
            let resent = (known..<Self.count).map { $0..<$0 + 1 }.filter { !crowd.requests[$0.lowerBound].isPoison }
            let parts = crowd.parts(0..<known) + resent
            let expected = parts.map { $0.flatMap { crowd.requests[$0].customers } }
            try eventually("all that can be stored") { try transactions().count >= expected.count }
            #expect(try transactions() == expected)
            try expectStored(answers)
            #expect(try service.client().get("/metrics").text.contains("\nchurn_batches_unknown_total 1\n"))
        }

        /// The customers of each transaction that has committed rows of the crowd, in the order of the transactions.
        private func transactions() throws -> [[String]] {
            let query =
                "SELECT string_agg(customer, ' ' ORDER BY place) FROM stored GROUP BY commit ORDER BY min(place)"
            return try psql.rows(query).dropFirst().map { $0.split(separator: " ").map(String.init) }
        }

        /// Every id that a caller was told is there, once, and ids have grown from row to row.
        private func expectStored(_ answers: [TestAnswer]) throws {
            let told = try answers.filter { $0.status == 200 }.flatMap { try pairs($0) }
            let rows = try psql.rows("SELECT customer_id || ' ' || id FROM predictions")
            #expect(Set(told).count == told.count && Set(told).isSubset(of: rows))
            #expect(Set(rows).count == rows.count)
            let (byPlace, byID) = ("SELECT id FROM stored ORDER BY place", "SELECT id FROM predictions ORDER BY id")
            #expect(try psql.rows(byPlace) == psql.rows(byID))
        }

        private func pairs(_ answer: TestAnswer) throws -> [String] {
            let document = try answer.json()
            let predictions = document["predictions"]?.elements ?? [document]
            return try predictions.map {
                let customer = try #require($0["customer_id"]?.string)
                return customer + " " + (try #require($0["prediction_id"]?.string))
            }
        }
    }
}

/// Refuses rows of customers that are called poison, with the SQLSTATE that their names end with, and keeps in which order
/// the others were stored, and by which transaction.
private let storing = """
    CREATE TABLE stored (place bigint GENERATED ALWAYS AS IDENTITY, customer text, id uuid, commit xid8);
    CREATE FUNCTION store() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.customer_id LIKE 'poison-%' THEN RAISE EXCEPTION USING ERRCODE = right(NEW.customer_id, 5); END IF;
        INSERT INTO stored (customer, id, commit) VALUES (NEW.customer_id, NEW.id, pg_current_xact_id());
        RETURN NULL;
    END $$;
    CREATE TRIGGER store AFTER INSERT ON predictions FOR EACH ROW EXECUTE FUNCTION store();
    """

/// Requests that come to be in one batch, in their order.
private struct Crowd {
    struct Request {
        let customers: [String]
        let isPoison: Bool
    }

    let requests: [Request]

    /// Requests have one, two or three instances; the poison is one of them, in the middle where there are three.
    init(count: Int, poisoned: Set<Int>, sqlState: String) {
        requests = (0..<count).map { index in
            var customers = (0...index % 3).map { "r\(index)-\($0)" }
            let isPoison = poisoned.contains(index)
            if isPoison { customers[customers.count / 2] = "poison-\(index)-\(sqlState)" }
            return Request(customers: customers, isPoison: isPoison)
        }
    }

    /// Sends all while the batch before them waits for a lock, so that they fill the next one; their answers.
    func ask(_ service: ServiceProcess, _ psql: Psql) throws -> [TestAnswer] {
        // As many as one connection may be owed answers, or less.
        let perClient = 13
        let clients = try stride(from: 0, to: requests.count, by: perClient).map { _ in try service.client() }
        let first = try service.client()
        let lock = try TableLock(psql)
        try first.send(posting([customer("first")]))
        _ = try lock.waitForBackend()
        for (index, request) in requests.enumerated() {
            let client = clients[index / perClient]
            try client.send(posting(request.customers.map { customer($0) }))
            // Who is ready first is read first.
            try client.socket.waitForDelivery()
        }
        let rows = requests.reduce(1) { $0 + $1.customers.count }
        let waiting = "\nchurn_waiting_rows \(rows)\n"
        let probe = try service.client()
        try eventually("\(rows) rows to wait") { try probe.get("/metrics").text.contains(waiting) }
        try lock.release()
        #expect(try first.receiveAnswer().status == 200)
        return try requests.indices.map { try clients[$0 / perClient].receiveAnswer() }
    }

    /// What is stored together of these requests when they are sent together: what is refused is halved.
    func parts(_ sent: Range<Int>) -> [Range<Int>] {
        if sent.isEmpty { return [] }
        if !requests[sent].contains(where: \.isPoison) { return [sent] }
        if sent.count == 1 { return [] }
        let middle = sent.lowerBound + sent.count / 2
        return parts(sent.lowerBound..<middle) + parts(middle..<sent.upperBound)
    }

    private func posting(_ instances: [String]) -> [UInt8] {
        let body = instances.count == 1 ? instances[0] : batch(instances)
        return requestBytes("POST", "/predict", headers: ["Content-Type: application/json"], body: Array(body.utf8))
    }
}
