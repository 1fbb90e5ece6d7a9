import TestSupport
import Testing

extension EndToEnd {
    struct TrainFailureTests {
        /// A training run that fails, as the exit code and the object on the last line of standard output.
        private func failure(_ file: String, _ more: [String] = []) throws -> (ChildProcess.Exit, Document) {
            let command = [churnBinary(), "train", "--csv", file, "--label", "left", "--positive", "yes", "--json"]
            let result = try runCommand(command + more)
            #expect(!result.errors.isEmpty)
            let last = try #require(result.output.split(separator: "\n").last)
            return (result.exit, try Document(Array(last.utf8)))
        }

        @Test func `with --json a failure is one object that says what, where and whether to try again`() throws {
            let folder = try TemporaryFolder()
            let ragged = "\(folder.path)/ragged.csv"
            try write(Array("id,x,left\n1,2,yes\n2,3\n".utf8), toFile: ragged)
            let (exit, document) = try failure(ragged)
            #expect(exit == .code(65))
            #expect(document["command"] == .string("train") && document["status"] == .string("failed"))
            let error = try #require(document["error"])
            #expect(error["exit"] == .number(65) && error["retry"] == .boolean(false))
            #expect(error["place"]?["file"] == .string(ragged) && error["place"]?["line"] == .number(3))
            #expect(error["message"]?.string?.contains("line 3") == true)
        }

        @Test func `a missing file is 66 and a wrong option is 64`() throws {
            let (missing, document) = try failure("/no/such/file.csv")
            #expect(missing == .code(66) && document["error"]?["code"] == .string("file_missing"))
            #expect(document["error"]?["place"]?["file"] == .string("/no/such/file.csv"))
            let (usage, other) = try failure("/no/such/file.csv", ["--l2=-1"])
            #expect(usage == .code(64) && other["error"]?["code"] == .string("usage"))
            #expect(other["error"]?["message"]?.string?.contains("--l2") == true)
            for rule in ["capacity", "capacity=0", "capacity=x", "f1=2", "profit", "best"] {
                let (exit, document) = try failure("/no/such/file.csv", ["--threshold", rule])
                #expect(exit == .code(64) && document["error"]?["message"]?.string?.contains("--threshold") == true)
            }
        }

        @Test func `words that cannot be read are one object too`() throws {
            let (exit, document) = try failure("/no/such/file.csv", ["--no-such-option"])
            #expect(exit == .code(64) && document["command"] == .string("train"))
            #expect(document["error"]?["message"]?.string?.contains("--no-such-option") == true)
        }

        @Test func `with --exit-code a run that changes nothing is 10`() throws {
            let folder = try TemporaryFolder()
            let file = "\(folder.path)/rows.csv"
            let rows = (0..<40).map { "\($0),\($0 * 7 % 11),\($0 * 7 % 11 + $0 % 5 > 7 ? "yes" : "no")" }
            try write(Array((["id,x,left"] + rows).joined(separator: "\n").utf8), toFile: file)
            let command = [
                churnBinary(), "train", "--csv", file, "--label", "left", "--positive", "yes", "--exit-code",
            ]
            let more = ["--output", "\(folder.path)/model.json", "--l2", "0.01"]
            #expect(try runCommand(command + more).exit == .code(0))
            #expect(try runCommand(command + more).exit == .code(10))
        }
    }
}
