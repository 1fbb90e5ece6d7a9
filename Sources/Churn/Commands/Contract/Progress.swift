import Bytes
import Glibc
import Linux
import Synchronization

/// A line on standard error that tells a person how far a command is; silent in a pipe and with `--quiet`.
package struct Progress: ~Copyable {
    private let label: String
    private let isShown: Bool
    private var nextNanoseconds = 0
    private var isDrawn = false

    package init(_ label: String, isQuiet: Bool) {
        self.label = label
        isShown = !isQuiet && isatty(STDERR_FILENO) == 1
    }

    /// Says that `done` of `total` is over, at most ten times a second; without a total it counts.
    package mutating func update(_ done: Int, of total: Int? = nil, unit: String = "") {
        guard isShown else { return }
        let now = Clock.monotonicNanoseconds()
        guard now >= nextNanoseconds else { return }
        nextNanoseconds = now + 100_000_000
        isDrawn = true
        guard let total, total > 0 else { return draw("\(label)  \(done) \(unit)") }
        let share = min(max(Double(done) / Double(total), 0), 1)
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        draw("\(label)  \(bar) \(Int(share * 100)) %")
    }

    /// Takes the line away: what comes next begins on an empty one.
    package mutating func finish() {
        if isDrawn { draw("") }
        isDrawn = false
    }

    deinit { if isDrawn { Self.write("\r\u{1B}[K") } }

    /// Goes back to the start of the line and clears it first (ECMA-48: EL).
    private func draw(_ text: String) { Self.write("\r\u{1B}[K" + text) }

    private static func write(_ text: String) {
        var buffer = ByteBuffer(capacity: 128)
        buffer.append(text: text)
        _ = unsafe buffer.withUnsafeBytes { bytes in
            unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress!, bytes.count)
        }
    }
}

/// Progress that is told from inside a computation, on whatever thread; its line goes with it.
final class SharedProgress: Sendable {
    private let progress: Mutex<Progress>

    init(_ label: String, isQuiet: Bool) { progress = Mutex(Progress(label, isQuiet: isQuiet)) }

    func update(_ done: Int, of total: Int) { progress.withLock { $0.update(done, of: total) } }
}
