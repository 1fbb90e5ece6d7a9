import TestSupport
import Testing

/// A database whose models come and go by commands: what the tests of the registry share.
struct Registry {
    let folder: TemporaryFolder
    let database: String
    let psql: Psql

    init(_ server: TemporaryPostgres = .shared) throws {
        folder = try TemporaryFolder("churn-registry", mode: 0o755)
        database = try server.makeDatabase()
        psql = Psql(database)
    }

    /// Runs a command on the database and reads the object that it ends with.
    func run(_ arguments: String..., exit: Int32 = 0) throws -> Document {
        let command = [churnBinary()] + arguments + ["--database-url", database, "--json", "--quiet"]
        let result = try runCommand(command, directory: folder.path)
        #expect(result.exit == .code(exit), "\(arguments): \(result.errors)")
        return try Document(Array((result.output.split(separator: "\n").last ?? "").utf8))
    }

    /// Trains on a table of its own and makes the model a candidate.
    ///
    /// - Parameter seed: another seed gives another table, and so another model.
    /// - Returns: its version.
    func train(seed: UInt64) throws -> String {
        let file = "\(folder.path)/table-\(seed).csv"
        try write(Self.table(seed: seed).utf8, toFile: file)
        let trained = try run(
            "train", "--csv", file, "--label", "left", "--positive", "yes", "--id", "name", "--l2", "0.01", "--register"
        )
        #expect(trained["state"]?.string == "candidate" && trained["number"]?.number != nil)
        return try #require(trained["version"]?.string)
    }

    /// Starts a server that serves the champion.
    func serve() throws -> ServiceProcess {
        let service = try ServiceProcess(databaseURL: database, model: "", directory: folder.path)
        try service.waitUntilReady()
        return service
    }

    /// The version of the champion, by the table.
    func champion() throws -> String {
        try psql.value("SELECT coalesce(string_agg(version, ','), 'none') FROM models WHERE state = 'champion'")
    }

    /// A hundred customers: who visits little leaves more often, each seed another way.
    private static func table(seed: UInt64) -> String {
        var random = SeededGenerator(seed: seed)
        let rows = (0..<100).map { row in
            let visits = Int.random(in: 0...9, using: &random)
            let leaves = Int.random(in: 0...11, using: &random) > visits + Int(seed % 3)
            return "c\(row),\(visits),\(leaves ? "yes" : "no")"
        }
        return (["name,visits,left"] + rows).joined(separator: "\n") + "\n"
    }
}
