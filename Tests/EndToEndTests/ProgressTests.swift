import TestSupport
import Testing

extension EndToEnd {
    /// A person at a terminal sees how far a command is; a schedule that reads a pipe does not.
    struct ProgressTests {
        private let folder: TemporaryFolder
        private static let commands = [
            "train --csv table.csv --label left --positive yes --id name --output model.json",
            "score --csv table.csv --model model.json --output scores.csv",
            "simulate --customers 600 --from 2025-01-01 --to 2025-03-01 --seed 1 --output events.csv",
        ]

        init() throws {
            folder = try TemporaryFolder("churn-progress", mode: 0o755)
            let rows = (0..<60).map { "n\($0),\($0 % 10),\($0 % 7 < 3 ? "yes" : "no")" }
            try write(
                Array((["name,visits,left"] + rows).joined(separator: "\n").utf8), toFile: folder.path + "/table.csv")
        }

        /// What comes out of a terminal on which the command runs.
        private func screen(_ command: String) throws -> String {
            try output(of: ["script", "-qec", "\(churnBinary()) \(command)", "/dev/null"], directory: folder.path)
        }

        @Test func `on a terminal there is a line that goes away, in a pipe there is none`() throws {
            for command in Self.commands {
                let words = command.split(separator: " ").map(String.init)
                let piped = try runCommand([churnBinary()] + words, directory: folder.path)
                #expect(piped.exit == .code(0) && piped.errors == "", "\(command)")
                let parts = try screen(command).components(of: "\r\u{1B}[K")
                #expect(parts.count > 2 && parts[1].hasPrefix("\(words[0])  "), "\(parts)")
                #expect(parts.last.map { !$0.isEmpty && !$0.hasPrefix("\(words[0])  ") } == true, "\(parts)")
                let quiet = try screen(command + " --quiet")
                #expect(quiet.components(of: "\u{1B}").count == 1, "\(quiet)")
            }
        }
    }
}

extension String {
    /// The parts between `separator`s.
    fileprivate func components(of separator: String) -> [String] {
        var parts: [String] = []
        var rest = Array(utf8)[...]
        let mark = Array(separator.utf8)
        while let place = rest.indices.first(where: { rest[$0...].starts(with: mark) }) {
            parts.append(String(decoding: rest[..<place], as: UTF8.self))
            rest = rest[(place + mark.count)...]
        }
        return parts + [String(decoding: rest, as: UTF8.self)]
    }
}
