import TestSupport
import Testing

extension EndToEnd {
    /// PostgreSQL says that it has an id already: a trigger does, the first time that it sees a batch.
    struct NewIDTests {
        let psql: Psql
        let service: ServiceProcess
        let client: TestClient

        /// Says once that it has an id already, and keeps which; sequences keep what a transaction did that failed.
        private static let meeting = """
            CREATE SEQUENCE met; CREATE SEQUENCE first_id MINVALUE 0;
            CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.customer_id LIKE 'twice-%' AND nextval('met') = 1 THEN
                    PERFORM setval('first_id', ('x' || right(NEW.id::text, 12))::bit(48)::bigint);
                    RAISE unique_violation USING CONSTRAINT = 'predictions_pkey';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER meet BEFORE INSERT ON predictions FOR EACH ROW EXECUTE FUNCTION meet();
            """

        init() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            psql = Psql(database)
            service = try ServiceProcess(databaseURL: database, workers: 1)
            try service.waitUntilReady()
            client = try service.client()
            _ = try psql.rows(Self.meeting)
        }

        @Test func `an id met twice is replaced, and the caller is told the one that is stored`() throws {
            let answer = try client.post("/predict", customer("twice-1"))
            #expect(answer.status == 200, "\(answer.text)")
            let id = try #require(answer.json()["prediction_id"]?.string)
            #expect(try psql.rows("SELECT id FROM predictions") == [id])
            let refused = "SELECT lpad(to_hex(last_value), 12, '0') FROM first_id"
            #expect(try psql.value(refused) != String(id.suffix(12)))
            #expect(try client.get("/predict/\(id)").text == answer.text)
            #expect(try client.get("/metrics").text.contains("\nchurn_batches_renumbered_total 1\n"))
            #expect(service.log.contains("an id was met twice"))
        }

        @Test(arguments: [false, true])
        func `so is every id of its batch, in the order of the request`(isPacked: Bool) throws {
            let before = try client.post("/predict", customer("before"))
            let answer = try client.post(
                "/predict", batch((0..<40).map { customer("twice-\($0)\\\"prediction_id\\\":\\\"") }),
                headers: isPacked ? ["Accept-Encoding: gzip"] : [])
            #expect(answer.status == 200)
            let predictions = try #require(answer.json()["predictions"]).elements
            let ids = try predictions.map { try #require($0["prediction_id"]?.string) }
            #expect(ids.count == 40 && ids == ids.sorted())
            #expect(try #require(before.json()["prediction_id"]?.string) < ids[0])
            #expect(try psql.rows("SELECT id FROM predictions WHERE customer_id LIKE 'twice-%' ORDER BY id") == ids)
            let after = try client.post("/predict", customer("after"))
            #expect(try #require(after.json()["prediction_id"]?.string) > ids[39])
            // What is read back is what the caller was told, time and all.
            let stored = try client.get("/predict/\(ids[17])").json()
            #expect(stored["created_at"]?.string == predictions[17]["created_at"]?.string)
            #expect(stored["customer_id"]?.string == predictions[17]["customer_id"]?.string)
        }

        @Test func `the events of such a batch carry the ids that are stored`() throws {
            let kafka = try MockKafka(topics: ["churn.predictions:1"])
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            let service = try ServiceProcess(
                databaseURL: psql.connection, workers: 1, environment: ["KAFKA_BROKERS": kafka.brokers])
            try service.waitUntilReady()
            _ = try psql.rows(Self.meeting)
            let answer = try service.client().post(
                "/predict", batch((0..<20).map { customer("twice-\($0)\\\"prediction_id\\\":\\\"") }),
                headers: ["X-Request-ID: r-1", "X-Correlation-ID: c-1"])
            #expect(answer.status == 200)
            #expect(try service.client().get("/metrics").text.contains("\nchurn_batches_renumbered_total 1\n"))
            let predictions = try #require(answer.json()["predictions"]).elements
            let events = try KafkaReader(kafka.brokers, topic: "churn.predictions").waitFor(20)
            #expect(events.count == 20)
            for (event, told) in zip(events, predictions) {
                #expect(event.headers["ce_id"] == told["prediction_id"]?.string)
                #expect(event.headers["ce_time"] == told["created_at"]?.string)
                #expect(event.headers["request_id"] == "r-1" && event.headers["correlation_id"] == "c-1")
                #expect(event.key == told["customer_id"]?.string)
                let value = try Document(Array(event.value.utf8))
                #expect(value["prediction_id"]?.string == told["prediction_id"]?.string)
                #expect(value["features"]?["services_used"]?.number == 3)
            }
            #expect(try service.terminate() == .code(0))
        }

        @Test func `another unique constraint is the row's own fault`() throws {
            _ = try psql.rows("CREATE UNIQUE INDEX one_each ON predictions (customer_id)")
            #expect(try client.post("/predict", customer("once")).status == 200)
            try client.post("/predict", customer("once")).expectProblem(422)
            #expect(try client.get("/metrics").text.contains("\nchurn_batches_renumbered_total 0\n"))
        }
    }
}
