import TestSupport
import Testing

extension EndToEnd {
    /// What the log says of a request: which one it was, and nothing of what it held.
    struct RequestLogTests {
        private let service: ServiceProcess
        private let psql: Psql
        private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

        init() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            psql = Psql(database)
            service = try ServiceProcess(databaseURL: database)
            try service.waitUntilReady()
        }

        private func refusedLine(_ headers: [String]) throws -> Document {
            let before = service.log.count
            let body = customer("Secret-Name", check: "31.4159")
            let answer = try service.client().post("/predict", body, headers: headers)
            try #require(answer.status == 422, "\(answer.text)")
            let lines = service.log.dropFirst(before).split(separator: "\n")
            let line = try #require(lines.first { $0.contains("PostgreSQL refused a row") })
            return try Document(Array(line.utf8))
        }

        @Test func `a line about a request names it by its id, else by its trace, and holds no value`() throws {
            _ = try psql.rows("ALTER TABLE predictions ADD CONSTRAINT wanted CHECK (customer_id <> 'Secret-Name')")
            let parent = "traceparent: 00-\(trace)-00f067aa0ba902b7-01"
            let traced = try refusedLine([parent])
            #expect(traced["request_id"] == .string(trace) && traced["route"] == .string("/predict"))
            #expect(traced["constraint"] == .string("wanted"))
            #expect(try refusedLine(["X-Request-ID: r-17", parent])["request_id"] == .string("r-17"))
            #expect(try refusedLine(["X-Request-ID: not usable", parent])["request_id"] == .string(trace))
            #expect(try refusedLine(["traceparent: 00-\(trace)-x"])["request_id"] == nil)
            #expect(!service.log.contains("Secret-Name") && !service.log.contains("31.4159"))
        }

        @Test func `the trace is stored with the prediction`() throws {
            let client = try service.client()
            let parent = "traceparent: 00-\(trace)-00f067aa0ba902b7-01"
            #expect(try client.post("/predict", customer("T-1"), headers: [parent]).status == 200)
            #expect(try client.post("/predict", customer("T-2"), headers: ["X-Request-ID: r", parent]).status == 200)
            #expect(try client.post("/predict", customer("T-3"), headers: [parent, parent]).status == 200)
            let rows = try psql.rows("SELECT customer_id, request_id FROM predictions ORDER BY 1")
            #expect(rows == ["T-1|\(trace)", "T-2|r", "T-3|"])
        }

        @Test func `a read that fails is named, too`() throws {
            _ = try psql.rows("ALTER TABLE events RENAME TO gone")
            let before = service.log.count
            let target = "/customers/Secret-Name/events"
            try service.client().get(target, headers: ["X-Request-ID: r-18"]).expectProblem(503)
            let line = try #require(
                service.log.dropFirst(before).split(separator: "\n").first { $0.contains("a read failed") })
            let fields = try Document(Array(line.utf8))
            #expect(fields["request_id"] == .string("r-18") && fields["sqlstate"] == .string("42P01"))
            #expect(fields["route"] == .string("/customers/{id}/events") && !service.log.contains("Secret-Name"))
        }
    }
}
