import TestSupport
import Testing

extension EndToEnd.OneService {
    /// Which of two values is meant nobody knows (RFC 8259 §4): who sends a member twice is told where, and nothing is scored.
    struct RepeatedMemberTests {
        let client: TestClient

        init() throws { client = try RunningService.client() }

        @Test(arguments: [
            (#""customer_id":"a","customer_id":"b","features":[1,2,3,4]"#, "customer_id"),
            (#""customer_id":"a","features":[1,2,3,4],"customer_id":"a""#, "customer_id"),
            (#""customer_id":"a","features":[1,2,3,4],"customer\u005fid":"b""#, "customer_id"),
            (#""customer_id":"a","features":[1,2,3,4],"features":[1,2,3,4]"#, "features"),
            (#""features":[5,6,7,8],"customer_id":"a","features":[1,2,3,4]"#, "features"),
            (#""customer_id":"a","features":[1,2,3,4],"features":{}"#, "features"),
            (#""customer_id":"a","features":{},"features":[1,2,3,4]"#, "features"),
            (features(#""average_check":2,"average_check":3"#), "features/average_check"),
            (features(#""average_check":2,"average_check":2"#), "features/average_check"),
            (features(#""average_check":null,"average_check":2"#), "features/average_check"),
            (features(#""average_check":2,"average_check":null"#), "features/average_check"),
            (features(#""average_check":2,"average\u005fcheck":3"#), "features/average_check"),
        ])
        func `a member of an instance that comes twice is the fault, whatever its values are`(
            members: String, twice: String
        ) throws {
            let instance = "{\(members)}"
            #expect(try client.post("/predict", instance).faults() == ["/\(twice)"])
            let among = batch([customer("before"), instance, customer("after")])
            #expect(try client.post("/predict", among).faults() == ["/instances/1/\(twice)"])
        }

        @Test func `instances that come twice are the fault, also empty ones`() throws {
            let list = "[\(customer("a"))]"
            for name in ["instances", #"\u0069nstances"#] {
                let answer = try client.post("/predict", #"{"instances":\#(list),"\#(name)":\#(list)}"#)
                #expect(try answer.faults() == ["/instances"])
                #expect(try answer.json()["errors"]?.elements.map { $0["code"] } == [.string("duplicate")])
            }
        }

        @Test func `one customer beside a list is the fault, in any order`() throws {
            let (list, one) = (#""instances":[\#(customer("a"))]"#, customer("b").dropFirst().dropLast())
            for body in ["{\(list),\(one)}", "{\(one),\(list)}"] {
                #expect(try client.post("/predict", body).faults() == ["/instances"])
            }
        }
    }
}

/// The members of an instance that names its features, `pair` among them.
private func features(_ pair: String) -> String {
    #""customer_id":"a","features":{"purchase_frequency":1,\#(pair),"days_since_last_activity":3,"services_used":4}"#
}
