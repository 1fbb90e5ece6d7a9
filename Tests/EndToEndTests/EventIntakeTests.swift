import TestSupport
import Testing

extension EndToEndWithKafka {
    /// Events of customers that come by Kafka.
    struct EventIntakeTests {
        let stand: IntakeStand

        init() throws { stand = try IntakeStand() }

        private func start() throws -> ServiceProcess { try stand.start("serve", topics: ["EVENTS"]) }

        @Test func `an event is stored as it was sent, and its day counts`() throws {
            let service = try start()
            try stand.kafka.feed(
                [
                    (
                        "a",
                        event(
                            "Zoë", at: "2026-01-05T10:00:00.5+02:00",
                            more: #","service":"app","amount":12.50,"event_id":"e-1","shop":{"city":["x"]}"#)
                    ),
                    ("b", event("b", at: "2026-01-05", kind: "usage", more: #","amount":null,"event_id":null"#)),
                    ("c", event("c", at: "2026-01-07", more: #","amount":"1e3","service":"""#)),
                ], to: "churn.events")
            try stand.expectOnce(["Zoë", "b", "c"], in: "events")
            let columns = "occurred_at AT TIME ZONE 'UTC', kind, service, amount, event_id, load_id"
            #expect(
                try stand.psql.rows("SELECT customer_id, \(columns) FROM events ORDER BY customer_id") == [
                    "Zoë|2026-01-05 08:00:00.5|purchase|app|12.50|e-1|", "b|2026-01-05 00:00:00|usage||||",
                    "c|2026-01-07 00:00:00|purchase||1000||",
                ])
            let days = try stand.psql.rows(
                "SELECT day, revision > 0, streamed_to AT TIME ZONE 'UTC' FROM event_days ORDER BY day")
            #expect(days == ["2026-01-05|t|2026-01-05 08:00:00.5", "2026-01-07|t|2026-01-07 00:00:00"])
            #expect(try service.terminate() == .code(0))
        }

        @Test func `an event with an id is there once, however often it is sent, and changes its day once`() throws {
            let service = try start()
            let twice = event("t", more: #","event_id":"same""#)
            try stand.kafka.feed([("k", twice), ("k", twice), ("l", twice), ("m", twice)], to: "churn.events")
            try stand.expectOnce(["t"], in: "events")
            let revision = "SELECT revision FROM event_days"
            let before = try stand.psql.value(revision)
            try stand.kafka.feed(
                [("k", twice), ("l", twice), ("k", event("other", at: "2026-02-01"))], to: "churn.events")
            try stand.expectOnce(["t", "other"], in: "events")
            try eventually("all to be read") {
                try stand.metric(#"churn_consumed_messages_total{topic="churn.events",result="stored"}"#, service) == 7
            }
            #expect(try stand.psql.value(revision + " WHERE day = '2026-01-05'") == before)
            #expect(try service.terminate() == .code(0))
        }

        @Test
        func `what is no event goes to the dead-letter topic with the reason and without a value, and stops nothing`()
            throws
        {
            let letters = try KafkaReader(stand.kafka.brokers, topic: "churn.dead-letter")
            let service = try start()
            let bad: [(value: String, reason: String)] = [
                ("{", "not JSON"), ("[]", "not a JSON object"), (#"{"customer_id":"x"}"#, "no occurred_at"),
                (event(""), "no customer_id"), (event(#"n\u0000"#), "customer_id has a NUL byte"),
                (event("x", at: "yesterday"), "occurred_at is no time such as 2026-11-22 or 2026-11-22T03:00:07Z"),
                (event("x", at: "2999-01-01"), "occurred_at is later than tomorrow"),
                (
                    event("x", more: #","amount":"12,50""#),
                    "amount has a comma: write 12.50, without a decimal comma or thousands"
                ),
                (event("x", more: #","amount":[1]"#), "amount is neither a number nor a string"),
                (event("x", more: #","kind":"y""#), "kind twice"),
                (event("x", more: #","service":5"#), "service is no string"),
                (event(String(repeating: "x", count: 257)), "customer_id is longer than 256 bytes"),
            ]
            var messages = names("G", 40).map { (key: $0, value: event($0)) }
            for (index, message) in bad.enumerated() {
                messages.insert((key: "bad-\(index)", value: message.value), at: index * 3)
            }
            try stand.kafka.feed(messages, to: "churn.events")
            try stand.expectOnce(names("G", 40), in: "events")
            let told = try letters.waitFor(bad.count)
            for (index, message) in bad.enumerated() {
                let letter = try #require(told.first { $0.key == "bad-\(index)" })
                // kcat puts a comma between headers.
                let reason = message.reason.split(separator: ",")[0]
                #expect(letter.headers["reason"] == "invalid: \(reason)")
                #expect(letter.value == message.value)
                #expect(letter.headers["origin"]?.hasPrefix("churn.events-") == true)
            }
            #expect(told.count == bad.count)
            #expect(try service.terminate() == .code(0))
            #expect(!service.log.contains("xxxx"))
        }

        @Test func `a late event lets its snapshots be computed again`() throws {
            let commands = try CommandStand()
            let stand = try IntakeStand(psql: commands.psql, kafka: stand.kafka)
            let service = try stand.start("serve", topics: ["EVENTS"])
            let words = ["features", "--window", "30d", "--horizon", "10d", "--as-of", "2026-01-31"]
            try stand.kafka.feed(
                [("a", event("a", at: "2026-01-25")), ("b", event("b", at: "2026-02-11"))], to: "churn.events")
            try stand.expectOnce(["a", "b"], in: "events")
            #expect(try commands.run(words: words)["snapshots"]?["inserted"] == .number(1))
            #expect(try commands.psql.value("SELECT churned FROM feature_snapshots") == "t")
            #expect(try commands.run(words: words).exit == .code(10))
            try stand.kafka.feed([("a", event("a", at: "2026-02-05"))], to: "churn.events")
            try eventually("the late one") { try stand.psql.value("SELECT count(*) FROM events") == "3" }
            #expect(try commands.run(words: words).exit == .code(0))
            #expect(try commands.psql.value("SELECT churned FROM feature_snapshots") == "f")
            #expect(try service.terminate() == .code(0))
        }
    }
}
