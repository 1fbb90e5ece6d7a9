import TestSupport
import Testing

extension EndToEnd.OneService {
    struct BatchTests {
        let client: TestClient
        let psql = RunningService.current.psql

        init() throws { client = try RunningService.client() }

        @Test func `a batch is answered in its order and stored whole`() throws {
            let answer = try client.post("/predict", batch((0..<1_000).map { customer("B-\($0)", days: "\($0 % 90)") }))
            try #require(answer.status == 200, "\(answer.text.prefix(500))")
            let predictions = try #require(answer.json()["predictions"]).elements
            #expect(predictions.map { $0["customer_id"]?.string } == (0..<1_000).map { "B-\($0)" })
            let ids = predictions.compactMap { $0["prediction_id"]?.string }
            #expect(Set(ids).count == 1_000)
            #expect(try psql.value("SELECT count(DISTINCT id) FROM predictions WHERE customer_id LIKE 'B-%'") == "1000")
        }

        @Test func `an instance is scored alike alone and in a batch`() throws {
            let alone = try client.post("/predict?record=false", customer("same", days: "33")).json()["probability"]
            let among = try client.post(
                "/predict?record=false", batch([customer("other"), customer("same", days: "33"), customer("more")])
            ).json()["predictions"]?[1]?["probability"]
            #expect(alone != nil && alone == among)
        }

        @Test func `one fault among many refuses all, and every fault is listed with its place`() throws {
            let answer = try client.post(
                "/predict",
                batch([
                    customer("F-0"), customer("F-1", check: #""much""#), customer("F-2"),
                    #"{"customer_id":"F-3","features":{"purchase_frequency":1,"average_check":[2],"services_used":4,"age":3}}"#,
                    customer("", days: #""x""#),
                ]))
            #expect(
                Set(try answer.faults()) == [
                    "/instances/1/features/average_check", "/instances/3/features/age",
                    "/instances/3/features/average_check", "/instances/4/customer_id",
                    "/instances/4/features/days_since_last_activity",
                ])
            #expect(!answer.text.contains("much"), "a value of a customer is never repeated")
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id LIKE 'F-%'") == "0")
        }

        @Test func `an empty batch and one of 1,001 are refused`() throws {
            #expect(try client.post("/predict", batch([])).faults() == ["/instances"])
            let large = try client.post(
                "/predict", batch((0..<1_001).map { "{\"customer_id\":\"L-\($0)\",\"features\":[1,2,3,4]}" }))
            #expect([413, 422].contains(large.status), "\(large.status)")
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id LIKE 'L-%'") == "0")
        }

        @Test func `a what-if batch stores nothing`() throws {
            let answer = try client.post("/predict?record=false", batch((0..<10).map { customer("W-\($0)") }))
            #expect(try answer.json()["predictions"]?.elements.count == 10)
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id LIKE 'W-%'") == "0")
        }
    }
}
