import Glibc
import Logging

/// Where log lines go, decided once.
package enum Log {
    /// Plain text when a person watches standard error, one JSON object a line otherwise.
    package static func start() {
        let form: LineLogHandler.Form = isatty(STDERR_FILENO) == 1 ? .plain : .json
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, form: form) }
    }

    /// The logger of the service.
    static var service: Logger { Logger(label: "churn") }

    /// Says in one line why a command failed.
    package static func fail(_ text: String) { Logger(label: "churn").critical("\(text)") }
}
