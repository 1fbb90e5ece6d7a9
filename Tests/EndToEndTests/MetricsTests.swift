import TestSupport
import Testing

extension EndToEnd.OneService {
    struct MetricsTests {
        let client: TestClient

        init() throws { client = try RunningService.client() }

        /// The sum of all samples of a metric whose labels hold this.
        private func sum(_ name: String, _ labels: String = "") throws -> Double {
            try Scrape(client).sum(name, labels)
        }

        @Test func `predictions and requests are counted`() throws {
            let predictions = try sum("churn_predictions_total")
            let requests = try sum("churn_http_requests_total", #"route="/predict",method="POST",code="200""#)
            for _ in 0..<7 { _ = try client.post("/predict", customer("M")) }
            _ = try client.post("/predict", batch([customer("M"), customer("M"), customer("M")]))
            #expect(try sum("churn_predictions_total") == predictions + 10)
            #expect(
                try sum("churn_http_requests_total", #"route="/predict",method="POST",code="200""#)
                    == requests + 8)
        }

        @Test func `unknown paths and methods share one label`() throws {
            let before = try sum("churn_http_requests_total", #"route="other""#)
            for name in 0..<5 { _ = try client.get("/no/such/path/\(name)") }
            #expect(try sum("churn_http_requests_total", #"route="other""#) == before + 5)
            #expect(try !client.get("/metrics").text.contains("such"))
        }

        @Test func `promtool has nothing to say`() throws {
            let folder = try TemporaryFolder()
            let file = folder.path + "/metrics"
            try write(client.get("/metrics").body, toFile: file)
            let check = try runCommand([
                "sh", "-c", "command -v promtool >/dev/null || exit 0; promtool check metrics < \(file)",
            ])
            #expect(check.exit == .code(0))
            #expect(check.output + check.errors == "")
        }
    }
}
