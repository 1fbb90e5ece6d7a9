public import JSON

/// Why bytes are not a model that can serve.
public enum ModelFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes do not begin as a model file does.
    case notAModelFile
    /// The bytes are not those that were written: cut short, or changed.
    case checksum(expected: String, found: String)
    case json(JSONError)
    /// Written by another generation of this program, or a kind of model that this one cannot serve.
    case unsupported(member: String, value: String)
    /// A member is missing, of a wrong type, out of its range, or unknown.
    case member(path: String, problem: String)
    /// A golden row does not come out: the number of the row, what the file says and what this program computes.
    case golden(row: Int, expected: Double, found: Double?)

    public var description: String {
        switch self {
        case .notAModelFile: "not a model file: it does not begin with a checksum"
        case .checksum(let expected, let found):
            "the model file was cut short or changed: its checksum says \(expected.prefix(12))…, its bytes give"
                + " \(found.prefix(12))…"
        case .json(let error): "the model file is not JSON: \(error)"
        case .unsupported(let member, let value):
            "the model file has \(member) \(value), which this program cannot serve"
        case .member(let path, let problem): "the model file's \(path) \(problem)"
        case .golden(let row, let expected, let found):
            "golden row \(row) of the model file has probability \(expected), this program computes "
                + (found.map { "\($0)" } ?? "none")
        }
    }
}
