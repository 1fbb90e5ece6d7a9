import JSON
import Linux

/// Asks a running service whether it is ready, as a container's health check does.
package enum Health {
    /// A check that takes longer is a failed one.
    private static let seconds = 2
    /// The answer of `/health/ready` stays far below it.
    private static let bytesMax = 65_536

    /// Returns when the service is ready.
    ///
    /// - Throws: with the service's reasons where it is not, with the system's where it does not answer.
    package static func run(host: String?, port: Int?, environment: Environment) throws(CommandError) {
        let ports = 1...65_535
        let portOfEnvironment = try environment.integer("CHURN_PORT", in: ports)
        let port = port ?? portOfEnvironment ?? 8080
        guard ports.contains(port) else { throw CommandError(.configuration, "--port must be from 1 to 65535") }
        let answer = try ask(host: reachable(host ?? environment["CHURN_HOST"] ?? "127.0.0.1"), port: UInt16(port))
        guard !answer.starts(with: "HTTP/1.1 200 ".utf8) else { return }
        throw CommandError(.databaseAway, "the service is not ready: \(reasons(in: answer))", code: "unready")
    }

    /// Where a service that listens on every address of the machine answers.
    private static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    private static func ask(host: String, port: UInt16) throws(CommandError) -> [UInt8] {
        let addresses: [SocketAddress]
        do { addresses = try SocketAddress.resolve(host: host, port: port) } catch {
            throw CommandError(.configuration, "--host: \(error)")
        }
        var failure = "no address"
        for address in addresses {
            do throws(SystemError) {
                let socket = try ClientSocket.connect(to: address, seconds: seconds)
                return try socket.exchange(
                    "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", bytesMax: bytesMax)
            } catch { failure = error.description }
        }
        throw CommandError(.databaseAway, "the service does not answer: \(failure)", code: "no_answer")
    }

    /// What the service says is missing.
    private static func reasons(in answer: [UInt8]) -> String {
        guard let start = answer.firstIndex(of: 0x7B), let end = answer.lastIndex(of: 0x7D), start < end,
            let body = try? JSONValue(parsing: Array(answer[start...end]).span),
            let reasons = body["reasons"]?.elements?.compactMap(\.string), !reasons.isEmpty
        else { return "it does not say why" }
        return reasons.joined(separator: "; ")
    }
}
