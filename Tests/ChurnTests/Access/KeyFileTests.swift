import Churn
import Digest
import TestSupport
import Testing

/// The file of the keys: what it takes, what it refuses, and that it never shows what is in it.
struct KeyFileTests {
    private let digest = String(repeating: "0123456789abcdef", count: 4)

    @Test func `a line is written as it was read`() throws {
        let line =
            "1f2e3d4c \(digest) name=crm scopes=predict,read rate=600/min expires=2027-01-01T00:00:00Z "
            + "created=2026-11-26T01:02:03Z revoked=2026-12-01T00:00:00Z"
        let record = try KeyRecord(line: line)
        #expect(record.line == line)
        #expect(record.rate == KeyRate(count: 600, windowSeconds: 60))
        #expect(record.state(at: 0) == .revoked)
    }

    @Test(arguments: [
        "id", "id x scopes=read", "id DIGEST", "id DIGEST scopes=", "id DIGEST scopes=all", "id DIGEST scopes=read,",
        "id DIGEST scopes=read scopes=read", "id DIGEST scopes=read rate=0", "id DIGEST scopes=read rate=5/d",
        "id DIGEST scopes=read rate=-1", "id DIGEST scopes=read expires=tomorrow", "id DIGEST scopes=read owner=me",
        "i/d DIGEST scopes=read", "id DIGEST scopes=read name=a=b", "id DIGEST0 scopes=read",
        "one DIGEST scopes=read;two DIGEST scopes=read", "id 0DIGEST scopes=read",
    ])
    func `a line that is no good is refused by its number, without a word of it`(line: String) {
        let text = "# a comment\n\n" + line.replacing("DIGEST", with: digest)
        let fault = #expect(throws: KeyRecord.Fault.self) { try KeyFile(text: text) }
        let words = "\(fault!)"
        #expect(words.hasPrefix("line 3: ") || words.hasPrefix("line 4: "))
        #expect(!words.contains(digest.prefix(16)) && !words.contains("tomorrow") && !words.contains("owner"))
    }

    @Test func `two keys have two ids`() {
        let other = String(digest.reversed())
        #expect(throws: KeyRecord.Fault.self) {
            try KeyFile(text: "a \(digest) scopes=read\na \(other) scopes=read")
        }
        #expect(throws: Never.self) { try KeyFile(text: "a \(digest) scopes=read\r\nb \(other) scopes=admin\r\n") }
    }

    @Test func `the written file reads the same`() throws {
        var file = try KeyFile(text: "a \(digest) scopes=read; b \(String(digest.reversed())) scopes=predict rate=5/s")
        #expect(file.revoke("b", at: 1_000_000)?.id == "b")
        #expect(file.revoke("b", at: 2_000_000) == nil)
        #expect(try KeyFile(text: file.text) == file)
    }

    @Test func `a new key is a block of SHA-256 long and never the same`() {
        var random = SystemRandomNumberGenerator()
        let keys = (0..<1000).map { _ in KeyText(using: &random) }
        #expect(Set(keys.map(\.text)).count == 1000)
        #expect(keys.allSatisfy { $0.text.utf8.count == 55 && $0.text.hasPrefix("churn_\($0.id)_") })
        let bytes = Array(keys[0].text.utf8)
        #expect(keys[0].digest == SHA256Digest(of: bytes.span))
    }
}
