import TestSupport
import Testing

extension EndToEnd {
    /// `churn events`.
    struct EventsCommandTests {
        let stand: CommandStand
        let kafka: MockKafka

        init() throws {
            stand = try CommandStand()
            kafka = try MockKafka(topics: ["churn.predictions:4", "churn.dead-letter:1", "churn.alerts:1"])
            // Ten predictions of a service that knows no Kafka.
            let service = try ServiceProcess(databaseURL: stand.database, workers: 1)
            try service.waitUntilReady()
            #expect(try service.client().post("/predict", batch((0..<10).map { customer("E-\($0)") })).status == 200)
            #expect(try service.terminate() == .code(0))
        }

        @Test func `status counts what is not published`() throws {
            let status = try stand.run("events", "status")
            #expect(status.exit == .code(0) && status["status"]?.string == "done")
            #expect(status["lag_rows"]?.number == 10 && status["writers"]?.elements.count == 1)
            let writer = status["writers"]?[0]
            #expect(writer?["alive"] == .boolean(false) && writer?["lag_rows"]?.number == 10)
            let text = try output(
                of: [churnBinary(), "events", "status"], environment: ["DATABASE_URL": stand.database])
            #expect(text.contains("Rows that are not known to be published: 10."))
        }

        @Test func `replay publishes what is in its days, once more each time, and leaves the marks`() throws {
            let published = Published(
                psql: stand.psql, reader: try KafkaReader(kafka.brokers, topic: "churn.predictions"))
            let brokers = ["--kafka-brokers", kafka.brokers]
            for _ in 0..<2 {
                let replay = try stand.run(words: ["events", "replay", "--from", "2020-01-01"] + brokers)
                #expect(replay.exit == .code(0) && replay["events"]?.number == 10)
            }
            #expect(try published.expectEveryRow(times: 2).values.allSatisfy { $0 == 2 })
            let none = try stand.run(
                words: ["events", "replay", "--from", "2020-01-01", "--to", "2020-01-02"] + brokers)
            #expect(none.exit == .code(10) && none["events"]?.number == 0)
            #expect(try stand.run("events", "status")["lag_rows"]?.number == 10)
            let without = try stand.run("events", "replay", "--from", "2020-01-01")
            #expect(without.exit == .code(78))
        }

        @Test func `skip lets old predictions count as published, but not those of a service at work`() throws {
            let service = try ServiceProcess(databaseURL: stand.database, workers: 1)
            try service.waitUntilReady()
            #expect(try service.client().post("/predict", customer("new")).status == 200)
            let early = try stand.run("events", "skip", "--before", "2020-01-01")
            #expect(early.exit == .code(10))
            let skip = try stand.run("events", "skip", "--before", "2100-01-01")
            #expect(skip.exit == .code(0) && skip["writers_skipped"]?.number == 1)
            #expect(skip["writers_left_alone"]?.number == 1)
            #expect(try stand.run("events", "status")["lag_rows"]?.number == 1)
            #expect(try service.client().post("/predict", customer("newer")).status == 200)
            #expect(try service.terminate() == .code(0))
        }
    }
}
