import JSON

/// Why a command ended without doing what it was asked: one line for a person, and an exit code for a script.
package struct CommandError: Error, CustomStringConvertible, Sendable {
    /// The exit code, as sysexits.h has them.
    package enum Kind: Int32, Sendable {
        case usage = 64
        case data = 65
        case fileMissing = 66
        case databaseAway = 69
        case bug = 70
        case inputOutput = 74
        case busy = 75
        case configuration = 78

        /// What a failure of this kind is called where nothing closer is known.
        var code: String {
            switch self {
            case .usage: "usage"
            case .data: "data"
            case .fileMissing: "file_missing"
            case .databaseAway: "database_away"
            case .bug: "bug"
            case .inputOutput: "input_output"
            case .busy: "busy"
            case .configuration: "configuration"
            }
        }

        /// Whether the same command may succeed later without any change.
        package var isRetriable: Bool { self == .databaseAway || self == .inputOutput || self == .busy }
    }

    package let kind: Kind
    package let description: String

    /// What is wrong, in one word for a script.
    package let code: String
    /// Where it is wrong, as far as that is known.
    package let place: Place

    /// A place in a file.
    package struct Place: Equatable, Sendable {
        package var file: String?
        package var line: Int?
        package var column: String?
    }

    package init(_ kind: Kind, _ description: String, code: String? = nil, place: Place = Place()) {
        self.kind = kind
        self.description = description
        self.code = code ?? kind.code
        self.place = place
    }

    /// The one line that `command` prints with `--json` when it fails.
    package func json(of command: String) -> String {
        let object: JSONValue = [
            "command": .string(command), "status": "failed",
            "error": [
                "code": .string(code), "message": .string(description), "exit": .number(Double(kind.rawValue)),
                "retry": .boolean(kind.isRetriable),
                "place": [
                    "file": place.file.map { .string($0) } ?? .null,
                    "line": place.line.map { .number(Double($0)) } ?? .null,
                    "column": place.column.map { .string($0) } ?? .null,
                ],
            ],
        ]
        return object.text
    }
}
