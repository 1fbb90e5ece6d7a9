extension Connection {
    /// Connects to a server that takes writes, checks that there is no pooler in between and that it stores UTF-8, and
    /// makes the settings of `session`.
    package init(
        _ conninfo: String, as session: Session, applicationName: String = "churn", patienceMilliseconds: Int? = nil
    ) throws(PostgresError) {
        let (handle, notices) = unsafe try Self.open(conninfo, session, applicationName, patienceMilliseconds)
        unsafe self.init(handle: handle, notices: notices)
        self.patienceMilliseconds = patienceMilliseconds
    }

    /// Opens a session as far as that goes, and gives away its parts.
    ///
    /// Not `self = try open(…)` above: in release builds of Swift 6.3.1 that assignment runs `deinit` on the memory of
    /// `self`, which was never filled.
    private static func open(
        _ conninfo: String, _ session: Session, _ applicationName: String, _ patienceMilliseconds: Int?
    ) throws(PostgresError) -> (OpaquePointer, UnsafeMutablePointer<NoticeRecord>) {
        var connection = try Connection(connecting: conninfo, applicationName: applicationName)
        connection.patienceMilliseconds = patienceMilliseconds
        try connection.prepareSession(session)
        return unsafe connection.relinquish()
    }

    private mutating func prepareSession(_ session: Session) throws(PostgresError) {
        guard serverVersion >= 150_000 else {
            throw .unsuitable("PostgreSQL \(serverVersion / 10_000) is too old: 15 or newer is needed")
        }
        let facts = try execute(
            "SELECT pg_backend_pid(), current_setting('server_encoding'), pg_is_in_recovery()")
        guard facts.integer(0, 0) == backendPID else {
            throw .unsuitable("there is a connection pooler in between: churn needs sessions of its own")
        }
        guard facts.text(0, 1) == "UTF8" else { throw .unsuitable("the database must have the encoding UTF8") }
        guard facts.boolean(0, 2) == false else {
            throw PostgresError(.refused, sqlState: "25006", reason: "the server is a read-only replica")
        }
        try run(script: session.script)
    }

    /// Whether what the server calls committed is on its disk.
    package mutating func readDurability() throws(PostgresError) -> Durability {
        let settings = try execute(
            """
            SELECT current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
                current_setting('synchronous_commit') IN ('on', 'remote_apply')
            """)
        return Durability(
            fsync: settings.boolean(0, 0) == true, fullPageWrites: settings.boolean(0, 1) == true,
            synchronousCommit: settings.boolean(0, 2) == true)
    }
}
