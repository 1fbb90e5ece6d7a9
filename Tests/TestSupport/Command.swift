import Glibc
import Synchronization

/// What a command that ran to its end left behind.
package struct CommandResult: Sendable {
    package let exit: ChildProcess.Exit
    package let output: String
    package let errors: String
}

/// Runs a command to its end; throws when it takes longer than `seconds`.
package func runCommand(
    _ command: [String], environment: [String: String] = [:], directory: String = "/", within seconds: Double = 60
) throws -> CommandResult {
    let name = "/tmp/churn-test-\(getpid())-\(commandNumber.add(1, ordering: .relaxed).newValue)"
    let (output, errors) = (name + ".out", name + ".err")
    defer {
        unsafe unlink(output)
        unsafe unlink(errors)
    }
    let child = try ChildProcess(
        command, environment: environment, directory: directory, output: output, errors: errors)
    let exit = try child.waitForExit(within: seconds)
    return CommandResult(exit: exit, output: text(ofFile: output), errors: text(ofFile: errors))
}

private let commandNumber = Atomic(0)

/// A command that should have succeeded did not.
package struct CommandFailure: Error, CustomStringConvertible {
    package let command: [String]
    package let result: CommandResult

    package var description: String { "\(command.joined(separator: " ")): \(result.exit) \(result.errors)" }
}

/// Runs a command that must succeed and returns what it printed.
package func output(
    of command: [String], environment: [String: String] = [:], directory: String = "/", within seconds: Double = 60
) throws -> String {
    let result = try runCommand(command, environment: environment, directory: directory, within: seconds)
    guard result.exit == .code(0) else { throw CommandFailure(command: command, result: result) }
    return result.output
}
