import HTTP
import Testing

@Suite struct MethodTests {
    @Test func `a set has the methods that it was given`() {
        let some: MethodSet = [.get, .patch]
        #expect(Method.allCases.filter { some.contains($0) } == [.get, .patch])
        let all: MethodSet = [.get, .head, .post, .put, .delete, .options, .patch, .trace]
        #expect(Method.allCases.allSatisfy { all.contains($0) })
        #expect(Method.allCases.allSatisfy { !MethodSet().contains($0) })
    }

    @Test func `names`() {
        let names = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]
        #expect(Method.allCases.map { "\($0.name)" } == names)
    }
}
