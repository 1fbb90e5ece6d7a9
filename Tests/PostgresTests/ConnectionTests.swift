import Bytes
import Postgres
import TestSupport
import Testing

@Suite struct ConnectionTests {
    private let conninfo: String

    init() throws { conninfo = try TemporaryPostgres.shared.makeDatabase() }

    /// Each test needs sessions of its own.
    private func connect(_ session: Session = .command) throws -> Connection { try Connection(conninfo, as: session) }

    @Test func `every type comes back as it went`() throws {
        var connection = try connect()
        let result = try connection.execute(
            """
            SELECT $1::bigint, $2::text, $3::float8, $4::boolean, $5::uuid, $6::bytea, $7::timestamptz, $8::date,
                $9::jsonb, $10::int, $11::text
            """,
            -5, "grüß", 0.1, true, .uuid(0x0192_9b1e_7f00_7abc_8def_0123_4567_89ab), .bytes([0, 1, 255]),
            .timestamp(-1), .date(-1), "{\"a\": 1}", .null, .null)
        #expect(result.rowCount == 1)
        #expect(result.columnCount == 11)
        #expect(result.integer(0, 0) == -5)
        #expect(result.text(0, 1) == "grüß")
        #expect(result.double(0, 2) == 0.1)
        #expect(result.boolean(0, 3) == true)
        #expect(result.uuid(0, 4) == 0x0192_9b1e_7f00_7abc_8def_0123_4567_89ab)
        #expect(result.binary(0, 5) == [0, 1, 255])
        #expect(result.timestamp(0, 6) == -1)
        #expect(result.date(0, 7) == -1)
        #expect(result.text(0, 8) == "{\"a\": 1}")
        #expect(result.integer(0, 9) == nil)
        #expect(result.text(0, 10) == nil)
        var buffer = ByteBuffer()
        result.append(0, 8, to: &buffer)
        result.append(0, 10, to: &buffer)
        #expect(buffer.text == "{\"a\": 1}")
    }

    @Test func `numbers that are not finite come back as well`() throws {
        var connection = try connect()
        let result = try connection.execute(
            "SELECT $1::float8, $2::float8, $3::float8, 0.5::real, 7::smallint", .double(.infinity),
            .double(-.infinity), .double(.nan))
        #expect(result.double(0, 0) == .infinity)
        #expect(result.double(0, 1) == -.infinity)
        #expect(result.double(0, 2)?.isNaN == true)
        #expect(result.double(0, 3) == 0.5)
        #expect(result.integer(0, 4) == 7)
    }

