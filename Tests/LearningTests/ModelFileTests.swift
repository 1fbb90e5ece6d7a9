import JSON
import Learning
import Testing

struct ModelFileTests {
    private let file: ModelFile

    init() throws { file = try SampleData.train().file }

    @Test func `a file that is read is the file that was written`() throws {
        let read = try ModelFile(reading: file.bytes)
        #expect(read.contents == file.contents)
        #expect(read.version == file.version && read.sha256 == file.sha256 && read.bytes == file.bytes)
        #expect(read.version.count == 12 && read.sha256.hasPrefix(read.version))
        #expect(ModelFile(read.contents).bytes == file.bytes)
    }

    @Test func `the same training gives the same bytes, another seed others`() throws {
        #expect(try SampleData.train().file.bytes == file.bytes)
        var contents = file.contents
        contents.seed = 2
        #expect(ModelFile(contents).version != file.version)
    }

    @Test func `a file cut anywhere is refused`() {
        for count in Array(0..<200) + Array(stride(from: 200, to: file.bytes.count, by: 97)) + [file.bytes.count - 1] {
            #expect(throws: ModelFileError.self, "cut to \(count)") {
                try ModelFile(reading: Array(file.bytes[..<count]))
            }
        }
    }

    @Test func `a flipped bit anywhere is refused`() {
        for offset in Array(0..<120) + Array(stride(from: 120, to: file.bytes.count, by: 211)) {
            var bytes = file.bytes
            bytes[offset] ^= UInt8(1 << (offset % 8))
            #expect(throws: ModelFileError.self, "bit \(offset % 8) of byte \(offset)") {
                try ModelFile(reading: bytes)
            }
        }
    }

    /// The file with `text` for the first `original` behind the checksum, sealed anew.
    private func replacing(_ original: String, _ text: String) throws -> [UInt8] {
        let whole = String(decoding: file.bytes, as: UTF8.self)
        let body = whole.drop { $0 != "\n" }.dropFirst()
        let start = try #require(body.firstRange(of: original), "\(original) is in the file")
        return ModelFile.sealed(Array((body[..<start.lowerBound] + text + body[start.upperBound...]).utf8))
    }

    @Test func `sealing anew alone changes nothing`() throws {
        #expect(try replacing("\"seed\":1", "\"seed\":1") == file.bytes)
    }

    @Test(arguments: [
        ("\"format\":\"churn-model\"", "\"format\":\"other\"", "has format other"),
        ("\"format_version\":2", "\"format_version\":3", "has format_version 3"),
        ("\"model\":\"logistic\"", "\"model\":\"trees\"", "has model trees"),
        ("\"seed\":1", "\"seed\":1.5", "seed is not a count"),
        ("\"seed\":1", "\"seed\":1,\"sed\":1", "sed is not a member"),
        ("\"seed\":1,", "", "seed is missing"),
        ("\"seed\":1", "\"seed\":1,\"seed\":1", "is not JSON"),
        ("\"rule\":\"f1\"", "\"rule\":\"f2\"", "threshold.rule is none"),
        ("\"medium\":", "\"medium\":1,\"was\":", "threshold.medium is above"),
        ("\"missing\":\"mean\"", "\"missing\":\"level\"", "features[0].missing is level"),
        ("\"levels\":[\"basic\"", "\"levels\":[\"gold\"", "levels names one twice"),
        ("\"levels\":[\"basic\",", "\"levels\":[", "weights and shares are not one for each level"),
        ("\"name\":\"age\"", "\"name\":\"visits\"", "two have one name"),
        ("\"type\":\"number\"", "\"type\":\"date\"", "features[0].type is neither"),
        ("\"intercept\":", "\"intercept\":NaN,\"was\":", "is not JSON"),
        ("\"intercept\":", "\"intercept\":1e999,\"was\":", "is not JSON"),
        ("\"intercept\":", "\"intercept\":7,\"was\":", "base is not the logit"),
        ("\"weight\":", "\"weight\":null,\"was\":", "weight is not a number"),
        ("\"median\":", "\"median\":-1,\"was\":", "are not in order"),
        ("\"converged\":true", "\"converged\":false", "solver.converged is false"),
        ("\"kind\":\"none\"", "\"kind\":\"platt\"", "calibration.kind does not fit"),
    ]) func `a wrong member is refused with its name`(original: String, text: String, reason: String) throws {
        let bytes = try replacing(original, text)
        let error = #expect(throws: ModelFileError.self) { try ModelFile(reading: bytes) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "read")")
    }

    @Test func `a file of the first format is read, without what that did not know`() throws {
        var text = String(decoding: file.bytes, as: UTF8.self).drop { $0 != "\n" }.dropFirst()
        for (new, old) in [
            ("\"format_version\":2", "\"format_version\":1"), (",\"capacity\":null", ""), ("\"costs\":null,\n", ""),
        ] {
            let place = try #require(text.firstRange(of: new), "\(new) is in the file")
            text.replaceSubrange(place, with: old)
        }
        let start = try #require(text.firstRange(of: "\"inference\":")).lowerBound
        let end = try #require(text.firstRange(of: "\"calibration\":{")).lowerBound
        text.removeSubrange(start..<end)
        var expected = file.contents
        expected.inference = nil
        let old = try ModelFile(reading: ModelFile.sealed(Array(text.utf8)))
        #expect(old.contents == expected && old.version != file.version)
    }

    @Test func `a golden row that does not come out is refused with both numbers`() throws {
        let probability = try #require(file.contents.golden.first).probability
        let bytes = try replacing("\"probability\":\(probability)", "\"probability\":\(probability + 1e-11)")
        #expect(throws: ModelFileError.golden(row: 1, expected: probability + 1e-11, found: probability)) {
            try ModelFile(reading: bytes)
        }
    }

    @Test func `golden rows cover every level, missing and unseen values`() throws {
        #expect(file.contents.golden.count == 16)
        let inputs = file.contents.golden.flatMap(\.inputs)
        for level in ["basic", "gold", "silver, \"plus\"", "(unseen)"] { #expect(inputs.contains(.level(level))) }
        #expect(inputs.contains(.missing))
    }

    @Test func `what is no model file at all is refused as such`() {
        for text in ["", "{}", "id,name\n1,2\n", String(repeating: " ", count: 200)] {
            #expect(throws: ModelFileError.notAModelFile) { try ModelFile(reading: Array(text.utf8)) }
        }
    }

    @Test func `the whole file is one JSON object with the version's summary in it`() throws {
        let json = try JSONValue(parsing: file.bytes.span)
        #expect(json["quality"]?["n"]?.integer == 300)
        #expect(json["features"]?.elements?.count == 4)
        #expect(file.summary["version"]?.string == file.version)
        #expect(file.summary["features"] == json["features"])
        #expect(file.summary["curves"] == nil)
    }
}
