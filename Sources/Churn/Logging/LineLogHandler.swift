package import Bytes
import JSON
import Linux
package import Logging

/// Writes each log event as one line on standard error: a JSON object, or plain text when a person watches.
///
/// A line is one `write`, so lines of several threads never mix. Line breaks and control characters in a message are escaped
/// in JSON and become `?` in plain text: nothing that came from outside can forge a line, or speak to the terminal.
package struct LineLogHandler: LogHandler {
    package enum Form: Sendable {
        case json
        case plain
    }

    package var metadataProvider: Logger.MetadataProvider?
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level = .info
    private let form: Form
    private let label: String

    package init(label: String, form: Form) {
        self.label = label
        self.form = form
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        LogCounts.shared.count(event.level)
        let line = line(of: event)
        // A closed or full standard error must not stop the service: the line is dropped and counted.
        let isWritten = unsafe line.withUnsafeBytes { bytes in unsafe StandardError.write(bytes) }
        if !isWritten { LogCounts.shared.countDropped() }
    }

    /// The line of an event, with its line feed.
    package func line(of event: LogEvent) -> ByteBuffer {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        var line = ByteBuffer(capacity: 256)
        switch form {
        case .json: writeJSON(event, fields, into: &line)
        case .plain: writePlain(event, fields, into: &line)
        }
        line.append(byte: 0x0A)
        return line
    }

    private func writeJSON(
        _ event: LogEvent, _ fields: [(key: String, value: Logger.Metadata.Value)], into line: inout ByteBuffer
    ) {
        line.append("{\"time\":\"")
        line.append(time: CivilTime(microsecondsSince1970: Clock.wallMicroseconds()))
        line.append("\",\"level\":\"")
        line.append(text: event.level.rawValue)
        line.append("\",\"msg\":")
        line.append(jsonString: "\(event.message)")
        for (key, value) in fields {
            line.append(byte: 0x2C)
            line.append(jsonString: key)
            line.append(byte: 0x3A)
            appendJSON(value, to: &line)
        }
        line.append(byte: 0x7D)
    }

    /// Numbers stay numbers: `"\(8080)"` was a number before it became metadata.
    private func appendJSON(_ value: Logger.Metadata.Value, to line: inout ByteBuffer) {
        let text = "\(value)"
        if let number = Int(text), "\(number)" == text {
            line.append(decimal: number)
        } else {
            line.append(jsonString: text)
        }
    }

    private func writePlain(
        _ event: LogEvent, _ fields: [(key: String, value: Logger.Metadata.Value)], into line: inout ByteBuffer
    ) {
        let now = CivilTime(microsecondsSince1970: Clock.wallMicroseconds())
        line.append(decimal: now.hour, width: 2)
        line.append(byte: 0x3A)
        line.append(decimal: now.minute, width: 2)
        line.append(byte: 0x3A)
        line.append(decimal: now.second, width: 2)
        line.append(byte: 0x20)
        if event.level >= .warning {
            line.append(text: event.level.rawValue)
            line.append(": ")
        }
        appendPrintable("\(event.message)", to: &line)
        for (key, value) in fields {
            line.append(byte: 0x20)
            line.append(text: key)
            line.append(byte: 0x3D)
            appendPrintable("\(value)", to: &line)
        }
    }

    private func appendPrintable(_ text: String, to line: inout ByteBuffer) {
        for character in text.unicodeScalars {
            switch character.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line.append(byte: 0x3F)
            default: line.append(text: String(character))
            }
        }
    }
}
