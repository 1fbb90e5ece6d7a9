import TestSupport
import Testing

extension EndToEnd {
    /// Clients that would fill the memory of the machine.
    @Suite(.runningService) struct MemoryTests {
        private static let clients = 500
        private static let bodyBytes = 1 << 20

        /// A body that is never whole: JSON up to its last octet.
        private static let body = Array("{\"instances\":[".utf8) + [UInt8](repeating: 0x20, count: bodyBytes - 15)

        @Test func `five hundred bodies that never end cost a bounded memory, and ordinary callers nothing`() throws {
            let ordinary = try RunningService.client()
            let head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            let attackers = try (0..<Self.clients).map { number in
                let client = try RunningService.client()
                try client.send(head + "Content-Length: \(Self.bodyBytes)\r\n\r\n")
                try client.send(Self.body)
                #expect(try ordinary.post("/predict", customer("memory-\(number)")).status == 200)
                return client
            }
            // 128 MiB for what they have sent; the service, and what it reads at a time, besides.
            let mebibytes = try Scrape(ordinary).sum("process_resident_memory_bytes") / 0x1p20
            #expect(mebibytes < 220 || isSanitized, "\(mebibytes) MiB")
            let answer = try attackers[0].receiveAnswer()
            #expect(answer.status == 503)
            #expect(answer.header("Retry-After") == "1")
            #expect(answer.text.contains("urn:churn:problem:overloaded"))
            let last = attackers[Self.clients - 1]
            try last.send("}")
            #expect(try last.receiveAnswer().status == 400)
            let rows = try RunningService.current.psql.rows("SELECT count(*) FROM predictions")
            #expect(rows == ["\(Self.clients)"])
        }
    }
}
