import TestSupport
import Testing

extension EndToEnd.OneService {
    /// What is not a valid request is refused with its place, and leaves nothing behind.
    struct BadInputTests {
        let client: TestClient
        let psql = RunningService.current.psql

        init() throws { client = try RunningService.client() }

        @Test(arguments: [
            ("", 0), ("   ", 3), ("{", 1), (#"{"customer_id":}"#, 15), (#"{"customer_id":"a",}"#, 19), ("nul", 3),
            (#"{"customer_id":"a"} x"#, 20), (#"{"customer_id":"a\x"}"#, 17), (#"{'customer_id':"a"}"#, 1),
            (#"{"features":[1,2,3,01]}"#, 20), (#"{"features":[NaN]}"#, 13), (#"{"features":[1.]}"#, 15),
            (#"{"customer_id":"\ud800"}"#, 16), ("{\"customer_id\":\"a\nb\"}", 17),
        ])
        func `what is not JSON is refused with the offset of the first wrong byte`(body: String, offset: Int) throws {
            let answer = try client.post("/predict", body)
            try answer.expectProblem(400)
            let told = try #require(answer.json()["offset"]?.number)
            #expect(abs(told - Double(offset)) <= 1, "offset \(told) in \(body)")
            #expect(try client.get("/health/live").status == 200, "the connection goes on")
        }

        @Test func `bytes that are not UTF-8 are not JSON`() throws {
            for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]] {
                let body = Array(#"{"customer_id":""#.utf8) + bad + Array(#"","features":[1,2,3,4]}"#.utf8)
                let answer = try client.request("POST", "/predict", headers: json, body: body)
                try answer.expectProblem(400)
            }
        }

        @Test(arguments: [
            (customer("a", check: #""12""#), ["/features/average_check"]),
            (customer("a", check: "true"), ["/features/average_check"]),
            (customer("a", check: "[1]"), ["/features/average_check"]),
            (
                customer("a", check: "{}", days: "[]"),
                ["/features/average_check", "/features/days_since_last_activity"]
            ),
            (customer("a", check: "1e400"), ["/features/average_check"]),
            (customer("a", check: "-1e999999999"), ["/features/average_check"]),
            (customer(""), ["/customer_id"]),
            (customer(#"a\u0000b"#), ["/customer_id"]),
            (customer(String(repeating: "x", count: 257)), ["/customer_id"]),
            (customer(String(repeating: "ж", count: 129)), ["/customer_id"]),
            (#"{"customer_id":17,"features":[1,2,3,4]}"#, ["/customer_id"]),
            (#"{"customer_id":null,"features":[1,2,3,4]}"#, ["/customer_id"]),
            (#"{"features":[1,2,3,4]}"#, ["/customer_id"]),
            (#"{"customer_id":"a","features":[1,2,3]}"#, ["/features"]),
            (#"{"customer_id":"a","features":[1,2,3,4,5]}"#, ["/features"]),
            (#"{"customer_id":"a","features":[1,2,"3",4]}"#, ["/features/days_since_last_activity"]),
            (#"{"customer_id":"a","features":17}"#, ["/features"]),
            (#"{"customer_id":"a","customer_id":"b","features":[1,2,3,4]}"#, ["/customer_id"]),
            (#"{"customer_id":"a","features":[1,2,3,4],"other":1}"#, ["/other"]),
            (#"{"customer_id":"a","instances":[]}"#, ["/instances"]),
            (#"{"instances":{}}"#, ["/instances"]),
            (#"{"instances":[17]}"#, ["/instances/0"]),
            ("[]", [""]), ("17", [""]), (#""text""#, [""]), ("null", [""]),
        ])
        func `what is not a valid instance is refused with a pointer to each fault`(
            body: String, pointers: [String]
        ) throws {
            let answer = try client.post("/predict", body)
            #expect(Set(try answer.faults()).isSuperset(of: pointers), "\(body): \(answer.text)")
        }

        @Test func `a feature twice and an unknown one are each a fault`() throws {
            let body =
                #"{"customer_id":"a","features":{"average_check":1,"average_check":1,"a~b/c":1,"services_used":1}}"#
            let faults = Set(try client.post("/predict", body).faults())
            #expect(faults == ["/features/average_check", "/features/a~0b~1c"])
        }

        @Test func `numbers at the edge of a Double are no faults`() throws {
            for number in ["1e308", "-1e308", "5e-324", "1e-400", "-0", "0.1e-5", "123456789012345678901234567890"] {
                let answer = try client.post("/predict?record=false", customer("edge", check: number))
                #expect(answer.status == 200, "\(number): \(answer.text)")
                #expect(try answer.json()["probability"]?.number.map { (0...1).contains($0) } == true)
            }
        }

        @Test func `JSON that nests without end is refused`() throws {
            let deep = String(repeating: "[", count: 100_000)
            let answer = try client.post("/predict", deep)
            #expect([400, 422].contains(answer.status))
        }

        @Test func `a refused request leaves no row`() throws {
            let before = try psql.value("SELECT count(*) FROM predictions")
            _ = try client.post("/predict", customer("never", check: "true"))
            _ = try client.post("/predict", "{")
            _ = try client.post("/predict", batch([customer("never"), "{}"]))
            #expect(try psql.value("SELECT count(*) FROM predictions") == before)
        }

        @Test func `a media type that is not JSON is refused`() throws {
            let body = Array(customer("a").utf8)
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
                try client.request("POST", "/predict", headers: ["Content-Type: \(type)"], body: body).expectProblem(
                    415)
            }
            for type in ["application/json; charset=utf-8", "Application/JSON"] {
                let answer = try client.request("POST", "/predict", headers: ["Content-Type: \(type)"], body: body)
                #expect(answer.status == 200, "\(type)")
            }
            try client.request("POST", "/predict", headers: json + ["Content-Encoding: br"], body: body).expectProblem(
                415)
        }

        @Test func `what cannot be had in the form that is asked for is refused`() throws {
            try client.get("/history", headers: ["Accept: image/png"]).expectProblem(406)
            #expect(try client.get("/history", headers: ["Accept: text/html, */*;q=0.1"]).status == 200)
        }

        @Test(arguments: [
            ("/predict", "GET", "POST"), ("/history", "POST", "GET, HEAD"), ("/metrics", "DELETE", "GET, HEAD"),
            ("/health/live", "PUT", "GET, HEAD"), ("/model", "PATCH", "GET, HEAD"),
        ])
        func `a wrong method is told which ones there are`(path: String, method: String, allowed: String) throws {
            let answer = try client.request(method, path)
            try answer.expectProblem(405)
            let told = Set(answer.header("Allow")?.split(separator: ",").map { $0.filter { $0 != " " } } ?? [])
            #expect(told.isSuperset(of: allowed.split(separator: ",").map { $0.filter { $0 != " " } }), "\(told)")
        }

        @Test(arguments: [
            "/nothing", "/predict/", "/predicts", "/history/x", "//predict", "/model/..", "/%70redict/x/y",
        ])
        func `an unknown path is not found`(path: String) throws {
            try client.get(path).expectProblem(404)
        }

        @Test func `a body over the limit is refused without being read`() throws {
            let head =
                "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n"
            try client.send(head)
            try client.receiveAnswer().expectProblem(413)
            #expect(try client.receiveToEnd().isEmpty)
        }

        @Test func `a body that unpacks to more than the limit is refused`() throws {
            let bomb = try gzipped([UInt8](repeating: 32, count: 50_000_000))
            #expect(bomb.count < 100_000)
            let answer = try client.request("POST", "/predict", headers: json + ["Content-Encoding: gzip"], body: bomb)
            try answer.expectProblem(413)
        }

        @Test func `a gzip body that is cut or wrong is refused`() throws {
            let whole = try gzipped(Array(customer("gz").utf8))
            let headers = json + ["Content-Encoding: gzip"]
            try client.request("POST", "/predict", headers: headers, body: whole.dropLast(5) + []).expectProblem(400)
            let other = try RunningService.client()
            try other.request("POST", "/predict", headers: headers, body: Array("plain".utf8)).expectProblem(400)
        }
    }
}

private let json = ["Content-Type: application/json"]
