import TestSupport
import Testing

extension EndToEnd {
    /// The tool of other tests, tested with PostgreSQL's own client.
    struct CuttingProxyTests {
        let postgres = TemporaryPostgres.shared
        let psql: Psql
        let proxy: CuttingProxy

        init() throws {
            psql = Psql(try postgres.makeDatabase())
            proxy = try CuttingProxy(upstream: postgres.socket)
            _ = try psql.rows("CREATE TABLE notes (words text)")
        }

        private func insert(_ words: String) throws -> ChildProcess.Exit {
            let folder = try TemporaryFolder()
            try write("INSERT INTO notes VALUES ('\(words)');\n".utf8, toFile: folder.path + "/script")
            let database = try psql.value("SELECT current_database()")
            let command =
                #"PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)" exec pgbench -n -t 1 -M extended "#
                + "-f script '\(proxy.location) user=postgres dbname=\(database)'"
            return try runCommand(["sh", "-c", command], directory: folder.path, within: 20).exit
        }

        @Test func `without a plan everything passes`() throws {
            #expect(try insert("hello") == .code(0))
            #expect(try psql.rows("SELECT words FROM notes") == ["hello"])
            #expect(proxy.cuts == 0)
        }

        @Test func `a cut after the commit leaves the row and fails the client`() throws {
            proxy.arm(.cutAfterCommit, marker: "marked")
            #expect(try insert("marked") != .code(0))
            #expect(proxy.cuts == 1)
            #expect(try psql.rows("SELECT words FROM notes") == ["marked"])
        }

        @Test func `a cut before the Sync leaves no row`() throws {
            proxy.arm(.cutBeforeSync, marker: "marked")
            #expect(try insert("marked") != .code(0))
            #expect(proxy.cuts == 1)
            #expect(try psql.rows("SELECT words FROM notes").isEmpty)
            #expect(try insert("marked") == .code(0), "a plan is carried out once")
        }
    }
}
