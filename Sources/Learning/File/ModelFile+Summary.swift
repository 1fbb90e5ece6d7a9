package import JSON

extension ModelFile {
    /// What the file says of the model, its version first, without curves and golden rows.
    package var summary: JSONValue {
        let large = ["curves", "golden", "format", "format_version"]
        let members = contents.members.filter { !large.contains($0.key) }
        return .object([.init("version", .string(version)), .init("sha256", .string(sha256))] + members)
    }
}
