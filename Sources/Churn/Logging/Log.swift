import Glibc
import Logging

/// Where log lines go, decided once.
package enum Log {
    /// Plain text when a person watches standard error, one JSON object a line otherwise.
    ///
    /// - Parameter isQuiet: nothing below warnings.
    package static func start(isQuiet: Bool = false) {
        let form: LineLogHandler.Form = isatty(STDERR_FILENO) == 1 ? .plain : .json
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label, form: form)
            if isQuiet { handler.logLevel = .warning }
            return handler
        }
    }

    /// The logger of the service.
    static var service: Logger { Logger(label: "churn") }

    /// Says a line to whoever wrote the command, before there is a log.
    package static func say(_ line: String) {
        let line = Array((line + "\n").utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }

    /// Says in one line why a command failed.
    package static func fail(_ text: String) { Logger(label: "churn").critical("\(text)") }
}
