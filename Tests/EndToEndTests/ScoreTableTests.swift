import TestSupport
import Testing

extension EndToEnd {
    struct ScoreTableTests {
        private let folder: TemporaryFolder
        private let model: String

        init() throws {
            folder = try TemporaryFolder()
            model = "\(folder.path)/model.json"
            var lines = ["id,visits,amount,left"]
            for row in 0..<200 {
                lines.append("c\(row),\(row % 17),\(row % 23).5,\((row * 7) % 17 < row % 11 ? "yes" : "no")")
            }
            try write(Array(lines.joined(separator: "\n").utf8), toFile: "\(folder.path)/train.csv")
            let result = try runCommand([
                churnBinary(), "train", "--csv", "\(folder.path)/train.csv", "--label", "left", "--positive", "yes",
                "--id", "id", "--l2", "0.01", "--output", model,
            ])
            try #require(result.exit == .code(0), "\(result.errors)")
        }

        private func score(
            _ name: String, by other: String? = nil, _ more: String...
        ) throws -> (CommandResult, Document) {
            let result = try runCommand(
                [
                    churnBinary(), "score", "--csv", "\(folder.path)/\(name)", "--model", other ?? model, "--output",
                    "\(folder.path)/scores.csv", "--json",
                ] + more)
            let last = try #require(result.output.split(separator: "\n").last, "\(result.errors)")
            return (result, try Document(Array(last.utf8)))
        }

        @Test func `a table of any length is scored, the same by any number of threads`() throws {
            var lines = ["amount,id,visits"]
            for row in 0..<120_000 { lines.append("\(row % 97).25,customer-\(row),\(row % 31)") }
            try write(Array(lines.joined(separator: "\n").utf8), toFile: "\(folder.path)/new.csv")
            var outputs: [[UInt8]] = []
            for threads in ["1", "2", "5"] {
                let (result, document) = try score("new.csv", "--threads", threads)
                #expect(result.exit == .code(0) && document["status"] == .string("done"))
                #expect(document["scored"] == .number(120_000) && document["rejected"] == .number(0))
                outputs.append(contents(ofFile: "\(folder.path)/scores.csv"))
            }
            #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
            let text = String(decoding: outputs[0], as: UTF8.self).split(separator: "\n")
            #expect(text.count == 120_001 && text[0] == "id,probability,churn")
            #expect(text[1].hasPrefix("customer-0,0.") && text[120_000].hasPrefix("customer-119999,0."))
        }

        @Test func `bad lines are set aside, and too many of them leave no file`() throws {
            var lines = ["id,visits,amount"]
            for row in 0..<300 { lines.append(row == 41 ? "c41,x,1" : "c\(row),\(row % 31),2") }
            try write(Array(lines.joined(separator: "\n").utf8), toFile: "\(folder.path)/new.csv")
            let (result, document) = try score("new.csv")
            #expect(result.exit == .code(0) && document["scored"] == .number(299))
            #expect(document["rejects_file"] == .string("\(folder.path)/new.csv.rejects"))
            let rejects = text(ofFile: "\(folder.path)/new.csv.rejects").split(separator: "\n")
            #expect(rejects.count == 2 && rejects[1].hasSuffix(",43,\"visits is no number\",\"c41,x,1\""))

            try write(Array("id,visits,amount\na,1,2\nb,x,2\n".utf8), toFile: "\(folder.path)/bad.csv")
            let before = contents(ofFile: "\(folder.path)/scores.csv")
            let (refused, failure) = try score("bad.csv")
            #expect(refused.exit == .code(65) && failure["error"]?["code"] == .string("too_many_rejects"))
            #expect(contents(ofFile: "\(folder.path)/scores.csv") == before)
        }

        @Test func `with a capacity exactly the highest losses are churn, and the table is read twice`() throws {
            var lines = ["id,purchase_frequency,average_check,left"]
            for row in 0..<400 {
                lines.append("c\(row),\(row % 7),\(row % 23 + 5).5,\((row * 7) % 17 < row % 11 ? "yes" : "no")")
            }
            try write(Array(lines.joined(separator: "\n").utf8), toFile: "\(folder.path)/spending.csv")
            let capacity = "\(folder.path)/capacity.json"
            let train = try runCommand([
                churnBinary(), "train", "--csv", "\(folder.path)/spending.csv", "--label", "left", "--positive", "yes",
                "--id", "id", "--l2", "0.01", "--threshold", "capacity=37", "--output", capacity,
            ])
            try #require(train.exit == .code(0), "\(train.errors)")
            let (result, document) = try score("spending.csv", by: capacity, "--threads", "3")
            #expect(result.exit == .code(0) && document["churn"] == .number(37) && document["scored"] == .number(400))
            let scores = text(ofFile: "\(folder.path)/scores.csv").split(separator: "\n").dropFirst()
            let ranked = scores.enumerated().map { row, line in
                let fields = line.split(separator: ",")
                return (
                    loss: (Double(fields[1]) ?? -1) * (Double(row % 7) * (Double(row % 23) + 5.5)), id: fields[0],
                    isChurn: fields[2] == "true"
                )
            }.sorted { ($1.loss, $0.id) < ($0.loss, $1.id) }
            #expect(ranked.prefix(37).allSatisfy(\.isChurn) && !ranked.dropFirst(37).contains { $0.isChurn })
            let piped = try runCommand([
                churnBinary(), "score", "--csv", "-", "--model", capacity, "--output", "\(folder.path)/none.csv",
            ])
            #expect(piped.exit == .code(64) && piped.errors.contains("give a file"))
        }

        @Test func `a table without a feature's column is refused by name`() throws {
            try write(Array("id,visits\na,1\n".utf8), toFile: "\(folder.path)/short.csv")
            let (result, failure) = try score("short.csv")
            #expect(
                result.exit == .code(65) && failure["error"]?["message"]?.string?.contains("no column amount") == true)
        }
    }
}
