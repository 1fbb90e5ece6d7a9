import Bytes
import Glibc
import Postgres
import TestSupport
import Testing

/// The rules by which a batch counts as committed, against a real server.
@Suite struct PipelineTests {
    private let conninfo: String
    private let psql: Psql

    init() throws {
        conninfo = try TemporaryPostgres.shared.makeDatabase()
        psql = Psql(conninfo)
        _ = try psql.rows(
            """
            CREATE TABLE t (id int PRIMARY KEY, name text, CHECK (id < 1000));
            CREATE TABLE late (id int, CONSTRAINT late_once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)
            """)
    }

    private func driver() throws -> PipelineDriver {
        var connection = try Connection(conninfo, as: .writer)
        try connection.prepare("insert", "INSERT INTO t SELECT * FROM unnest($1::int[], $2::text[])")
        try connection.prepare("late", "INSERT INTO late SELECT unnest($1::int[])")
        try connection.prepare("rename", "UPDATE t SET name = $2 WHERE id = $1")
        try connection.prepare("sleep", "SELECT pg_sleep($1)", types: [.double])
        return PipelineDriver(try connection.intoPipeline())
    }

    /// The columns of `t` for these ids.
    private func columns(_ ids: ClosedRange<Int32>) -> InlineArray<2, BinaryArray> {
        var id = BinaryArray(.integer)
        var name = BinaryArray(.text)
        for value in ids {
            id.append(integer: value)
            if value % 2 == 0 { name.appendNull() } else { name.append("odd") }
        }
        return [id, name]
    }

    private func numbers(_ values: [Int32]) -> InlineArray<1, BinaryArray> {
        var column = BinaryArray(.integer)
        for value in values { column.append(integer: value) }
        return [column]
    }

    private func rename(_ id: Int32, _ name: String) -> BinaryParameters {
        var parameters = BinaryParameters()
        parameters.append(integer: id)
        parameters.append(text: name)
        return parameters
    }

    @Test func `a batch of two statements commits as one`() throws {
        var driver = try driver()
        driver.pipeline.send("insert", columns: columns(1...5).span)
        driver.pipeline.send("rename", rename(2, "two"))
        driver.pipeline.sync()
        #expect(try driver.settle() == ["completed 5", "completed 1", "committed"])
        #expect(try psql.rows("SELECT * FROM t ORDER BY id") == ["1|odd", "2|two", "3|odd", "4|", "5|odd"])
        #expect(driver.pipeline.isIdle == true)
    }

