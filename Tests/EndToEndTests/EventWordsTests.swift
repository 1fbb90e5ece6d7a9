import TestSupport
import Testing

extension EndToEndWithKafka {
    /// Words in the events of customers turn up where they belong, and do nothing.
    struct EventWordsTests {
        private let stand: IntakeStand
        private let service: ServiceProcess

        init() throws {
            stand = try IntakeStand()
            service = try stand.start("serve", topics: ["EVENTS"])
        }

        @Test func `what an event carries stays where it belongs, and its dead letter says why without a value`() throws
        {
            let letters = try KafkaReader(stand.kafka.brokers, topic: "churn.dead-letter")
            let canaries = Canaries()
            let kept = (0..<4).map { _ in canaries.make() }
            let more = #","service":"\#(kept[2])","event_id":"\#(kept[3])","\#(canaries.make())":"\#(canaries.make())""#
            let wrong = [
                canaries.make(), event(canaries.make(), at: canaries.make()),
                event("x", more: #","amount":"\#(canaries.make())""#),
                event("x", more: #","service":["\#(canaries.make())"]"#),
                event("x", more: #","\#(canaries.make())":1"#).replacing("purchase", with: ""),
            ]
            let right = event(kept[0], kind: kept[1], more: more)
            try stand.kafka.feed(
                ([right] + wrong).map { (canaries.make(), $0) }, to: "churn.events",
                headers: ["request_id=\(canaries.make())", "other=\(canaries.make())"])
            try stand.expectOnce([kept[0]], in: "events")
            for letter in try letters.waitFor(wrong.count) {
                #expect(canaries.found(in: "\(letter.headers)") == [], "\(letter.headers)")
                #expect(wrong.contains(letter.value))
            }
            let answer = try service.client().get("/customers/\(kept[0])/events").text
            #expect(canaries.found(in: answer) == Set(kept))
            #expect(canaries.found(in: try stand.psql.rows("SELECT t::text FROM events AS t").joined()) == Set(kept))
            #expect(canaries.found(in: try service.client().get("/metrics").text) == [])
            #expect(canaries.found(in: service.log) == [], "\(service.log)")
        }

        @Test func `SQL in every text of an event is data`() throws {
            let attacks = [
                "'; DROP TABLE events; --", #"" OR 1=1 --"#, "$1", #"\'; DELETE FROM events; --"#, #"{"a","b"}"#, "a,b",
                "NULL", "%s%n", #"E'\\x'"#, "/*", "(1,2)", #"\N"#,
            ]
            let sent = attacks.map { attack in
                let text = Document.string(attack).json
                return event("x", kind: "y", more: #","service":\#(text),"event_id":\#(text)"#)
                    .replacing(#""x""#, with: text).replacing(#""y""#, with: text)
            }
            try stand.kafka.feed(sent.map { ("k", $0) }, to: "churn.events")
            try stand.expectOnce(attacks, in: "events")
            let rows = try stand.psql.rows(
                "SELECT customer_id FROM events WHERE customer_id = kind AND kind = service AND service = event_id")
            #expect(Set(rows) == Set(attacks))
            for attack in attacks {
                let page = try service.client().get("/customers/\(percentEncoded(attack))/events").json()
                #expect(page["events"]?.elements.count == 1, "\(attack)")
            }
        }
    }
}
