/// The first number of every advisory lock of this program; the second is the key within the class.
package enum AdvisoryLockClass: Int32, Sendable {
    /// Key: a writer's id. Held by the writer's own connection for its life.
    case writer = 0x6368_0001
    /// Key: 0. Held while migrations are applied.
    case migration = 0x6368_0002
    /// Key: 0. Held while load, features, train, promote or score runs: one at a time.
    case command = 0x6368_0003
    /// Key: a writer's id. Held while what a dead writer left is published.
    case drain = 0x6368_0004
}

extension Connection {
    /// Waits for the lock, which the session then holds until it ends or unlocks.
    ///
    /// - Throws: 55P03 where `lock_timeout` is set and passed.
    package mutating func lock(_ kind: AdvisoryLockClass, _ key: Int32) throws(PostgresError) {
        try execute("SELECT pg_advisory_lock($1, $2)", .integer(Int(kind.rawValue)), .integer(Int(key)))
    }

    /// Takes the lock if nobody else has it.
    package mutating func tryLock(_ kind: AdvisoryLockClass, _ key: Int32) throws(PostgresError) -> Bool {
        try execute("SELECT pg_try_advisory_lock($1, $2)", .integer(Int(kind.rawValue)), .integer(Int(key)))
            .boolean(0, 0) == true
    }

    /// Gives the lock back; false when the session did not hold it.
    @discardableResult
    package mutating func unlock(_ kind: AdvisoryLockClass, _ key: Int32) throws(PostgresError) -> Bool {
        try execute("SELECT pg_advisory_unlock($1, $2)", .integer(Int(kind.rawValue)), .integer(Int(key)))
            .boolean(0, 0) == true
    }

    /// The server process that holds the lock, whatever session it belongs to.
    package mutating func holder(of kind: AdvisoryLockClass, _ key: Int32) throws(PostgresError) -> Int? {
        // pg_locks shows the two numbers as oids; objsubid 2 marks the two-number form.
        let holders = try execute(
            """
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $1 AND objid::bigint = $2
                AND objsubid = 2 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, .integer(Int(kind.rawValue)), .integer(Int(UInt32(bitPattern: key))))
        return holders.rowCount == 0 ? nil : holders.integer(0, 0)
    }
}
