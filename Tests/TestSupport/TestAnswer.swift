/// A response as it came over the wire.
package struct TestAnswer: Sendable {
    package let status: Int
    package let fields: [Field]
    package let body: [UInt8]

    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    /// The only value of a field, nil when it is absent; a field that comes twice is a fault of the server.
    package func header(_ name: String) -> String? {
        let found = fields.filter { $0.name.lowercased() == name.lowercased() }
        precondition(found.count <= 1, "\(name) came \(found.count) times")
        return found.first?.value
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads the head of a response, up to and without its empty line.
    package init?(head: some Collection<UInt8>, body: [UInt8]) {
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.removeFirst().split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", words[1].utf8.count == 3, let status = Int(words[1]) else {
            return nil
        }
        var fields: [Field] = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), line.startIndex < colon else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append(Field(name: String(line[..<colon]), value: String(value)))
        }
        self.status = status
        self.fields = fields
        self.body = body
    }

    func with(body: [UInt8]) -> TestAnswer { TestAnswer(status: status, fields: fields, body: body) }

    private init(status: Int, fields: [Field], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
