import Glibc
import TestSupport
import Testing

extension EndToEndWithKafka {
    /// A writer dies in the middle of a batch, and another instance publishes its rows.
    struct EventTakeoverTests {
        let postgres: TemporaryPostgres
        let psql: Psql
        let kafka: MockKafka
        let published: Published

        init() throws {
            postgres = try TemporaryPostgres()
            psql = Psql(postgres.connection())
            kafka = try MockKafka(topics: ["churn.predictions:4", "churn.dead-letter:1", "churn.alerts:1"])
            published = Published(psql: psql, reader: try KafkaReader(kafka.brokers, topic: "churn.predictions"))
        }

        private func start(_ database: String) throws -> ServiceProcess {
            let service = try ServiceProcess(
                databaseURL: database, workers: 1, environment: ["KAFKA_BROKERS": kafka.brokers])
            try service.waitUntilReady()
            return service
        }

        /// The connection is cut, the other instance closes the writer, the row is resent, the process is killed.
        @Test func `a row that is resent under a closed writer is published, though its process dies`() throws {
            let proxy = try CuttingProxy(upstream: postgres.socket)
            let victim = try start(proxy.location + " user=postgres dbname=postgres")
            #expect(try victim.client().post("/predict", customer("before")).status == 200)
            let other = try start(psql.connection)
            let writer = try psql.value("SELECT writer FROM predictions WHERE customer_id = 'before'")
            proxy.arm(.cutBeforeSync, marker: "resent", refusing: true)
            let client = try victim.client()
            try client.send(
                requestBytes(
                    "POST", "/predict", headers: ["Content-Type: application/json"],
                    body: Array(customer("resent").utf8)))
            try eventually("the cut") { proxy.cuts == 1 }
            try eventually("the other instance to close the writer", within: 30) {
                try psql.value("SELECT count(*) FROM writers WHERE id = \(writer) AND closed_at IS NOT NULL") == "1"
            }
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'resent'") == "0")
            try kafka.setDown(true)
            proxy.setRefusing(false)
            try eventually("the resend", within: 20) {
                try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'resent'") == "1"
            }
            victim.kill()
            try kafka.setDown(false)
            try published.expectEveryRow()
            try eventually("the writer to be closed again", within: 20) {
                try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "0"
            }
            #expect(try other.terminate() == .code(0))
        }

        /// The lock of the writer is not free while its backend lives, even if that is stopped: nobody passes its row.
        @Test func `a stopped backend of a dead instance is waited for, inside its transaction`() throws {
            let victim = try start(psql.connection)
            #expect(try victim.client().post("/predict", customer("before")).status == 200)
            let other = try start(psql.connection)
            let lock = try ChildProcess([
                "psql", "-X", "-d", psql.connection, "-c",
                "BEGIN; LOCK TABLE predictions IN EXCLUSIVE MODE; SELECT pg_sleep(600)",
            ])
            let holder = "FROM pg_locks WHERE relation = 'predictions'::regclass AND mode = 'ExclusiveLock' AND granted"
            try eventually("the table lock") { try psql.value("SELECT count(*) \(holder)") == "1" }
            let client = try victim.client()
            try client.send(
                requestBytes(
                    "POST", "/predict", headers: ["Content-Type: application/json"],
                    body: Array(customer("stopped").utf8)))
            let waiting =
                "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE 'INSERT INTO predictions%'"
            let pid = try eventually("the waiting backend") { try psql.rows(waiting).first.flatMap { pid_t($0) } }
            #expect(kill(pid, SIGSTOP) == 0)
            victim.kill()
            _ = try psql.rows("SELECT pg_terminate_backend(pid) \(holder)")
            lock.send(SIGKILL)
            let load = Load(port: other.port, connections: 4, name: "O")
            try load.waitForMore(500, within: 30)
            #expect(try psql.value("SELECT count(*) FROM predictions WHERE customer_id = 'stopped'") == "0")
            #expect(try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "2")
            try letGoOn(pid, load, other)
        }

        /// Its rows are committed, and its lock is held by a backend that does nothing.
        @Test func `a stopped idle backend of a dead instance holds up nobody, and what it left is published`() throws {
            let victim = try start(psql.connection)
            try kafka.setDown(true)
            for number in 0..<30 {
                #expect(try victim.client().post("/predict", customer("V-\(number)")).status == 200)
            }
            let writing = "SELECT pid FROM pg_stat_activity WHERE application_name = 'churn writer'"
            let pid = try #require(try pid_t(psql.value(writing)))
            #expect(kill(pid, SIGSTOP) == 0)
            victim.kill()
            let other = try start(psql.connection)
            try kafka.setDown(false)
            let load = Load(port: other.port, connections: 4, name: "O")
            try load.waitForMore(500, within: 30)
            try eventually("the other's rows to be published") {
                published.reader.messages.contains { $0.key.hasPrefix("O-") }
            }
            #expect(try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "2")
            try letGoOn(pid, load, other)
        }

        /// The stopped backend commits, or notices first that its client is gone: either way its writer can be closed then, and
        /// every row has been published.
        private func letGoOn(_ pid: pid_t, _ load: Load, _ other: ServiceProcess) throws {
            #expect(kill(pid, SIGCONT) == 0)
            try eventually("the writer of the stopped backend to be closed", within: 20) {
                try psql.value("SELECT count(*) FROM writers WHERE closed_at IS NULL") == "1"
            }
            let told = load.stop()
            try published.expectEveryRow()
            published.expect(told)
            #expect(try other.terminate() == .code(0))
        }
    }
}
