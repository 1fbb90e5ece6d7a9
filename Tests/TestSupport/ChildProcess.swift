package import Glibc
import Synchronization

/// A process started by a test, whose output goes to files.
///
/// It cannot outlive the tests: it is killed when this object goes, and by the kernel when the test runner does.
package final class ChildProcess: Sendable {
    package enum Exit: Sendable, Equatable {
        case code(CInt)
        case signal(CInt)
    }

    package let pid: pid_t
    private let exit = Mutex<Exit?>(nil)

    /// - Parameters:
    ///   - command: the program, found on `PATH` unless it has a slash, and its arguments
    ///   - environment: all of it, but for `PATH` and what sanitizers are told
    ///   - user: whom to become, when the tests are run by root
    package init(
        _ command: [String], environment: [String: String] = [:], directory: String = "/", user: String? = nil,
        output: String = "/dev/null", errors: String = "/dev/null"
    ) throws {
        // The kernel sends the parent-death signal; setpriv asks it to and becomes the command, as env does, with the same pid.
        let identity = user.map { ["--reuid", $0, "--regid", $0, "--init-groups"] } ?? []
        let command =
            ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + identity + ["--", "env", "--chdir=\(directory)"] + command
        pid = try Spawner.shared.run {
            try spawn(command, environment: environment, output: output, errors: errors)
        }
    }

    deinit {
        guard exit.withLock({ $0 }) == nil else { return }
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    package func send(_ signal: CInt) {
        exit.withLock { exit in
            if exit == nil { Glibc.kill(pid, signal) }
        }
    }

    /// How it ended, nil while it runs.
    package func poll() -> Exit? {
        exit.withLock { exit in
            if exit == nil {
                var status: CInt = 0
                if unsafe waitpid(pid, &status, WNOHANG) == pid { exit = Exit(status) }
            }
            return exit
        }
    }

    package func waitForExit(within seconds: Double) throws -> Exit {
        try eventually("the end of process \(pid)", within: seconds) { poll() }
    }
}

extension ChildProcess.Exit {
    fileprivate init(_ status: CInt) {
        let signal = status & 0x7F
        self = signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
    }
}
