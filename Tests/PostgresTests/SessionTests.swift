import Postgres
import TestSupport
import Testing

/// What a session is made to be, and what is refused.
@Suite struct SessionTests {
    private let conninfo: String
    private let psql: Psql

    init() throws {
        conninfo = try TemporaryPostgres.shared.makeDatabase()
        psql = Psql(conninfo)
    }

    @Test func `a writer waits for the disk even where the database says otherwise`() throws {
        let database = try psql.value("SELECT current_database()")
        for (given, used) in [("off", "on"), ("local", "on"), ("on", "on"), ("remote_apply", "remote_apply")] {
            _ = try psql.rows("ALTER DATABASE \(database) SET synchronous_commit = \(given)")
            var writer = try Connection(conninfo, as: .writer)
            #expect(try writer.execute("SHOW synchronous_commit").text(0, 0) == used)
            #expect(try writer.readDurability().isSafe == true)
        }
    }

    @Test(arguments: [Session.writer, .reader, .command])
    func `of several hosts the one that takes writes is used, unless the string says otherwise`(kind: Session) throws {
        let reading = try TemporaryPostgres(settings: ["default_transaction_read_only=on"])
        let writing = TemporaryPostgres.shared
        let both = "host=\(reading.host),\(writing.host) port=5432 user=postgres dbname=postgres"
        var connection = try Connection(both, as: kind)
        #expect(try connection.execute("SHOW data_directory").text(0, 0) == writing.data)
        var other = try Connection(both + " target_session_attrs=any", as: kind)
        #expect(try other.execute("SHOW data_directory").text(0, 0) == reading.data)
        let error = #expect(throws: PostgresError.self) { _ = try Connection(reading.connection(), as: kind) }
        #expect(error?.isServerDown == true)
    }

    /// Of a Unix socket the server says 0: there is nothing to watch.
    @Test(arguments: [Session.writer, .reader, .command])
    func `the server watches its side of a TCP connection`(kind: Session) throws {
        // An address of the loopback network where nobody else has the port.
        let address = "127.\(UInt8.random(in: 1...254)).\(UInt8.random(in: 1...254)).\(UInt8.random(in: 1...254))"
        let server = try TemporaryPostgres(settings: ["listen_addresses=\(address)"])
        var connection = try Connection("host=\(address) port=5432 user=postgres dbname=postgres", as: kind)
        let expected = [
            "tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
            "tcp_user_timeout": "10000", "client_connection_check_interval": "1s",
        ]
        for (setting, value) in expected {
            #expect(try connection.execute("SHOW \(setting)").text(0, 0) == value, "\(setting)")
        }
        #expect(server.pid != nil)
    }

    @Test func `a server that does not sync is seen as unsafe`() throws {
        let server = try TemporaryPostgres(settings: ["fsync=off", "full_page_writes=off"])
        var connection = try Connection(server.connection(), as: .writer)
        let expected = Durability(fsync: false, fullPageWrites: false, synchronousCommit: true)
        #expect(try connection.readDurability() == expected)
        #expect(expected.isSafe == false)
    }

    @Test func `a reader cannot write, gives up after two seconds and has nothing compiled`() throws {
        var reader = try Connection(conninfo, as: .reader)
        let error = #expect(throws: PostgresError.self) { try reader.execute("CREATE TABLE t ()") }
        #expect(error?.sqlState == "25006")
        #expect(try reader.execute("SHOW statement_timeout").text(0, 0) == "2s")
        #expect(try reader.execute("SHOW jit").text(0, 0) == "off")
    }

    @Test func `a database that does not store UTF-8 is refused`() throws {
        _ = try psql.rows("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        let error = #expect(throws: PostgresError.self) {
            _ = try Connection(TemporaryPostgres.shared.connection(to: "latin"), as: .command)
        }
        #expect(error?.description == "the database must have the encoding UTF8")
        #expect(error?.isNotReady == true)
    }

    @Test func `neither a connection string nor its password gets into an error`() throws {
        for conninfo in ["host=/nowhere password=geheim sslmode", "postgres://anna:geheim@[::1:5432/x", "geheim"] {
            let error = #expect(throws: PostgresError.self) { _ = try Connection(conninfo, as: .command) }
            #expect(error?.description == "the connection string cannot be read")
        }
        let error = #expect(throws: PostgresError.self) {
            _ = try Connection("host=/nowhere password=geheim", as: .command)
        }
        #expect(error?.kind == .connectionFailed)
        #expect(error?.description.contains("/nowhere") == true)
        #expect(error?.description.contains("geheim") == false)
    }

    @Test(arguments: [
        ("SELECT $1::int", "22P02"), ("INSERT INTO t VALUES ($1)", "23505"),
        ("DO $$ BEGIN RAISE 'geheim'; END $$", "P0001"),
    ])
    func `no value gets into an error`(sql: String, state: String) throws {
        var connection = try Connection(conninfo, as: .command)
        try connection.run(script: "CREATE TABLE t (a text PRIMARY KEY); INSERT INTO t VALUES ('geheim')")
        let parameters: [Parameter] = sql.contains("$1") ? ["geheim"] : []
        let error = try #require(throws: PostgresError.self) { try connection.execute(sql, parameters: parameters) }
        #expect(error.sqlState?.description == state)
        #expect("\(error) \(error.reason) \(error.constraint ?? "")".contains("geheim") == false)
    }

    @Test func `a text with a NUL is refused, not cut`() throws {
        var connection = try Connection(conninfo, as: .command)
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT $1::text", "a\0b") }
        #expect(error?.isBadData == true)
    }

    @Test func `an SQLSTATE tells what to do next`() throws {
        let answers = [
            ("40001", "retriable"), ("40P01", "retriable"), ("55P03", "retriable"), ("22001", "data"),
            ("23514", "data"), ("54000", "data"), ("25006", "down"), ("53100", "down"), ("57014", "down"),
            ("58030", "down"), ("XX000", "down"), ("42P01", "not ready"), ("P0001", ""),
        ]
        var connection = try Connection(conninfo, as: .command)
        for (state, expected) in answers {
            let error = try #require(throws: PostgresError.self) {
                try connection.run(script: "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '\(state)'; END $$")
            }
            let flags = [
                (error.isRetriable, "retriable"), (error.isBadData, "data"), (error.isServerDown, "down"),
                (error.isNotReady, "not ready"),
            ]
            #expect(flags.filter(\.0).map(\.1).joined() == expected, "\(state)")
            #expect(error.isConnectionLost == false)
        }
    }

    @Test func `notices are kept by name, the first eight of them`() throws {
        var connection = try Connection(conninfo, as: .command)
        for _ in 0..<10 { try connection.run(script: "DO $$ BEGIN RAISE WARNING 'geheim'; END $$") }
        for _ in 0..<8 { #expect(connection.takeNotice() == Notice(severity: .warning, sqlState: "01000")) }
        #expect(connection.takeNotice() == nil)
        try connection.run(script: "SELECT 1; COMMIT")
        #expect(connection.takeNotice() == Notice(severity: .warning, sqlState: "25P01"))
    }
}
