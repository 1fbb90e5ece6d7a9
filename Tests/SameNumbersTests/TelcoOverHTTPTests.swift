import JSON
import Learning
import TestSupport
import Testing

/// One function turns raw inputs into a probability, for training and for serving: the proof of it.
@Suite(.disabled(if: telco.isEmpty, "the folder shared/data is not beside the package"))
struct TelcoOverHTTPTests {
    @Test func `every row has the same probability offline and over HTTP, bit for bit`() throws {
        let folder = try TemporaryFolder("churn-telco", mode: 0o755)
        let (csv, modelFile) = (folder.path + "/telco.csv", folder.path + "/model.json")
        try write(telco, toFile: csv)
        _ = try output(
            of: [
                churnBinary(), "train", "--csv", csv, "--label", "Churn", "--positive", "Yes", "--id", "customerID",
                "--missing", "TotalCharges=zero", "--l2", "1e-4", "--output", modelFile,
            ], directory: folder.path, within: 120)

        let offline = try offlineProbabilities(modelFile)
        try #require(offline.count == 7_043)
        let service = try ServiceProcess(
            databaseURL: TemporaryPostgres.shared.makeDatabase(), model: modelFile, workers: 1)
        try service.waitUntilReady()
        let client = try service.client()
        let bodies = instances()
        var differing = 0
        for start in stride(from: 0, to: bodies.count, by: 1_000) {
            let part = bodies[start..<min(start + 1_000, bodies.count)]
            let answer = try client.post(
                "/predict?record=false", #"{"instances":[\#(part.joined(separator: ","))]}"#)
            try #require(answer.status == 200, "\(answer.text.prefix(1_000))")
            let predictions = try #require(JSONValue(parsing: answer.body.span)["predictions"]?.elements)
            try #require(predictions.count == part.count)
            for (row, prediction) in zip(start..., predictions) {
                let online = try #require(prediction["probability"]?.number)
                if online.bitPattern != offline[row].bitPattern { differing += 1 }
            }
        }
        #expect(differing == 0)
        #expect(try service.terminate() == .code(0))
    }

    /// What the model's file says of each row of the table, without a service.
    private func offlineProbabilities(_ modelFile: String) throws -> [Double] {
        let model = try ModelFile(reading: contents(ofFile: modelFile)).model
        let layout = CSVLayout(label: "Churn", positive: "Yes", id: "customerID")
        let table = try RawTable(csv: telco.span, layout)
        return model.probabilities(EncodedTable(table, model.schema), rows: Array(0..<Int32(table.count)))
    }

    /// Each row as a caller would send it: the text of the table, numbers bare and words in quotes.
    private func instances() -> [String] {
        let lines = String(decoding: telco, as: UTF8.self).split(whereSeparator: \.isNewline)
        let names = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let features = zip(names, cells).filter { $0.0 != "customerID" && $0.0 != "Churn" }
                .map { name, cell in "\"\(name)\":\(value(cell))" }
            return #"{"customer_id":"\#(cells[0])","features":{\#(features.joined(separator: ","))}}"#
        }
    }

    private func value(_ cell: String) -> String {
        if cell.allSatisfy({ $0 == " " }) { return "null" }
        return Double(cell) == nil ? "\"\(cell)\"" : cell
    }
}

/// The Telco table from the folder `shared/data` beside the package, or beside a folder that holds it.
///
/// Empty where it is not at hand.
private let telco: [UInt8] = {
    var folder = repositoryFolder.split(separator: "/")
    while folder.popLast() != nil {
        let found = contents(ofFile: "/" + (folder + ["shared", "data", "telco.csv"]).joined(separator: "/"))
        if !found.isEmpty { return found }
    }
    return []
}()
