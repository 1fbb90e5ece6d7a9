import Glibc
import TestSupport
import Testing

extension EndToEnd {
    struct HealthTests {
        @Test func `churn health says that a service is ready, and why it is not`() throws {
            let postgres = try TemporaryPostgres()
            let service = try ServiceProcess(databaseURL: postgres.connection())
            try service.waitUntilReady()
            let ready = try health(port: service.port)
            #expect(ready.exit == .code(0) && ready.output == "ready\n", "\(ready.errors)")

            try postgres.stop()
            let unready = try eventually("the service to notice", within: 10) {
                let result = try health(port: service.port)
                return result.exit == .code(0) ? nil : result
            }
            #expect(unready.exit == .code(69))
            #expect(unready.errors.contains("postgres: does not answer"), "\(unready.errors)")
        }

        @Test func `churn health ends soon where nobody answers`() throws {
            let database = try TemporaryPostgres.shared.makeDatabase()
            let service = try ServiceProcess(databaseURL: database)
            service.child.send(SIGSTOP)
            let silent = try health(port: service.port)
            #expect(silent.exit == .code(69) && silent.errors.contains("does not answer"), "\(silent.errors)")
            service.kill()
            let gone = try health(port: service.port)
            #expect(gone.exit == .code(69) && gone.errors.contains("refused"), "\(gone.errors)")
        }

        /// Run as a container does: the port from the environment of the service, which listens on every address.
        private func health(port: UInt16) throws -> CommandResult {
            try runCommand(
                [churnBinary(), "health"], environment: ["CHURN_HOST": "0.0.0.0", "CHURN_PORT": "\(port)"], within: 20)
        }
    }
}