    @Test func `an error undoes the whole batch, and the next one goes through`() throws {
        var driver = try driver()
        driver.pipeline.send("insert", columns: columns(1...2).span)
        driver.pipeline.send("insert", columns: columns(2...3).span)
        driver.pipeline.send("rename", rename(1, "never"))
        driver.pipeline.sync()
        driver.pipeline.send("insert", columns: columns(7...7).span)
        driver.pipeline.sync()
        #expect(driver.pipeline.batchesOutstanding == 2)
        #expect(
            try driver.settle() == [
                "completed 2", "failed PostgreSQL refused (23505), constraint t_pkey", "skipped",
                "refused PostgreSQL refused (23505), constraint t_pkey", "completed 1", "committed",
            ])
        #expect(try psql.rows("SELECT * FROM t") == ["7|odd"])
    }

    @Test func `a failure at the commit itself comes after the success of every statement`() throws {
        var driver = try driver()
        driver.pipeline.send("late", columns: numbers([1, 1]).span)
        driver.pipeline.sync()
        #expect(
            try driver.settle() == [
                "completed 2", "failed PostgreSQL refused (23505), constraint late_once",
                "refused PostgreSQL refused (23505), constraint late_once",
            ])
        #expect(try psql.value("SELECT count(*) FROM late") == "0")
        driver.pipeline.send("late", columns: numbers([1, 2]).span)
        driver.pipeline.sync()
        #expect(try driver.settle() == ["completed 2", "committed"])
    }

    @Test func `an error keeps the name of the constraint and no value`() throws {
        var driver = try driver()
        driver.pipeline.send("insert", columns: columns(4711...4711).span)
        driver.pipeline.sync()
        #expect(
            try driver.settle() == [
                "failed PostgreSQL refused (23514), constraint t_id_check",
                "refused PostgreSQL refused (23514), constraint t_id_check",
            ])
    }

    @Test(arguments: [SIGTERM, SIGKILL]) func `a backend that ends in the middle of a batch loses it`(signal: CInt)
        throws
    {
        // SIGKILL makes the whole server start again: not the one that the other tests use.
        let server = try TemporaryPostgres()
        var connection = try Connection(server.connection(), as: .writer)
        try connection.prepare("sleep", "SELECT pg_sleep($1)", types: [.double])
        let psql = Psql(server.connection())
        var driver = PipelineDriver(try connection.intoPipeline())
        var duration = BinaryParameters()
        duration.append(double: 600)
        driver.pipeline.send("sleep", duration)
        driver.pipeline.sync()
        _ = driver.pipeline.flush()
        let pid = driver.pipeline.backendPID
        try eventually("the statement to run") {
            try psql.value("SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'PgSleep'") == "1"
        }
        kill(pid_t(pid), signal)
        let lines = try driver.settle()
        let expected =
            signal == SIGTERM ? "lost PostgreSQL refused (57P01)" : "lost the connection to PostgreSQL was lost"
        #expect(lines == [expected])
        #expect(driver.pipeline.isLost == true)
        #expect(driver.pipeline.isIdle == false)
        // Whatever is asked of it now does no harm.
        driver.pipeline.send("sleep", duration)
        driver.pipeline.sync()
        #expect(driver.pipeline.flush() == false)
        driver.pipeline.consume()
        #expect(try driver.settle() == [])
    }

    @Test func `what was committed before the connection broke still counts`() throws {
        var driver = try driver()
        driver.pipeline.send("insert", columns: columns(1...3).span)
        driver.pipeline.sync()
        #expect(driver.pipeline.flush() == false)
        try eventually("the commit") { try psql.value("SELECT count(*) FROM t") == "3" }
        let pid = driver.pipeline.backendPID
        _ = try psql.value("SELECT pg_terminate_backend(\(pid), 10000)")
        #expect(try driver.settle() == ["completed 3", "committed"])
        let end = try eventually("the loss to show") { () -> String? in
            driver.pipeline.consume()
            let lines = try driver.settle()
            return lines.first
        }
        #expect(end == "lost the connection to PostgreSQL was lost")
        #expect(driver.pipeline.takeNotice() == Notice(severity: .fatal, sqlState: "57P01"))
    }

    @Test func `two reads in a row do not lose a commit at the end of the connection`() throws {
        var driver = try driver()
        driver.pipeline.send("insert", columns: columns(1...3).span)
        driver.pipeline.sync()
        #expect(driver.pipeline.flush() == false)
        try eventually("the commit") { try psql.value("SELECT count(*) FROM t") == "3" }
        _ = try psql.value("SELECT pg_terminate_backend(\(driver.pipeline.backendPID), 10000)")
        // A second read would find the end, before anybody looked at what the first one brought.
        driver.pipeline.consume()
        driver.pipeline.consume()
        let lines = try driver.settle()
        #expect(lines == ["completed 3", "committed"])
    }

    @Test func `a cancelled wait for a replica leaves the batch unknown`() throws {
        let server = try TemporaryPostgres(settings: ["synchronous_standby_names=nobody"])
        let psql = Psql(server.connection())
        _ = try psql.rows("SET synchronous_commit = local; CREATE TABLE t (id int)")
        var connection = try Connection(server.connection(), as: .writer)
        try connection.prepare("insert", "INSERT INTO t SELECT unnest($1::int[])")
        var driver = PipelineDriver(try connection.intoPipeline())
        driver.pipeline.send("insert", columns: numbers([1, 2]).span)
        driver.pipeline.sync()
        _ = driver.pipeline.flush()
        let pid = driver.pipeline.backendPID
        try eventually("the wait") {
            try psql.value("SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'SyncRep'") == "1"
        }
        _ = try psql.value("SELECT pg_cancel_backend(\(pid))")
        #expect(try driver.settle() == ["completed 2", "unknown"])
        #expect(driver.pipeline.takeNotice() == Notice(severity: .warning, sqlState: "01000"))
        #expect(driver.pipeline.takeNotice() == nil)
    }
}
