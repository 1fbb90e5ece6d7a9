import Bytes
import HTTP
import Server

/// A problem document that is the same for everybody, rendered once a second and not once a request.
///
/// Under overload a refusal is half of all that leaves, and what it costs is taken from what could be stored.
struct StandingAnswer: ~Copyable {
    private struct Text: ~Copyable {
        var second = Int.min
        var bytes = ByteBuffer(capacity: 512)
    }

    private let problem: Problem
    private var open = Text()
    /// The one that says `Connection: close`.
    private var closing = Text()

    /// - Parameter problem: of a route that does not take HEAD.
    init(_ problem: Problem) { self.problem = problem }

    mutating func answer(_ ticket: Ticket, _ loop: inout Loop) {
        if ticket.closes {
            Self.answer(ticket, problem, &closing, &loop)
        } else {
            Self.answer(ticket, problem, &open, &loop)
        }
    }

    private static func answer(_ ticket: Ticket, _ problem: Problem, _ text: inout Text, _ loop: inout Loop) {
        let second = loop.wallMicroseconds / 1_000_000
        if text.second != second {
            text.second = second
            text.bytes.removeAll()
            problem.write(ticket, DateCache(loop), into: &text.bytes)
        }
        loop.answer(ticket, text.bytes, 0..<text.bytes.count)
    }
}
