import Glibc
import TestSupport

/// Another session's lock on `predictions`: whoever stores a row waits until it is released.
final class TableLock: Sendable {
    private static let holder = """
        FROM pg_locks WHERE relation = 'predictions'::regclass AND mode = 'ExclusiveLock' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private let psql: Psql
    private let session: ChildProcess

    init(_ psql: Psql) throws {
        self.psql = psql
        session = try ChildProcess([
            "psql", "-X", "-d", psql.connection, "-c",
            "BEGIN; LOCK TABLE predictions IN EXCLUSIVE MODE; SELECT pg_sleep(600)",
        ])
        try eventually("the table lock") { try psql.value("SELECT count(*) \(Self.holder)") == "1" }
    }

    /// The process of the backend that waits to store rows, as soon as there is one.
    func waitForBackend() throws -> pid_t {
        let waiting = """
            SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%predictions%'
                AND datname = current_database()
            """
        return try eventually("a backend that waits") { try psql.rows(waiting).first.flatMap { pid_t($0) } }
    }

    func release() throws {
        _ = try psql.rows("SELECT pg_terminate_backend(pid) \(Self.holder)")
        session.send(SIGKILL)
    }
}
