import Learning
import Linux

/// The model files that `churn serve` starts with.
struct ModelFiles: Sendable {
    /// The one given by `--model`.
    let pinned: ModelFile?
    /// The one in `Models/`, which serves where there is no champion.
    let fallback: ModelFile?

    private static let folder = "Models"

    /// Reads them; a file that is no good is refused now, with the reason, and not when the first request comes.
    static func load(_ configuration: ServeConfiguration) throws(CommandError) -> ModelFiles {
        if let path = configuration.modelPath { return ModelFiles(pinned: try read(path), fallback: nil) }
        guard let path = shipped() else { return ModelFiles(pinned: nil, fallback: nil) }
        return ModelFiles(pinned: nil, fallback: try read(path))
    }

    /// The first model file in `Models/`, by name.
    static func shipped() -> String? {
        let names = (try? File.list(folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.min().map { "\(folder)/\($0)" }
    }

    static func read(_ path: String) throws(CommandError) -> ModelFile {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path, limit: 64 << 20)
        } catch {
            throw CommandError(error.isMissingFile ? .fileMissing : .inputOutput, "model file \(path): \(error.reason)")
        }
        do throws(ModelFileError) {
            return try ModelFile(reading: bytes)
        } catch {
            throw CommandError(.data, "model file \(path): \(error)")
        }
    }
}
