import TestSupport
import Testing

/// A body that is never whole: JSON up to its last octet.
private let body = Array("{\"instances\":[".utf8) + [UInt8](repeating: 0x20, count: 1 << 20 - 15)

extension EndToEnd {
    /// Clients that would fill the memory of the machine.
    @Suite(.runningService) struct MemoryTests {
        @Test func `five hundred bodies that never end cost a bounded memory, and ordinary callers nothing`() throws {
            let ordinary = try RunningService.client()
            let attackers = try attack(500, beside: ordinary) { try RunningService.client() }
            // 128 MiB for what they have sent; the service, and what it reads at a time, besides.
            let mebibytes = try Scrape(ordinary).sum("process_resident_memory_bytes") / 0x1p20
            #expect(mebibytes < 220 || isSanitized, "\(mebibytes) MiB")
            try expectOverloaded(attackers[0])
            let last = attackers[499]
            try last.send("}")
            #expect(try last.receiveAnswer().status == 400)
            let rows = try RunningService.current.psql.rows("SELECT count(*) FROM predictions")
            #expect(rows == ["500"])
        }
    }

    /// The same where the kernel kills who takes 64 MiB.
    @Suite(
        .enabled(if: MemoryGroup.isPossible, "no control group can be made here"),
        .disabled(if: isSanitized, "a sanitizer needs more than all of it"))
    struct LittleMemoryTests {
        @Test func `a service in a small container is not killed for what its clients send`() throws {
            let group = try MemoryGroup(bytes: 64 << 20)
            let service = try ServiceProcess(
                databaseURL: TemporaryPostgres.shared.makeDatabase(), workers: 1, wrappedBy: group.entrance)
            try service.waitUntilReady()
            let ordinary = try service.client()
            let attackers = try attack(200, beside: ordinary, service.client)
            try expectOverloaded(attackers[0])
            #expect(try ordinary.get("/health/ready").status == 200)
            // So that the group can go.
            service.kill()
        }
    }
}

/// So many send all of a body but its end, one after the other, and an ordinary caller goes on meanwhile.
private func attack(
    _ count: Int, beside ordinary: TestClient, _ client: () throws -> TestClient
) throws -> [TestClient] {
    try (0..<count).map { number in
        let client = try client()
        try client.send("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        try client.send("Content-Length: \(body.count + 1)\r\n\r\n")
        try client.send(body)
        #expect(try ordinary.post("/predict", customer("memory-\(number)")).status == 200)
        return client
    }
}

private func expectOverloaded(_ client: TestClient) throws {
    let answer = try client.receiveAnswer()
    #expect(answer.status == 503)
    #expect(answer.header("Retry-After") == "1")
    #expect(answer.text.contains("urn:churn:problem:overloaded"))
}
