/// What a connection is for: its settings are made by SET, never by `options`, which poolers drop.
package enum Session: Sendable {
    /// Stores predictions: waits for the disk, and for replicas where the server is told to.
    case writer
    /// Answers reads of the service: read-only, 2 s a statement.
    case reader
    /// The keeper and the commands: like a writer, with a limit on nothing.
    case command

    /// The statements that make the settings.
    ///
    /// The server watches its side of TCP: a client that vanished is noticed within 15 s, so the locks it held are free
    /// again (by default they were held for hours).
    var script: String {
        let common = """
            SET client_min_messages = warning;
            SET datestyle = 'ISO';
            SET timezone = 'UTC';
            SET tcp_keepalives_idle = 5;
            SET tcp_keepalives_interval = 2;
            SET tcp_keepalives_count = 3;
            SET tcp_user_timeout = '10s';
            SET client_connection_check_interval = '1s';
            """
        switch self {
        case .writer: return common + Self.durable + Self.impatient + "SET plan_cache_mode = force_generic_plan;"
        case .reader: return common + Self.reading
        case .command: return common + Self.durable + Self.impatient
        }
    }

    /// A read is planned for each request; where its cost is guessed high, it would be compiled for each, too: 50 ms for a
    /// statement that takes one.
    private static let reading = """
        SET default_transaction_read_only = on;
        SET statement_timeout = '2s';
        SET jit = off;
        """

    /// Who waits behind a locked table gives up, so that nobody's backends pile up in the server.
    private static let impatient = "SET lock_timeout = '2s';"

    /// `remote_apply` is the one level above `on`; every other is raised to it.
    private static let durable = """
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> 'remote_apply';
        """
}
