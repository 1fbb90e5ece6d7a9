import JSON
import Learning
import TestSupport

extension Subject {
    /// A model file of any contents is refused or served, and one that is served scores its golden rows.
    ///
    /// The input is what the checksum is of, which is put in front of it: else no input would get beyond that.
    static let modelFile = Subject("model-file", binarySeeds: seeds) { bytes in
        let sealed = ModelFile.sealed(bytes)
        guard let file = try? ModelFile(reading: sealed) else { return }
        precondition(file.bytes == sealed && file.sha256.hasPrefix(file.version), "the file is not what was read")
        // Written anew it gets golden rows of its own, and can be read.
        let written = ModelFile(file.contents)
        guard let again = try? ModelFile(reading: written.bytes) else {
            preconditionFailure("what was written cannot be read")
        }
        precondition(again.bytes == ModelFile(again.contents).bytes, "the same contents gave other bytes")
    }

    /// The demo model, its curves cut to two points each: they are long, and decide nothing.
    private static let seeds: [[UInt8]] = {
        guard let path = try? demoModel(), let file = try? ModelFile(reading: contents(ofFile: path)) else { return [] }
        var contents = file.contents
        contents.curves.roc.removeSubrange(2...)
        contents.curves.pr.removeSubrange(2...)
        contents.curves.calibration.removeSubrange(2...)
        contents.curves.histogram.removeSubrange(2...)
        contents.curves.deciles.removeSubrange(2...)
        contents.curves.thresholds.removeSubrange(2...)
        return [body(of: ModelFile(contents).bytes)]
    }()

    /// What stands behind the line with the checksum.
    private static func body(of file: [UInt8]) -> [UInt8] {
        Array(file.drop { $0 != 0x0A }.dropFirst())
    }
}
