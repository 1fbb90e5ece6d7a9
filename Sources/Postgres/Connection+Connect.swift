import CPostgres

extension Connection {
    /// Everything of connecting that can fail, so that the initialiser has nothing to undo.
    static func connect(_ conninfo: String, _ applicationName: String) throws(PostgresError) -> OpaquePointer {
        try checkReadable(conninfo)
        // Later words win: defaults first, then the string, then what nobody may change. Of several hosts the one that takes
        // writes is meant, for reads, too: what a 2xx announced is there for everybody. libpq learns of it while connecting.
        let words: [(String, String)] = [
            ("connect_timeout", "5"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "10000"), ("target_session_attrs", "read-write"),
            ("fallback_application_name", applicationName), ("dbname", conninfo), ("client_encoding", "UTF8"),
        ]
        let handle = unsafe withCStrings(words.map(\.0)) { names in
            unsafe withCStrings(words.map(\.1)) { values in unsafe PQconnectdbParams(names, values, 1) }
        }
        guard let handle = unsafe handle, unsafe PQstatus(handle) == CONNECTION_OK else {
            let error = unsafe PostgresError(connecting: handle)
            unsafe PQfinish(handle)
            throw error
        }
        return unsafe handle
    }

    /// Refuses a string that libpq cannot read, without libpq's message: it quotes the string, password included.
    private static func checkReadable(_ conninfo: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(conninfo, &message) else {
            unsafe PQfreemem(message)
            throw PostgresError(.connectionFailed, severity: .fatal, reason: "the connection string cannot be read")
        }
        unsafe PQconninfoFree(options)
    }
}

/// Calls `body` with C strings in an array that a null pointer ends; they are valid for the call.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes += text.utf8.map { CChar(bitPattern: $0) } + [0]
    }
    return unsafe bytes.withUnsafeBufferPointer { memory in
        var pointers: [UnsafePointer<CChar>?] = unsafe []
        for start in starts { unsafe pointers.append(memory.baseAddress.map { unsafe $0 + start }) }
        unsafe pointers.append(nil)
        return unsafe body(pointers)
    }
}
