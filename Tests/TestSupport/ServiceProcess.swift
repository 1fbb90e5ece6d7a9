package import Glibc

/// A running `churn serve` or `churn consume`, started from the binary that was built with the tests, on a port of its own.
package final class ServiceProcess: Sendable {
    package let port: UInt16
    package let child: ChildProcess
    private let folder: TemporaryFolder

    /// Starts the service and waits until it listens, which it may do before it is ready.
    ///
    /// - Parameters:
    ///   - databaseURL: a libpq connection string; without one the service starts a PostgreSQL of its own
    ///   - model: a model file; without one the service finds the one of the repository
    ///   - directory: where it runs, a new folder by default
    ///   - verb: `serve` or `consume`
    ///   - wrapper: a command that starts the rest of its arguments
    package init(
        databaseURL: String?, model: String? = nil, workers: Int = 2, arguments: [String] = [],
        environment: [String: String] = [:], directory: String? = nil, user: String? = nil, verb: String = "serve",
        wrappedBy wrapper: [String] = []
    ) throws {
        folder = try TemporaryFolder("churn-log", mode: 0o777)
        var environment = environment
        environment["CHURN_MODEL"] = try model ?? demoModel()
        environment["DATABASE_URL"] = databaseURL
        let counted = verb == "serve" ? ["--workers", "\(workers)"] : []
        let command = wrapper + [churnBinary(), verb, "--port", "0"] + counted + arguments
        let log = folder.path + "/log"
        let child = try ChildProcess(
            command, environment: environment, directory: directory ?? folder.path, user: user, errors: log)
        self.child = child
        port = try eventually("the service to listen", within: 20) {
            if let port = listeningPort(verb, inLog: text(ofFile: log)) { return port }
            if let exit = child.poll() { throw EndedEarly(exit: exit, log: text(ofFile: log)) }
            return nil
        }
    }

    package struct EndedEarly: Error { package let exit: ChildProcess.Exit, log: String }

    package var pid: pid_t { child.pid }

    /// What it logged until now.
    package var log: String { text(ofFile: folder.path + "/log") }

    package func client() throws -> TestClient { try TestClient(port: port) }

    package func waitUntilReady(within seconds: Double = 20) throws {
        try eventually("readiness", within: seconds) { isReady() }
    }

    package func isReady() -> Bool { (try? client().get("/health/ready").status) == 200 }

    /// Sends SIGTERM and waits for the end.
    package func terminate(within seconds: Double = 30) throws -> ChildProcess.Exit {
        child.send(SIGTERM)
        return try child.waitForExit(within: seconds)
    }

    /// Sends SIGKILL and waits for the end.
    package func kill() {
        child.send(SIGKILL)
        _ = try? child.waitForExit(within: 10)
    }
}

/// The port in the line `{"msg":"listening", … "port":N …}`; who only consumes listens for operations.
private func listeningPort(_ verb: String, inLog log: String) -> UInt16? {
    let message = verb == "consume" ? #""listening for operations""# : #""listening""#
    guard let line = log.split(separator: "\n").first(where: { $0.contains(message) }),
        let field = line.range(ofText: #""port":"#)
    else { return nil }
    return UInt16(line[field...].drop { $0 == " " || $0 == "\"" }.prefix { $0.isNumber })
}

extension Substring {
    /// The index after the first occurrence.
    fileprivate func range(ofText text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }.map { index($0, offsetBy: text.count) }
    }
}

/// The folder of the package.
package let repositoryFolder = String(
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/"))

/// The model file that comes with the repository.
package func demoModel() throws -> String {
    let names = try output(of: ["ls", repositoryFolder + "/Models"]).split(separator: "\n")
    guard let name = names.first(where: { $0.hasSuffix(".json") }) else {
        throw SystemFailure("a model in Models/", code: ENOENT)
    }
    return "\(repositoryFolder)/Models/\(name)"
}

/// The binary to test: `CHURN_BINARY`, else the one beside the test bundle, else the debug build.
package func churnBinary() -> String {
    if let path = unsafe getenv("CHURN_BINARY") { return unsafe String(cString: path) }
    return besideTests("churn")
}

/// A program that was built with the tests: beside the test bundle, else in the debug build.
func besideTests(_ program: String) -> String {
    let folder = testBundle().split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/" + program
    return unsafe access(path, X_OK) == 0 ? path : repositoryFolder + "/.build/debug/" + program
}

/// The path of the test bundle.
///
/// Where no argument tells it, the bundle is the program that runs, as under a sanitizer.
private func testBundle() -> String {
    let arguments = CommandLine.arguments
    if let option = arguments.firstIndex(of: "--test-bundle-path"), option + 1 < arguments.count {
        return arguments[option + 1]
    }
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return "" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
}
