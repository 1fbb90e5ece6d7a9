import Glibc
import TestSupport
import Testing

extension EndToEnd {
    struct StartTests {
        @Test func `two instances that start at once on an empty database both serve`() throws {
            let psql = Psql(try TemporaryPostgres.shared.makeDatabase())
            let services = try (0..<2).map { _ in try ServiceProcess(databaseURL: psql.connection) }
            for service in services { try service.waitUntilReady() }
            for service in services { #expect(try service.client().post("/predict", customer("two")).status == 200) }
            #expect(try psql.value("SELECT count(*), count(DISTINCT writer) FROM predictions") == "2|2")
            for service in services { #expect(try service.terminate() == .code(0)) }
        }

        @Test func `migrate may be run again, and by two at once`() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            let command = [churnBinary(), "migrate", "--database-url", database]
            concurrently(2) { _ in
                let result = try? runCommand(command)
                #expect(result?.exit == .code(0), "\(result?.errors ?? "")")
            }
            let before = try Psql(database).rows("SELECT * FROM schema_migrations ORDER BY 1")
            _ = try output(of: command)
            #expect(try Psql(database).rows("SELECT * FROM schema_migrations ORDER BY 1") == before)
            #expect(before.count >= 2)
        }

        @Test func `the service listens on IPv6, too, when told`() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            let service = try ServiceProcess(databaseURL: database, arguments: ["--host", "::1"])
            let answer = try TestClient(port: service.port, ipv6: true).get("/health/live")
            #expect(answer.status == 200)
        }

        @Test func `what the environment says holds until an option says otherwise`() throws {
            let environment = [
                "DATABASE_URL": try TemporaryPostgres.shared.makeDatabase(), "CHURN_MODEL": try demoModel(),
                "CHURN_HOST": "::1", "CHURN_PORT": "\(try freePort())", "CHURN_WORKERS": "3",
            ]
            let folder = try TemporaryFolder("churn-environment")
            let other = try freePort()
            for (number, options) in [[], ["--host", "127.0.0.1", "--port", "\(other)", "--workers", "1"]].enumerated()
            {
                let log = folder.path + "/log-\(number)"
                let service = try ChildProcess(
                    [churnBinary(), "serve"] + options, environment: environment, directory: folder.path, errors: log)
                let port = try options.isEmpty ? #require(UInt16(environment["CHURN_PORT"] ?? "")) : other
                try eventually("an answer", within: 20) {
                    (try? TestClient(port: port, ipv6: options.isEmpty).get("/health/ready").status) == 200
                }
                let threads = try output(of: ["sh", "-c", "cat /proc/\(service.pid)/task/*/comm"])
                #expect(threads.split(separator: "\n").count { $0.hasPrefix("worker ") } == (options.isEmpty ? 3 : 1))
                service.send(SIGTERM)
                #expect(try service.waitForExit(within: 30) == .code(0))
            }
        }

        @Test func `SIGHUP without a file of keys changes nothing, and the log says so`() throws {
            let service = try ServiceProcess(databaseURL: try TemporaryPostgres.shared.makeDatabase())
            try service.waitUntilReady()
            service.child.send(SIGHUP)
            try eventually("the log") { service.log.contains("nothing to read again without --keys") }
            #expect(try service.client().post("/predict", customer("hup")).status == 200)
            #expect(try service.terminate() == .code(0))
        }

        @Test(arguments: [
            ["serve", "--port", "70000"], ["serve", "--workers", "0"], ["train"], ["nonsense"],
            ["serve", "--model", "/no/such/model.json"], ["serve", "--nonsense"],
            ["serve", "--host", "no.such.host.invalid", "--allow-anonymous"],
        ])
        func `what cannot be started says why in one clear line`(arguments: [String]) throws {
            let folder = try TemporaryFolder()
            let result = try runCommand(
                [churnBinary()] + arguments,
                environment: ["DATABASE_URL": TemporaryPostgres.shared.connection(), "HOME": folder.path],
                directory: folder.path, within: 20)
            #expect([1, 64, 65, 66, 69, 74, 78].map(ChildProcess.Exit.code).contains(result.exit), "\(result.exit)")
            #expect(result.errors.count { $0.isNewline } == 1 && result.errors.hasSuffix("\n"), "\(result.errors)")
            #expect(!result.errors.contains("Fatal error"))
        }

        @Test func `a model file that was changed, cut or made up is refused with a reason`() throws {
            let folder = try TemporaryFolder()
            let good = contents(ofFile: try demoModel())
            try #require(good.count > 500)
            var flipped = good
            flipped[good.count / 2] ^= 1
            for (name, bytes) in [
                ("flipped", flipped), ("cut", Array(good.prefix(good.count / 2))), ("empty", []),
                ("other", Array("{}".utf8)),
            ] {
                let file = "\(folder.path)/\(name).json"
                try write(bytes, toFile: file)
                let result = try runCommand(
                    [churnBinary(), "serve", "--port", "0", "--model", file],
                    environment: ["DATABASE_URL": TemporaryPostgres.shared.connection()], directory: folder.path,
                    within: 20)
                #expect(result.exit != .code(0), "\(name)")
                #expect(result.errors.contains("\(name).json"), "\(name): \(result.errors)")
            }
        }
    }
}
