import Dispatch
import Glibc
import Synchronization

/// The thread that starts every child and never ends, because the parent-death signal is sent at the end of the *thread*.
final class Spawner: Sendable {
    static let shared = Spawner()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let arrived = DispatchSemaphore(value: 0)

    private init() {
        _ = BackgroundThread { self.work() }
    }

    private func work() {
        while true {
            arrived.wait()
            jobs.withLock { $0.removeFirst() }()
        }
    }

    func run(_ body: @escaping @Sendable () throws -> pid_t) throws -> pid_t {
        let result = Outcome()
        jobs.withLock { $0.append { result.set(Result { try body() }) } }
        arrived.signal()
        return try result.get()
    }
}

private final class Outcome: Sendable {
    private let value = Mutex<Result<pid_t, any Error>?>(nil)
    private let isSet = DispatchSemaphore(value: 0)

    func set(_ result: Result<pid_t, any Error>) {
        value.withLock { $0 = result }
        isSet.signal()
    }

    func get() throws -> pid_t {
        isSet.wait()
        return try value.withLock { $0! }.get()
    }
}

func spawn(
    _ command: [String], environment: [String: String], output: String, errors: String
) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o644)

    let settings = inheritedSettings().merging(environment) { _, given in given }
    var pid: pid_t = 0
    let result = unsafe withStrings(command) { arguments in
        unsafe withStrings(settings.map { "\($0)=\($1)" }) { environment in
            unsafe posix_spawn(&pid, command[0], &actions, nil, arguments, environment)
        }
    }
    guard result == 0 else { throw SystemFailure("posix_spawn \(command[0])", code: result) }
    return pid
}

/// What a child gets of our own environment: where programs are, and what the sanitizers are told (`scripts/test-sanitize`).
private func inheritedSettings() -> [String: String] {
    var settings = ["PATH": "/usr/bin:/bin"]
    for name in ["PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE"] {
        if let value = unsafe getenv(name) { settings[name] = unsafe String(cString: value) }
    }
    return settings
}

/// The strings as C wants them, ended by a null pointer.
@unsafe private func withStrings<Value>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
    let copies = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies)
}
