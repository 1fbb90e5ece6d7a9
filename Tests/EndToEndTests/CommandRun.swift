import TestSupport
import Testing

/// A database of its own for the commands of one test, and a folder for their files.
final class CommandStand: Sendable {
    let database: String
    let psql: Psql
    let folder: TemporaryFolder

    init() throws {
        database = try TemporaryPostgres.shared.makeDatabase()
        psql = Psql(database)
        folder = try TemporaryFolder()
    }

    /// Runs a command with `--json --exit-code` and reads the object on its last line.
    func run(_ words: String...) throws -> CommandRun { try run(words: words) }

    func run(words: [String]) throws -> CommandRun {
        let result = try runCommand(
            [churnBinary()] + words + ["--json", "--exit-code"], environment: ["DATABASE_URL": database],
            directory: folder.path, within: 120)
        let last = try #require(result.output.split(separator: "\n").last, "\(result.errors)")
        return CommandRun(exit: result.exit, document: try Document(Array(last.utf8)), errors: result.errors)
    }

    /// Writes a file of the folder and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        try write(Array(text.utf8), toFile: path)
        return path
    }
}

/// How a command ended, and what it said.
struct CommandRun {
    let exit: ChildProcess.Exit
    let document: Document
    let errors: String

    subscript(key: String) -> Document? { document[key] }

    var errorCode: String? { document["error"]?["code"]?.string }
    var message: String? { document["error"]?["message"]?.string }
}

/// Where the data sets of the field are, beside the package or beside a folder that holds it; nil without them.
func referenceFile(_ name: String) -> String? {
    var folder = repositoryFolder.split(separator: "/")
    while folder.popLast() != nil {
        let path = "/" + (folder + ["shared", "data", name[...]]).joined(separator: "/")
        if !contents(ofFile: path).isEmpty { return path }
    }
    return nil
}