    @Test func `a transaction is kept whole or not at all`() throws {
        var connection = try connect()
        try connection.run(script: "CREATE TABLE t (a int PRIMARY KEY)")
        let inserted = try connection.transaction { (connection) throws(PostgresError) in
            try connection.execute("INSERT INTO t VALUES (1), (2)").affectedRows
        }
        #expect(inserted == 2)
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction { (connection) throws(PostgresError) in
                try connection.execute("INSERT INTO t VALUES (3)")
                try connection.execute("INSERT INTO t VALUES (1)")
            }
        }
        #expect(error?.isUniqueViolation == true)
        #expect(try connection.execute("SELECT max(a) FROM t").integer(0, 0) == 2)
    }

    @Test func `a commit that PostgreSQL turns into a rollback is an error`() throws {
        var connection = try connect()
        try connection.begin()
        #expect(throws: PostgresError.self) { try connection.execute("SELECT nonsense") }
        let error = #expect(throws: PostgresError.self) { try connection.commit() }
        #expect(error?.sqlState == "25P02")
        try connection.execute("SELECT 1")
    }

    @Test func `rows are copied in and out`() throws {
        var connection = try connect()
        try connection.run(script: "CREATE TABLE t (a int, b text)")
        try connection.beginCopy("COPY t FROM STDIN (FORMAT csv)")
        var rows = ByteBuffer()
        for number in 1...50_000 {
            rows.append(decimal: number)
            rows.append(",\"x, y\"\n")
        }
        // Cut where no row ends.
        var part = ByteBuffer()
        part.append(rows, 0..<12_345)
        try connection.copy(part)
        part.removeAll()
        part.append(rows, 12_345..<rows.count)
        try connection.copy(part)
        #expect(try connection.finishCopy() == 50_000)

        try connection.beginCopyOut("COPY (SELECT a, b FROM t ORDER BY a) TO STDOUT (FORMAT csv)")
        var copied = ByteBuffer()
        while try connection.copyRow(to: &copied) {}
        #expect(copied.text == rows.text)
    }

    @Test func `a copy that fails or is abandoned leaves nothing and the connection usable`() throws {
        var connection = try connect()
        try connection.run(script: "CREATE TABLE t (a int)")
        var row = ByteBuffer()
        row.append("1\nsecret\n")
        try connection.beginCopy("COPY t FROM STDIN")
        try connection.copy(row)
        let error = #expect(throws: PostgresError.self) { try connection.finishCopy() }
        #expect(error?.description == "PostgreSQL refused (22P02)")
        row.truncate(to: 2)
        try connection.beginCopy("COPY t FROM STDIN")
        try connection.copy(row)
        try connection.abandonCopy()
        #expect(try connection.execute("SELECT count(*) FROM t").integer(0, 0) == 0)
    }

    @Test func `notifications come to those who listen`() throws {
        var listener = try connect()
        var sender = try connect()
        try listener.listen(to: "models")
        #expect(try listener.awaitNotification(milliseconds: 0) == nil)
        try sender.execute("SELECT pg_notify('models', 'new')")
        let heard = try listener.awaitNotification(milliseconds: 10_000)
        #expect(heard?.channel == "models")
        #expect(heard?.payload == "new")
        #expect(heard?.backendPID == sender.backendPID)
    }

    @Test func `an advisory lock has one holder, who can be found, and ends with its session`() throws {
        var seeker = try connect()
        do {
            var holder = try connect()
            #expect(try holder.tryLock(.writer, -7) == true)
            #expect(try seeker.tryLock(.writer, -7) == false)
            #expect(try seeker.tryLock(.command, -7) == true)
            #expect(try seeker.holder(of: .writer, -7) == holder.backendPID)
            #expect(try seeker.holder(of: .writer, -8) == nil)
            try seeker.execute("SET lock_timeout = 20")
            let error = #expect(throws: PostgresError.self) { try seeker.lock(.writer, -7) }
            #expect(error?.isRetriable == true)
            #expect(error?.isServerDown == false)
        }
        try seeker.execute("SET lock_timeout = 10000")
        try seeker.lock(.writer, -7)
        #expect(try seeker.unlock(.writer, -7) == true)
        #expect(try seeker.unlock(.writer, -7) == false)
    }

    @Test func `patience ends a call that the server does not answer`() throws {
        var connection = try Connection(conninfo, as: .command, patienceMilliseconds: 100)
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT pg_sleep(600)") }
        #expect(error?.kind == .timedOut)
        #expect(error?.isConnectionLost == true)
        #expect(error?.isServerDown == true)
    }

    @Test func `another thread can cancel a statement`() throws {
        var connection = try connect()
        let made = connection.canceller
        let canceller = try #require(made)
        let (psql, pid) = (Psql(conninfo), connection.backendPID)
        let thread = BackgroundThread {
            try? eventually("the statement") {
                try psql.value("SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'PgSleep'")
                    == "1"
            }
            canceller.cancel()
        }
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT pg_sleep(600)") }
        thread.join()
        #expect(error?.isCancelled == true)
        #expect(error?.isConnectionLost == false)
    }

    @Test func `a backend that is ended shows as a lost connection`() throws {
        var connection = try connect()
        _ = try Psql(conninfo).value("SELECT pg_terminate_backend(\(connection.backendPID), 10000)")
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
        #expect(error?.isConnectionLost == true)
        #expect(error?.isServerDown == true)
        let later = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
        #expect(later?.kind == .connectionLost)
    }
}
