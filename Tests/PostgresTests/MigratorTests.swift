import Glibc
import Migrations
import Postgres
import TestSupport
import Testing

@Suite struct MigratorTests {
    private let conninfo: String

    init() throws { conninfo = try TemporaryPostgres.shared.makeDatabase() }

    private func migration(_ name: String, _ sql: String) -> Migration { Migration(name, Array(sql.utf8)) }

    private func migrate(_ migrations: [Migration]) throws -> [String] {
        var connection = try Connection(conninfo, as: .command)
        return try Migrator(migrations).migrate(&connection)
    }

    @Test func `the migrations of this program apply once and know every file`() throws {
        let folder = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
        let files = try output(of: ["ls", "/\(folder)/migrations"]).split(separator: "\n").map {
            String($0.dropLast(4))
        }
        #expect(migrations.map(\.name) == files)
        #expect(try migrate(migrations) == files)
        #expect(try migrate(migrations) == [])
        let tables = try Psql(conninfo).rows("SELECT count(*) FROM predictions; SELECT count(*) FROM feature_snapshots")
        #expect(tables == ["0", "0"])
    }

    @Test func `two at once both succeed and each migration runs once`() throws {
        let conninfo = conninfo
        let steps = [
            migration("0001_one", "CREATE TABLE ran (at timestamptz); SELECT pg_sleep(0.3);"),
            migration("0002_two", "INSERT INTO ran VALUES (now())"),
        ]
        let results = Results()
        let threads = (0..<4).map { _ in
            BackgroundThread {
                do {
                    var connection = try Connection(conninfo, as: .command)
                    results.append(try Migrator(steps).migrate(&connection))
                } catch {
                    results.append(["\(error)"])
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(results.all.filter { $0 == ["0001_one", "0002_two"] }.count == 1)
        #expect(results.all.filter { $0 == [] }.count == 3)
        #expect(try Psql(conninfo).value("SELECT count(*) FROM ran") == "1")
    }

    @Test func `a migration that was changed is refused and nothing after it runs`() throws {
        _ = try migrate([migration("0001_one", "CREATE TABLE one (a int)")])
        let error = #expect(throws: PostgresError.self) {
            try migrate([
                migration("0001_one", "CREATE TABLE one (a bigint)"), migration("0002_two", "CREATE TABLE two ()"),
            ])
        }
        #expect(error?.kind == .unsuitable)
        #expect(error?.description == "migration 0001_one was changed after it was applied")
        #expect(try Psql(conninfo).value("SELECT to_regclass('two') IS NULL") == "t")
    }

    @Test func `a migration that fails leaves nothing of itself and names itself`() throws {
        let error = #expect(throws: PostgresError.self) {
            try migrate([
                migration("0001_one", "CREATE TABLE one ()"),
                migration("0002_two", "CREATE TABLE two (); SELECT nonsense;"),
            ])
        }
        #expect(error?.sqlState == "42703")
        #expect(error?.description == "migration 0002_two: column \"nonsense\" does not exist (42703)")
        #expect(try Psql(conninfo).value("SELECT string_agg(name, ',') FROM schema_migrations") == "0001_one")
        #expect(try Psql(conninfo).value("SELECT to_regclass('two') IS NULL") == "t")
        // The lock was given back: the next one does not wait.
        #expect(try migrate([migration("0001_one", "CREATE TABLE one ()")]) == [])
    }

    @Test func `a file without a transaction may build an index concurrently while others wait for their turn`() throws
    {
        let steps = [
            migration("0001_one", "CREATE TABLE one (a int)"),
            migration(
                "0002_two",
                """
                -- no transaction
                -- The second statement ends on its second line.
                CREATE INDEX CONCURRENTLY IF NOT EXISTS one_a ON one (a);
                CREATE INDEX CONCURRENTLY IF NOT EXISTS
                    one_b ON one ((a + 1));

                """),
        ]
        #expect(try migrate(steps) == ["0001_one", "0002_two"])
        #expect(try Psql(conninfo).value("SELECT count(*) FROM pg_indexes WHERE tablename = 'one'") == "2")
    }

    @Test func `a migration gets its lock in the end, although a transaction holds it at first`() throws {
        _ = try migrate([migration("0001_one", "CREATE TABLE one (a int)")])
        var holder = try Connection(conninfo, as: .command)
        try holder.begin()
        try holder.execute("LOCK TABLE one")
        let conninfo = conninfo
        let results = Results()
        let thread = BackgroundThread {
            do {
                var connection = try Connection(conninfo, as: .command)
                var migrator = Migrator([
                    Migration("0001_one", Array("CREATE TABLE one (a int)".utf8)),
                    Migration("0002_two", Array("ALTER TABLE one ADD b int".utf8)),
                ])
                migrator.lockTimeoutMilliseconds = 50
                results.append(try migrator.migrate(&connection))
            } catch {
                results.append(["\(error)"])
            }
        }
        // Until it has been refused at least once.
        try eventually("a lock timeout") { TemporaryPostgres.shared.log.contains("due to lock timeout") }
        try holder.rollback()
        thread.join()
        #expect(results.all == [["0002_two"]])
    }
}
