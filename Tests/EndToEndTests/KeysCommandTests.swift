import TestSupport
import Testing

extension EndToEnd {
    /// `churn keys`, and what `churn serve` does with keys at its start.
    struct KeysCommandTests {
        let folder: TemporaryFolder
        var file: String { folder.path + "/keys" }

        init() throws { folder = try TemporaryFolder() }

        private func keys(_ words: String...) throws -> CommandResult {
            try runCommand([churnBinary(), "keys"] + words, environment: ["CHURN_KEYS_FILE": file])
        }

        @Test func `a key is shown once, and the file has its SHA-256 and is its owner's`() throws {
            let created = try keys(
                "create", "--scope", "predict", "--scope", "read", "--name", "crm", "--rate", "50/s", "--expires",
                "90d",
                "--json")
            let object = try Document(Array(created.output.utf8))
            let key = try #require(object["key"]?.string)
            #expect(key.hasPrefix("churn_\(object["id"]!.string!)_"))
            let digest = try output(of: ["sh", "-c", "printf %s '\(key)' | sha256sum"]).prefix(64)
            #expect(text(ofFile: file).contains(" \(digest) name=crm scopes=predict,read rate=50/s expires="))
            #expect(!text(ofFile: file).contains(key) && !created.errors.contains(key))
            #expect(try output(of: ["stat", "-c", "%a", file]) == "600\n")
            #expect(created.errors.contains(#""msg":"key created""#) && created.errors.contains(#""name":"crm""#))
            let list = try Document(Array(try keys("list", "--json").output.utf8))
            #expect(list["keys"]?.elements.first?["state"]?.string == "valid")
            #expect(try !keys("list").output.contains(digest))
        }

        @Test func `a revoked key stays in the list`() throws {
            _ = try keys("create", "--scope", "read", "--name", "crm")
            let revoked = try keys("revoke", "crm")
            #expect(revoked.exit == .code(0) && revoked.errors.contains(#""msg":"key revoked""#))
            #expect(try keys("list").output.contains("revoked"))
            #expect(try keys("revoke", "crm").exit == .code(65))
            #expect(try keys("revoke", "nobody").exit == .code(65))
        }

        @Test func `several that make keys at once lose none`() throws {
            let path = file
            concurrently(6) { number in
                _ = try? output(
                    of: [churnBinary(), "keys", "create", "--scope", "read", "--name", "k\(number)", "--keys", path])
            }
            #expect(try keys("list").output.matches(of: /k[0-5]\s/).count == 6)
        }

        @Test(arguments: [
            [], ["--scope", "all"], ["--scope", "read", "--rate", "fast"],
            ["--scope", "read", "--expires", "2020-01-01"],
            ["--scope", "read", "--name", "a b"],
        ])
        func `a wish that cannot be met makes no key`(options: [String]) throws {
            let result = try runCommand([churnBinary(), "keys", "create", "--keys", file] + options)
            #expect(result.exit == .code(64), "\(result.errors)")
            #expect(contents(ofFile: file).isEmpty)
        }

        @Test func `with keys the service listens beyond loopback, without them it does not`() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            let key = try KeyStand.create(file, ["--scope", "read"])
            let line = text(ofFile: file).split(separator: "\n").last!
            for (arguments, environment) in [
                (["--keys", file], [:]), ([], ["CHURN_KEYS_FILE": file]), ([], ["CHURN_KEYS": "\(line);"]),
            ] {
                let service = try ServiceProcess(
                    databaseURL: database, arguments: ["--host", "0.0.0.0"] + arguments, environment: environment)
                try service.waitUntilReady()
                #expect(try service.client().get("/history").status == 401)
                #expect(try service.client().get("/history", headers: [bearer(key)]).status == 200)
                #expect(try service.terminate() == .code(0))
            }
            let open = try runCommand(
                [churnBinary(), "serve", "--host", "0.0.0.0"], environment: ["DATABASE_URL": database])
            #expect(open.exit == .code(78) && open.errors.contains("--keys"))
        }

        @Test func `a service does not start with keys that it cannot read`() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            try write(Array("secret words of mine\n".utf8), toFile: folder.path + "/bad")
            for (path, code) in [(folder.path + "/none", 66), (folder.path + "/bad", 78)] {
                let result = try runCommand(
                    [churnBinary(), "serve", "--port", "0", "--keys", path], environment: ["DATABASE_URL": database])
                #expect(result.exit == .code(Int32(code)), "\(result.errors)")
                #expect(!result.errors.contains("words"))
            }
        }
    }
}
