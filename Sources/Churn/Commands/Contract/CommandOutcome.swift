package import JSON

/// What a command that did not fail has to say.
package struct CommandOutcome: Sendable {
    /// How it ended: all three are success, and `--exit-code` tells them apart.
    package enum Status: String, Sendable {
        case done
        /// All was as it should be before.
        case unchanged
        /// It did what it was asked, and the answer is no.
        case refused

        /// The exit code with `--exit-code`.
        package var code: Int32 {
            switch self {
            case .done: 0
            case .unchanged: 10
            case .refused: 11
            }
        }
    }

    package let status: Status
    /// For a script: the one object of `--json`.
    package let json: JSONValue
    /// For a person: lines, without the last line feed.
    package let text: String

    package init(_ status: Status, json: JSONValue, text: String) {
        self.status = status
        self.json = json
        self.text = text
    }

    /// The one line of `--json`.
    package var line: String { json.text }
}
