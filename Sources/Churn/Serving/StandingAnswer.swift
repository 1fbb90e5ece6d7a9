import Bytes
import HTTP
import Server

/// A problem document that is the same for everybody, rendered once a second and not once a request.
///
/// Under overload a refusal is half of all that leaves, and what it costs is taken from what could be stored. For the same
/// reason all who get it share its bytes: thousands of clients would each keep memory for a copy otherwise.
struct StandingAnswer: ~Copyable {
    private struct Text {
        var second = Int.min
        var bytes = SharedBytes([])
    }

    private let problem: Problem
    private var open = Text()
    /// The one that says `Connection: close`.
    private var closing = Text()
    private let nothing = ByteBuffer(capacity: 0)

    /// - Parameter problem: of a route that does not take HEAD.
    init(_ problem: Problem) { self.problem = problem }

    mutating func answer(_ ticket: Ticket, _ loop: inout Loop) {
        if ticket.closes {
            Self.render(problem, ticket, loop, into: &closing)
        } else {
            Self.render(problem, ticket, loop, into: &open)
        }
        loop.answer(ticket, nothing, 0..<0, ticket.closes ? closing.bytes : open.bytes)
    }

    private static func render(_ problem: Problem, _ ticket: Ticket, _ loop: borrowing Loop, into text: inout Text) {
        let second = loop.wallMicroseconds / 1_000_000
        if text.second == second { return }
        var output = ByteBuffer(capacity: 512)
        problem.write(ticket, DateCache(loop), into: &output)
        text = Text(second: second, bytes: SharedBytes(output.bytes))
    }
}
