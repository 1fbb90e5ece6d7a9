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

        /// Whether the same command may succeed later without any change.
        package var isRetriable: Bool { self == .databaseAway || self == .inputOutput || self == .busy }
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
