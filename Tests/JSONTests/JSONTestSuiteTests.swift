import Foundation
import JSON
import TestSupport
import Testing

/// The texts of Nicolas Seriot's JSONTestSuite, "Parsing JSON is a Minefield".
///
/// They are no part of the package: they lie in the folder that `CHURN_SHARED_DATA` names, or in `shared/data` beside
/// the folder of the package.
private enum Minefield {
    static let folder: URL? = {
        var candidates: [URL] = []
        if let path = ProcessInfo.processInfo.environment["CHURN_SHARED_DATA"] {
            candidates.append(URL(fileURLWithPath: path))
        }
        var parent = URL(fileURLWithPath: #filePath)
        while parent.path != "/" {
            parent.deleteLastPathComponent()
            candidates.append(parent.appendingPathComponent("shared/data"))
        }
        let folders = candidates.map { $0.appendingPathComponent("json/test_parsing") }
        return folders.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static func texts(_ prefix: String) throws -> [(name: String, text: [UInt8])] {
        let files = try FileManager.default.contentsOfDirectory(at: #require(folder), includingPropertiesForKeys: nil)
        return files.filter { $0.lastPathComponent.hasPrefix(prefix) }
            .map { ($0.lastPathComponent, contents(ofFile: $0.path)) }
    }
}

@Suite(.enabled(if: Minefield.folder != nil, "the folder json/test_parsing of the shared data is not there"))
struct JSONTestSuiteTests {
    @Test func `what must be accepted is accepted`() throws {
        let texts = try Minefield.texts("y_")
        #expect(texts.count >= 90)
        for (name, text) in texts {
            #expect(failureOfSkipping(text) == nil, "\(name)")
            // The standard allows a key twice; the tree does not, and says so.
            let error = failure(text)
            #expect(error == nil || name.contains("duplicated_key") && error?.kind == .duplicateKey, "\(name)")
        }
    }

    @Test func `what must be refused is refused`() throws {
        let texts = try Minefield.texts("n_")
        #expect(texts.count >= 180)
        for (name, text) in texts {
            #expect(failure(text) != nil, "\(name)")
            #expect(failureOfSkipping(text) != nil, "\(name)")
        }
    }

    @Test func `what is left open is answered alike by reading and by skipping`() throws {
        let texts = try Minefield.texts("i_")
        #expect(texts.count >= 30)
        for (name, text) in texts { #expect(failure(text) == failureOfSkipping(text), "\(name)") }
    }
}
