import TestSupport
import Testing

extension EndToEnd.OneService {
    struct HistoryTests {
        let client: TestClient

        init() throws { client = try RunningService.client() }

        private func predict(_ name: String, _ count: Int) throws -> [String] {
            let answer = try client.post("/predict", batch((0..<count).map { customer(name, days: "\($0)") }))
            return try #require(answer.json()["predictions"]).elements.map { try #require($0["prediction_id"]?.string) }
        }

        private func page(_ query: String) throws -> (ids: [String], cursor: String?) {
            let answer = try client.get("/history?\(query)")
            try #require(answer.status == 200, "\(query): \(answer.text)")
            let json = try answer.json()
            let ids = try #require(json["predictions"]).elements.compactMap { $0["prediction_id"]?.string }
            return (ids, json["next_cursor"]?.string)
        }

        @Test func `the history is newest first`() throws {
            let ids = try predict("H-order", 30)
            #expect(try page("customer_id=H-order").ids == ids.reversed())
            #expect(try page("limit=5").ids == ids.suffix(5).reversed())
        }

        @Test func `pages stay put while rows are inserted`() throws {
            let ids = try predict("H-pages", 50)
            var read: [String] = []
            var query = "customer_id=H-pages&limit=7"
            var pages = 0
            while true {
                let (more, cursor) = try page(query)
                read += more
                pages += 1
                _ = try predict("H-pages", 3)
                guard let cursor, pages < 100 else { break }
                query = "customer_id=H-pages&limit=7&cursor=\(cursor)"
            }
            #expect(read == ids.reversed(), "every row that was there at first, once, and none that came later")
        }

        @Test func `filters narrow the history`() throws {
            _ = try predict("H-filter", 90)
            let all = try client.get("/history?customer_id=H-filter&limit=1000").json()["predictions"]?.elements ?? []
            #expect(all.count == 90)
            for decision in [true, false] {
                let some = try client.get("/history?customer_id=H-filter&churn=\(decision)&limit=1000").json()
                #expect(
                    some["predictions"]?.elements == all.filter { $0["churn"] == .boolean(decision) },
                    "churn=\(decision)")
            }
            let model = try #require(all[0]["model"]?.string)
            #expect(try page("customer_id=H-filter&model=\(model)&limit=1000").ids.count == 90)
            let middle = try #require(all[40]["created_at"]?.string)
            let after = try page("customer_id=H-filter&from=\(middle)&limit=1000").ids.count
            let before = try page("customer_id=H-filter&to=\(middle)&limit=1000").ids.count
            #expect(after + before == 90, "from is inclusive, to is not")
            #expect(try page("customer_id=H-filter&from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z").ids.isEmpty)
        }

        @Test func `a customer's name is percent-decoded`() throws {
            let ids = try predict("H a&b=ü%", 1)
            #expect(try page("customer_id=H%20a%26b%3D%C3%BC%25").ids == ids)
        }

        @Test func `the history comes as CSV when asked`() throws {
            _ = try predict(#"H-csv, \"quoted\""#, 3)
            let answer = try client.get(
                "/history?customer_id=H-csv,%20%22quoted%22", headers: ["Accept: text/csv"])
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type")?.hasPrefix("text/csv") == true)
            let lines = answer.text.split(separator: "\r\n")
            try #require(lines.count == 4, "\(answer.text)")
            #expect(lines[0].hasPrefix("prediction_id,"))
            #expect(lines.dropFirst().allSatisfy { $0.contains(#""H-csv, ""quoted""""#) })
        }

        @Test(arguments: [
            "limit=0", "limit=1001", "limit=-1", "limit=x", "cursor=xyz", "cursor=", "from=yesterday", "to=2024-13-01",
            "churn=maybe", "unknown=1", "customer_id=%zz", "customer_id=%00", "limit=1&limit=2",
        ])
        func `a query that means nothing is refused`(query: String) throws {
            try client.get("/history?\(query)").expectProblem(400)
        }
    }
}
