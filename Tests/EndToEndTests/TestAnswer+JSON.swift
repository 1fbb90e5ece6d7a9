import TestSupport
import Testing

extension TestAnswer {
    /// The body as JSON.
    func json() throws -> Document { try Document(body) }

    /// The pointers of a 422, in the order in which they came.
    func faults() throws -> [String] {
        try #require(status == 422, "\(status) \(text)")
        #expect(header("Content-Type") == "application/problem+json")
        return try #require(json()["errors"]).elements.map { try #require($0["pointer"]?.string) }
    }

    /// Checks that this is a problem document of the status that its own line says.
    func expectProblem(_ expected: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(status == expected, "\(text)", sourceLocation: sourceLocation)
        #expect(header("Content-Type") == "application/problem+json", sourceLocation: sourceLocation)
        #expect(try json()["status"]?.number == Double(expected), sourceLocation: sourceLocation)
        #expect(try json()["title"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    }
}
