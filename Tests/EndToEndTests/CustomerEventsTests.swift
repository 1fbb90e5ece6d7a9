import TestSupport
import Testing

extension EndToEnd {
    /// What one customer did, asked for page by page.
    struct CustomerEventsTests {
        private let stand: CommandStand
        private let service: ServiceProcess

        /// A customer with many events, several of one instant and two alike; one with an odd name; one more.
        init() throws {
            stand = try CommandStand()
            var text = "customer_id,occurred_at,kind,service,amount,event_id\n"
            for number in 0..<40 {
                let day = number / 8 + 1
                text += "C-1,2026-01-0\(day)T10:00:00Z,\(number % 2 == 0 ? "purchase" : "usage"),s\(number % 3),"
                text += number % 2 == 0 ? "\(number).50,e\(number)\n" : ",e\(number)\n"
            }
            text += "C-1,2026-01-06,usage,app,,\nC-1,2026-01-06,usage,app,,\n"
            text += "\"a/b c,ü%\",2026-01-02T03:04:05.678901Z,signup,,,\nC-2,2026-01-02,purchase,app,9.99,\n"
            let loaded = try stand.run("load", try stand.file("events.csv", text))
            try #require(loaded["inserted"] == .number(44))
            service = try ServiceProcess(databaseURL: stand.database)
            try service.waitUntilReady()
        }

        private func page(_ target: String) throws -> Document {
            let answer = try service.client().get(target)
            try #require(answer.status == 200, "\(target): \(answer.text)")
            return try answer.json()
        }

        @Test func `all events come newest first, whatever the size of a page, each once`() throws {
            let whole = try page("/customers/C-1/events")["events"]?.elements ?? []
            #expect(whole.count == 42)
            let times = whole.compactMap { $0["occurred_at"]?.string }
            #expect(times == times.sorted(by: >) && times.count == 42)
            #expect(Set(whole.compactMap { $0["event_id"]?.string }).count == 40)
            for limit in [1, 2, 3, 7, 8, 41, 42] {
                var seen: [Document] = []
                var target = "/customers/C-1/events?limit=\(limit)"
                while seen.count < 100 {
                    let answer = try service.client().get(target)
                    let page = try answer.json()
                    seen += page["events"]?.elements ?? []
                    guard let cursor = page["next_cursor"]?.string else { break }
                    target = "/customers/C-1/events?limit=\(limit)&cursor=\(cursor)"
                    #expect(answer.header("Link") == "<\(target)>; rel=\"next\"")
                }
                #expect(seen == whole, "\(limit) a page")
            }
        }

        @Test func `an event says what was loaded, and a name is percent-decoded`() throws {
            let odd = try page("/customers/a%2Fb%20c%2C%C3%BC%25/events")
            #expect(odd["customer_id"] == .string("a/b c,ü%"))
            let signup =
                #"{"occurred_at":"2026-01-02T03:04:05.678901Z","kind":"signup","service":null,"#
                + #""amount":null,"event_id":null}"#
            #expect(odd["events"]?.elements == [try Document(Array(signup.utf8))])
            let other = try page("/customers/C-2/events")["events"]?.elements ?? []
            #expect(other.count == 1 && other[0]["amount"] == .number(9.99) && other[0]["kind"] == .string("purchase"))
        }

        @Test func `a period narrows, and what is not known is empty`() throws {
            let second = try page("/customers/C-1/events?from=2026-01-02&to=2026-01-03")["events"]?.elements ?? []
            #expect(second.count == 8)
            let first = try page("/customers/C-1/events?from=2026-01-02&to=2026-01-03&limit=5")
            let cursor = try #require(first["next_cursor"]?.string)
            let rest = try page("/customers/C-1/events?from=2026-01-02&to=2026-01-03&limit=5&cursor=\(cursor)")
            #expect((first["events"]?.elements ?? []) + (rest["events"]?.elements ?? []) == second)
            #expect(rest["next_cursor"] == .null)
            let nobody = try page("/customers/nobody/events")
            #expect(nobody["events"]?.elements.isEmpty == true && nobody["next_cursor"] == .null)
        }

        @Test(arguments: ["//events", "/a/b/events", "/C-1/event", "/events"])
        func `other paths are none of it`(path: String) throws {
            try service.client().get("/customers\(path)").expectProblem(404)
        }

        @Test func `its requests are counted under its template, not under a customer's name`() throws {
            _ = try page("/customers/C-1/events")
            let metrics = try service.client().get("/metrics").text
            #expect(metrics.contains(#"route="/customers/{id}/events""#) && !metrics.contains("C-1"))
        }
    }
}
