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

        @Test(arguments: [
            ("FOO /predict HTTP/1.1\r\nHost: x\r\n\r\n", #"route="/predict",method="other",code="501""#),
            (
                "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n",
                #"route="/predict",method="POST",code="400""#
            ),
            (
                "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n",
                #"route="/predict",method="POST",code="413""#
            ),
            (
                "POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                #"route="/predict",method="POST",code="400""#
            ),
            ("DELETE /nowhere HTTP/1.1\r\n\r\n", #"route="other",method="DELETE",code="400""#),
            ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", #"route="other",method="other",code="400""#),
        ])
        func `a refused request is counted as what it asked for, as far as it was read`(
            sent: String, labels: String
        ) throws {
            let before = (
                same: try sum("churn_http_requests_total", labels),
                all: try sum("churn_http_requests_total", #"code="4"#) + sum("churn_http_requests_total", #"code="5"#)
            )
            let stranger = try RunningService.client()
            try stranger.send(sent)
            _ = try stranger.receiveToEnd()
            #expect(try sum("churn_http_requests_total", labels) == before.same + 1)
            let all = try sum("churn_http_requests_total", #"code="4"#) + sum("churn_http_requests_total", #"code="5"#)
            #expect(all == before.all + 1)
        }

        @Test(.enabled(if: hasPromtool, "there is no promtool"))
        func `promtool has nothing to say`() throws {
            let folder = try TemporaryFolder()
            let file = folder.path + "/metrics"
            try write(client.get("/metrics").body, toFile: file)
            let check = try runCommand(["sh", "-c", "promtool check metrics < \(file)"])
            #expect(check.exit == .code(0))
            #expect(check.output + check.errors == "")
        }
    }
}

private let hasPromtool = (try? runCommand(["sh", "-c", "command -v promtool"]))?.exit == .code(0)
