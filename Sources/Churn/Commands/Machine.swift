import Glibc

/// What the machine offers.
enum Machine {
    /// Processors that are switched on; at least one.
    static var cores: Int { max(Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))), 1) }
}
