import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// TLS to PostgreSQL and Kafka, against certificates of an authority that is made here.
    struct TLSTests {
        let authority: LocalAuthority

        init() throws { authority = try LocalAuthority() }

        // MARK: PostgreSQL

        /// A PostgreSQL that takes nothing but TLS over TCP.
        private func postgres(named names: String) throws -> (server: TemporaryPostgres, port: UInt16) {
            let identity = try authority.identity(names, owner: "postgres")
            let port = try freePort()
            let server = try TemporaryPostgres(settings: [
                "listen_addresses=127.0.0.1", "port=\(port)", "ssl=on", "ssl_cert_file=\(identity.certificate)",
                "ssl_key_file=\(identity.key)",
            ])
            try write(
                Array("hostssl all all 127.0.0.1/32 trust\nlocal all all trust\n".utf8),
                toFile: server.data + "/pg_hba.conf")
            _ = try Psql(server.connection().replacing("port=5432", with: "port=\(port)")).rows(
                "SELECT pg_reload_conf()")
            return (server, port)
        }

        @Test func `predictions go to a PostgreSQL whose certificate is checked, and over nothing else`() throws {
            let (server, port) = try postgres(named: "DNS:localhost")
            let service = try ServiceProcess(
                databaseURL: "host=localhost hostaddr=127.0.0.1 port=\(port) user=postgres dbname=postgres "
                    + "sslmode=verify-full sslrootcert=\(authority.certificate)")
            try service.waitUntilReady()
            for number in 0..<5 {
                let headers = number < 3 ? [] : ["Idempotency-Key: tls-\(number)"]
                #expect(try service.client().post("/predict", customer("tls"), headers: headers).status == 200)
            }
            let psql = Psql(server.connection().replacing("port=5432", with: "port=\(port)"))
            #expect(try psql.value("SELECT count(*) FROM predictions") == "5")
            let sessions = "pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE application_name LIKE 'churn%'"
            #expect(try psql.value("SELECT count(*) >= 6 AND bool_and(ssl) FROM \(sessions)") == "t")
            #expect(try service.terminate() == .code(0))
        }

        @Test(arguments: ["another authority", "another name", "no TLS wanted"])
        func `a PostgreSQL that is not the one that was meant gets nothing`(wrong: String) throws {
            let (server, port) = try postgres(named: wrong == "another name" ? "DNS:other.example" : "DNS:localhost")
            let trusted = wrong == "another authority" ? try LocalAuthority() : authority
            let mode = wrong == "no TLS wanted" ? "disable" : "verify-full"
            let service = try ServiceProcess(
                databaseURL: "host=localhost hostaddr=127.0.0.1 port=\(port) user=postgres dbname=postgres "
                    + "sslmode=\(mode) sslrootcert=\(trusted.certificate)")
            try eventually("the log to complain") { service.log.contains("PostgreSQL is not usable") }
            try eventually("a refusal at once") {
                try service.client().post("/predict", customer("tls")).status == 503
            }
            #expect(!service.isReady())
            let psql = Psql(server.connection().replacing("port=5432", with: "port=\(port)"))
            #expect(try psql.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0")
        }

        // MARK: Kafka

        /// The brokers of a test behind TLS: what they say of their own ports is changed on the way.
        private func tlsBrokers(_ kafka: MockKafka, named names: String) throws -> (proxy: ChildProcess, port: UInt16) {
            let identity = try authority.identity(names)
            let port = try freePort()
            let proxy = try ChildProcess(
                [
                    "python3", "\(repositoryFolder)/Tests/KafkaTLSProxy/proxy.py", "\(port)",
                    String(kafka.brokers.split(separator: ":").last!), identity.certificate, identity.key,
                ], errors: "/tmp/kafka-proxy-\(getpid()).log")
            try eventually("the proxy") { (try? StreamSocket(port: port)) != nil }
            return (proxy, port)
        }

        private func service(_ database: String, _ port: UInt16, trusting authority: LocalAuthority) throws
            -> ServiceProcess
        {
            let service = try ServiceProcess(
                databaseURL: database,
                environment: [
                    "KAFKA_BROKERS": "localhost:\(port)", "KAFKA_SECURITY_PROTOCOL": "ssl",
                    "KAFKA_SSL_CA_LOCATION": authority.certificate, "KAFKA_CONFIG_broker_address_family": "v4",
                ])
            try service.waitUntilReady()
            return service
        }

        @Test func `events go to a Kafka whose certificate is checked, and to no other`() throws {
            let kafka = try MockKafka(topics: ["churn.predictions:1", "churn.alerts:1", "churn.dead-letter:1"])
            let reader = try KafkaReader(kafka.brokers, topic: "churn.predictions")
            let database = try TemporaryPostgres.shared.makeDatabase()
            let right = try tlsBrokers(kafka, named: "DNS:localhost,IP:127.0.0.1")
            let strange = try tlsBrokers(kafka, named: "DNS:other.example")

            for (port, trusted) in [(right.port, try LocalAuthority()), (strange.port, authority)] {
                let service = try service(database, port, trusting: trusted)
                #expect(try service.client().post("/predict", customer("kept")).status == 200)
                try eventually("librdkafka to refuse the certificate", within: 20) {
                    try service.client().get("/metrics").text.contains("churn_kafka_up 0")
                        && service.log.contains("do not trust each other")
                }
                #expect(try service.client().post("/predict", customer("kept")).status == 200)
                service.kill()
                #expect(reader.messages.isEmpty)
            }
            let service = try service(database, right.port, trusting: authority)
            #expect(try service.client().post("/predict", customer("sent")).status == 200)
            // What was stored while Kafka could not be trusted comes now.
            let keys = try reader.waitFor(5, within: 40).map(\.key)
            #expect(keys.count { $0 == "kept" } == 4 && keys.count { $0 == "sent" } == 1)
            #expect(try service.terminate() == .code(0))
        }

        // MARK: In front

        /// The example of the README, with the names and ports of this test.
        private func nginx(front: UInt16, plain: UInt16, service: UInt16, _ folder: TemporaryFolder) throws
            -> ChildProcess
        {
            let identity = try authority.identity("DNS:churn.example.com")
            let readme = text(ofFile: repositoryFolder + "/README.md")
            let block = try #require(readme.firstMatch(of: /```nginx\n([\s\S]*?)```/)?.1)
            let servers = String(block).replacing("127.0.0.1:8080", with: "127.0.0.1:\(service)")
                .replacing("listen 443 ssl", with: "listen 127.0.0.1:\(front) ssl")
                .replacing("listen 80;", with: "listen 127.0.0.1:\(plain);")
                .replacing("/etc/ssl/churn.pem", with: identity.certificate)
                .replacing("/etc/ssl/churn.key", with: identity.key)
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
                "\($0)_temp_path \(folder.path)/\($0);"
            }.joined(separator: "\n")
            let configuration = """
                daemon off; pid \(folder.path)/pid; error_log \(folder.path)/errors;
                events {}
                http { access_log off; \(temporary)
                \(servers) }
                """
            try write(Array(configuration.utf8), toFile: folder.path + "/nginx.conf")
            return try ChildProcess([
                "/usr/sbin/nginx", "-c", folder.path + "/nginx.conf", "-e", folder.path + "/errors",
            ])
        }

        @Test func `the nginx of the README serves the interface over TLS, and hides the metrics`() throws {
            let stand = try KeyStand()
            let key = try stand.key("--scope", "predict", "--scope", "read", "--scope", "admin")
            let (front, plain) = (try freePort(), try freePort())
            let folder = try TemporaryFolder("churn-nginx", mode: 0o755)
            let nginx = try nginx(front: front, plain: plain, service: stand.service.port, folder)
            try eventually("nginx: \(text(ofFile: folder.path + "/errors"))") {
                (try? StreamSocket(port: front)) != nil
            }
            func curl(_ words: String...) throws -> String {
                try output(
                    of: [
                        "curl", "--silent", "--show-error", "--max-time", "20", "--cacert", authority.certificate,
                        "--resolve",
                        "churn.example.com:\(front):127.0.0.1", "--write-out", "\n%{http_code} %{redirect_url}",
                    ] + words)
            }
            let base = "https://churn.example.com:\(front)"
            let post = ["-H", bearer(key), "-H", "Content-Type: application/json", "-d", customer("front")]
            #expect(
                try curl(base + "/predict", post[0], post[1], post[2], post[3], post[4], post[5]).hasSuffix("\n200 "))
            #expect(try curl(base + "/history", "-H", bearer(key)).contains("\"front\""))
            #expect(try curl(base + "/history").hasSuffix("\n401 "))
            #expect(try curl(base + "/metrics", "-H", bearer(key)).hasSuffix("\n404 "))
            #expect(try curl(base + "/health/ready").hasSuffix("\n200 "))
            // A body of just under the limit passes, one above it is refused by either.
            let big = folder.path + "/body"
            for (bytes, status) in [(1_000_000, 422), (1_200_000, 413)] {
                try write(Array("{\"x\":\"\(String(repeating: "y", count: bytes))\"}".utf8), toFile: big)
                let answer = try curl(
                    base + "/predict", "-H", bearer(key), "-H", "Content-Type: application/json", "--data-binary",
                    "@\(big)")
                #expect(answer.hasSuffix("\n\(status) "), "\(answer.suffix(200))")
            }
            let redirect = try curl("--connect-to", "::127.0.0.1:\(plain)", "http://churn.example.com/history")
            #expect(redirect.hasSuffix("\n301 https://churn.example.com/history"))
            // Old protocols are not spoken.
            let old = try runCommand([
                "openssl", "s_client", "-connect", "127.0.0.1:\(front)", "-tls1_1", "-servername", "churn.example.com",
            ])
            #expect(old.exit != .code(0))
            nginx.send(SIGTERM)
            #expect(try nginx.waitForExit(within: 10) == .code(0))
        }
    }
}
