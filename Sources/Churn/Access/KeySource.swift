import Linux

/// Where a service's keys come from: a file that is read again on SIGHUP, a variable of the environment, or both.
package struct KeySource: Sendable {
    package let path: String?
    private let text: String?

    /// - Returns: nil where no keys are asked for; a source without a single key is one all the same, and opens nothing.
    package init?(path: String?, text: String?) {
        if path == nil, text == nil { return nil }
        self.path = path
        self.text = text
    }

    /// Reads all keys.
    package func load(after earlier: KeySet? = nil) throws(CommandError) -> KeySet {
        var file = try Self.parse(text ?? "", from: "CHURN_KEYS")
        if let path {
            for record in try Self.read(path).records {
                do throws(KeyRecord.Fault) { try file.add(record) } catch {
                    throw CommandError(.configuration, "\(path) and CHURN_KEYS: \(error)")
                }
            }
        }
        return KeySet(file.records, after: earlier)
    }

    /// Reads a key file.
    package static func read(_ path: String) throws(CommandError) -> KeyFile {
        let text: String
        do throws(SystemError) { text = try File.readText(path) } catch {
            throw CommandError(
                error.isMissingFile ? .fileMissing : .inputOutput, "cannot read the keys: \(error)",
                place: .init(file: path))
        }
        return try parse(text, from: path)
    }

    private static func parse(_ text: String, from place: String) throws(CommandError) -> KeyFile {
        do throws(KeyRecord.Fault) { return try KeyFile(text: text) } catch {
            throw CommandError(.configuration, "\(place): \(error)", place: .init(file: place))
        }
    }
}
