import CLinux
import Glibc

/// A program that this process started.
///
/// Losing the owner neither ends nor reaps the child: `wait` does.
package struct ChildProcess: ~Copyable, Sendable {
    /// How a program ended.
    package enum End: Equatable, Sendable {
        case exited(Int)
        case killed(signal: CInt)
    }

    /// What to start, and how.
    package struct Command: Sendable {
        /// The path of the program; there is no search.
        package var path: String

        /// Without the program's name.
        package var arguments: [String]

        /// `NAME=value`; nothing of ours is inherited by itself.
        package var environment: [String]

        /// Where it works; nil is where we do.
        package var directory: String?

        /// Whom it runs as; nil is who we are, anybody else needs root.
        package var user: User?

        /// Sent to the child when *the thread* that started it ends, however that happens.
        package var deathSignal: CInt?

        /// Whether it leads a session of its own, where a terminal's Ctrl-C does not reach it.
        package var hasOwnSession = false

        package init(_ path: String, _ arguments: [String] = [], environment: [String] = []) {
            self.path = path
            self.arguments = arguments
            self.environment = environment
        }
    }

    /// The process id.
    package let identifier: Int32

    /// Starts a program with /dev/null as its input.
    ///
    /// - Parameter output: a descriptor that becomes its stdout and stderr; nil is ours.
    /// - Throws: the call that failed, in the child too (`execve`: there is no such program).
    package init(_ command: Command, output: CInt? = nil) throws(SystemError) {
        var step: UnsafePointer<CChar>?
        let identifier = unsafe withPointers([command.path] + command.arguments) { arguments in
            unsafe withPointers(command.environment) { environment in
                unsafe spawn(command, arguments, environment, output: output ?? -1, &step)
            }
        }
        if identifier < 0 {
            let call = unsafe step.map { unsafe String(cString: $0) } ?? "fork"
            throw SystemError(code: -identifier, call: "\(call) \(command.path)")
        }
        self.identifier = identifier
    }

    /// Waits until the program has ended.
    package consuming func wait() throws(SystemError) -> End {
        var status: CInt = 0
        try immediately("waitpid") { unsafe waitpid(identifier, &status, 0) }
        return End(status: status)
    }

    /// How the program ended; nil while it runs.
    ///
    /// After the answer the process id is free again: do not ask twice.
    package mutating func poll() throws(SystemError) -> End? {
        var status: CInt = 0
        let found = try immediately("waitpid") { unsafe waitpid(identifier, &status, WNOHANG) }
        return found == 0 ? nil : End(status: status)
    }

    /// Sends a signal to the program.
    package borrowing func send(_ signal: CInt) { _ = kill(identifier, signal) }

    /// Starts a program and waits until it has ended.
    package static func run(_ command: Command, output: CInt? = nil) throws(SystemError) -> End {
        try ChildProcess(command, output: output).wait()
    }

    /// Sends a signal to any process.
    ///
    /// - Returns: false when there is no such process, or it is not ours to signal.
    @discardableResult
    package static func send(_ signal: CInt, to identifier: Int32) -> Bool { kill(identifier, signal) == 0 }
}

extension ChildProcess.End {
    /// WIFEXITED, WEXITSTATUS and WTERMSIG are macros: waitpid(2) on Linux has the signal in the low seven bits and the
    /// exit code in the byte above.
    fileprivate init(status: CInt) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(Int(status >> 8 & 0xFF)) : .killed(signal: signal)
    }
}

private typealias Pointers = UnsafePointer<UnsafeMutablePointer<CChar>?>

private func spawn(
    _ command: ChildProcess.Command, _ arguments: Pointers, _ environment: Pointers, output: CInt,
    _ step: inout UnsafePointer<CChar>?
) -> Int32 {
    var child = unsafe linux_child()
    unsafe child.arguments = unsafe arguments
    unsafe child.environment = unsafe environment
    unsafe child.changes_user = command.user == nil ? 0 : 1
    unsafe child.user = command.user?.identifier ?? 0
    unsafe child.group = command.user?.group ?? 0
    unsafe child.output = output
    unsafe child.death_signal = command.deathSignal ?? 0
    unsafe child.new_session = command.hasOwnSession ? 1 : 0
    return unsafe command.path.withCString { path in
        unsafe child.path = unsafe path
        guard let directory = command.directory else { return unsafe linux_spawn(&child, &step) }
        return unsafe directory.withCString { directory in
            unsafe child.directory = unsafe directory
            return unsafe linux_spawn(&child, &step)
        }
    }
}

/// Lets `body` see `texts` as C does: pointers to NUL-terminated strings, the last one NULL.
private func withPointers<Result>(_ texts: [String], _ body: (Pointers) -> Result) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { unsafe pointers[index] = strdup(text) }
    unsafe pointers[texts.count] = nil
    defer {
        for index in texts.indices { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
    return unsafe body(pointers)
}
