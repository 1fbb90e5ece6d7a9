import TestSupport
import Testing

extension EndToEnd.OneService {
    /// Many requests in one stream of bytes, answered in their order.
    struct PipeliningTests {
        /// POSTs wait for a commit and GETs do not: without care the GETs would overtake.
        @Test func `answers keep the order of the requests`() throws {
            let client = try RunningService.client()
            let names = (0..<200).map { "O-\($0)" }
            let sender = BackgroundThread { [socket = client.socket] in
                for (index, name) in names.enumerated() {
                    try? socket.send(post(name))
                    if index % 3 == 0 { try? socket.send(requestBytes("GET", "/health/live")) }
                }
            }
            for (index, name) in names.enumerated() {
                let answer = try client.receiveAnswer()
                #expect(try answer.json()["customer_id"] == .string(name))
                if index % 3 == 0 { #expect(try client.receiveAnswer().json()["customer_id"] == nil) }
            }
            sender.join()
        }

        @Test(arguments: [1, 37, 1_000])
        func `a mixed stream that ends in a bad line is answered up to it, however it is cut`(size: Int) throws {
            let client = try RunningService.client()
            let stream =
                post("X-1") + requestBytes("GET", "/health/live") + post("X-2") + post("X-3")
                + Array("BAD LINE\r\n\r\n".utf8) + post("X-never-\(size)")
            for start in stride(from: 0, to: stream.count, by: size) {
                // The service may end the connection before the last bytes are sent.
                do { try client.send(Array(stream[start..<min(start + size, stream.count)])) } catch { break }
            }
            #expect(try client.receiveAnswer().json()["customer_id"] == .string("X-1"))
            #expect(try client.receiveAnswer().status == 200)
            #expect(try client.receiveAnswer().json()["customer_id"] == .string("X-2"))
            #expect(try client.receiveAnswer().json()["customer_id"] == .string("X-3"))
            let last = try client.receiveAnswer()
            #expect(last.status == 400 && last.header("Connection")?.lowercased() == "close")
            #expect(try client.receiveToEnd().isEmpty)
            let psql = RunningService.current.psql
            #expect(
                try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'X-never-\(size)'") == "0",
                "nothing after a bad line is done")
        }

        @Test func `nothing after a close is done`() throws {
            let client = try RunningService.client()
            try client.send(requestBytes("GET", "/health/live", headers: ["Connection: close"]) + post("Y-never"))
            #expect(try client.receiveAnswer().status == 200)
            #expect(try client.receiveToEnd().isEmpty)
            let psql = RunningService.current.psql
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'Y-never'") == "0")
        }

        @Test func `a caller that asks for much and reads nothing is held back and loses nothing`() throws {
            let client = try RunningService.client()
            let count = 2_000
            let sender = BackgroundThread { [socket = client.socket] in
                for _ in 0..<count { try? socket.send(requestBytes("GET", "/openapi.json")) }
            }
            #expect(try RunningService.client().get("/health/live").status == 200, "others are served meanwhile")
            let first = try client.receiveAnswer()
            for _ in 1..<count { #expect(try client.receiveAnswer().body == first.body) }
            sender.join()
        }
    }
}

private func post(_ name: String) -> [UInt8] {
    requestBytes(
        "POST", "/predict", headers: ["Content-Type: application/json"], body: Array(customer(name).utf8))
}
