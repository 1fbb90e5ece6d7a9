import Glibc
import TestSupport

/// What a worker waits for that stands still: a pipe into which something is written once.
final class Gate {
    private var ends: [CInt] = [-1, -1]

    init() throws { guard unsafe pipe(&ends) == 0 else { throw SystemFailure("pipe") } }

    deinit { for end in ends { close(end) } }

    /// Readable once the gate is open.
    var number: CInt { ends[0] }

    func open() throws { guard unsafe write(ends[1], "x", 1) == 1 else { throw SystemFailure("write") } }
}
