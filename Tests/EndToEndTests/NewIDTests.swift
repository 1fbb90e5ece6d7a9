import TestSupport
import Testing

extension EndToEnd {
    /// PostgreSQL says that it has an id already: a trigger does, the first time that it sees a batch.
    struct NewIDTests {
        let psql: Psql
        let service: ServiceProcess
        let client: TestClient

        init() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            psql = Psql(database)
            service = try ServiceProcess(databaseURL: database, workers: 1)
            try service.waitUntilReady()
            client = try service.client()
            // Sequences keep what a transaction did that failed.
            _ = try psql.rows(
                """
                CREATE SEQUENCE met; CREATE SEQUENCE first_id MINVALUE 0;
                CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF NEW.customer_id LIKE 'twice-%' AND nextval('met') = 1 THEN
                        PERFORM setval('first_id', ('x' || right(NEW.id::text, 12))::bit(48)::bigint);
                        RAISE unique_violation USING CONSTRAINT = 'predictions_pkey';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER meet BEFORE INSERT ON predictions FOR EACH ROW EXECUTE FUNCTION meet();
                """)
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

        @Test func `another unique constraint is the row's own fault`() throws {
            _ = try psql.rows("CREATE UNIQUE INDEX one_each ON predictions (customer_id)")
            #expect(try client.post("/predict", customer("once")).status == 200)
            try client.post("/predict", customer("once")).expectProblem(422)
            #expect(try client.get("/metrics").text.contains("\nchurn_batches_renumbered_total 0\n"))
        }
    }
}
