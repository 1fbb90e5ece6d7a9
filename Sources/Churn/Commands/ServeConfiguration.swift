/// What `churn serve` was told: option, else environment variable, else default.
package struct ServeConfiguration: Sendable {
    package static let workersMax = 64

    /// What the process is for.
    package enum Role: Sendable {
        /// Predictions over HTTP, and what comes by Kafka where topics are named.
        case serve
        /// What comes by Kafka alone: no workers, and host and port are those of metrics and health.
        case consume
    }

    package let host: String
    package let port: Int
    /// Where metrics and health have a listener of their own; nil where they have none.
    package let admin: (host: String, port: Int)?
    package let workers: Int
    /// Nil asks for a private server.
    package let databaseURL: String?
    /// Nil asks for the champion, or the file in `Models/` where there is none.
    package let modelPath: String?
    /// The folder of the private server; nil for the usual one.
    package let dataPath: String?
    /// Nil where nothing is published.
    package let kafka: KafkaSettings?
    /// Nil where no keys are asked for.
    package let keys: KeySource?

    package init(
        role: Role = .serve, host: String?, port: Int?, workers: Int?, databaseURL: String?, model: String?,
        data: String?, allowsAnonymous: Bool, keys: String? = nil, adminHost: String? = nil, adminPort: Int? = nil,
        kafka: KafkaSettings? = nil, environment: Environment
    ) throws(CommandError) {
        self.host = host ?? environment["CHURN_HOST"] ?? "127.0.0.1"
        let ports = 0...65_535
        let portOfEnvironment = try environment.integer("CHURN_PORT", in: ports)
        self.port = port ?? portOfEnvironment ?? (role == .serve ? 8080 : 8090)
        guard ports.contains(self.port) else { throw CommandError(.configuration, "--port must be from 0 to 65535") }
        let adminPortOfEnvironment = try environment.integer("CHURN_ADMIN_PORT", in: ports)
        let adminHost = adminHost ?? environment["CHURN_ADMIN_HOST"] ?? "127.0.0.1"
        let admin = (adminPort ?? adminPortOfEnvironment).map { (host: adminHost, port: $0) }
        self.admin = role == .serve ? admin : (host: self.host, port: self.port)
        guard ports.contains(admin?.port ?? 0) else {
            throw CommandError(.configuration, "--admin-port must be from 0 to 65535")
        }
        let counts = 1...Self.workersMax
        let cores = min(Machine.cores, Self.workersMax)
        let workersOfEnvironment = try environment.integer("CHURN_WORKERS", in: counts)
        self.workers = role == .serve ? workers ?? workersOfEnvironment ?? cores : 0
        guard role == .consume || counts.contains(self.workers) else {
            throw CommandError(.configuration, "--workers must be from 1 to \(Self.workersMax)")
        }
        self.databaseURL = databaseURL ?? environment["DATABASE_URL"]
        modelPath = model ?? environment["CHURN_MODEL"]
        dataPath = data ?? environment["CHURN_DATA"]
        self.kafka = kafka
        if role == .consume, kafka?.topics.requests == nil, kafka?.topics.events == nil {
            throw CommandError(
                .configuration, "give --kafka-brokers, and --topic-requests or --topic-events: what is to be taken in?")
        }
        self.keys = KeySource(path: keys ?? environment["CHURN_KEYS_FILE"], text: environment["CHURN_KEYS"])
        let isOpen = allowsAnonymous || role == .consume || environment["CHURN_ALLOW_ANONYMOUS"] == "true"
        for (option, host) in [("--host", self.host), ("--admin-host", admin?.host ?? "127.0.0.1")] {
            if isOpen || self.keys != nil || Self.isLoopback(host) { continue }
            throw CommandError(
                .configuration,
                "\(option): without keys (--keys) other machines are answered only with --allow-anonymous")
        }
    }

    /// Whether an address or name means this machine only; a name that merely begins with 127 may be anybody's.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
