import Glibc

/// What the machine offers.
enum Machine {
    /// Processors that this process may use.
    static var cores: Int { max(Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))), 1) }
}

/// Whether an address or name can only mean this machine.
func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
