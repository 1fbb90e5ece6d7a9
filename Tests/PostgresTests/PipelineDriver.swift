import Glibc
import Postgres
import TestSupport

/// Does for one pipeline what a worker's loop does, and writes down what comes back.
struct PipelineDriver: ~Copyable {
    var pipeline: Pipeline
    /// What came back, a line each.
    var lines: [String] = []
    /// How often the socket would not take all that was queued.
    var blockedWrites = 0
    /// What to do with rows.
    var rows: (borrowing QueryResult) -> String = { "rows \($0.rowCount)" }

    init(_ pipeline: consuming Pipeline) { self.pipeline = pipeline }

    /// Waits for the results of all batches that were sent, or for the loss.
    ///
    /// - Returns: what came back since the last call.
    mutating func settle() throws -> [String] {
        var wantsWrite = pipeline.flush()
        let deadline = monotonicSeconds() + 20
        while true {
            while let event = pipeline.nextEvent() {
                note(event)
                if lines.count > 1000 { throw Stuck(lines: lines.suffix(10)) }
            }
            if pipeline.isLost || pipeline.batchesOutstanding == 0 { break }
            guard monotonicSeconds() < deadline else { throw Stuck(lines: lines) }
            if wantsWrite { blockedWrites += 1 }
            var entry = pollfd(fd: pipeline.socket, events: Int16(wantsWrite ? POLLIN | POLLOUT : POLLIN), revents: 0)
            guard unsafe poll(&entry, 1, 20_000) == 1 else { throw Stuck(lines: lines) }
            if CInt(entry.revents) & (POLLIN | POLLHUP | POLLERR) != 0 { pipeline.consume() }
            wantsWrite = pipeline.flush()
        }
        defer { lines = [] }
        return lines
    }

    private mutating func note(_ event: consuming PipelineEvent) {
        switch consume event {
        case .completed(let count): lines.append("completed \(count)")
        case .rows(let result): lines.append(rows(result))
        case .failed(let error): lines.append("failed \(error)")
        case .skipped: lines.append("skipped")
        case .synced(.committed): lines.append("committed")
        case .synced(.refused(let error)): lines.append("refused \(error)")
        case .synced(.unknown): lines.append("unknown")
        case .lost(let error): lines.append("lost \(error)")
        }
    }
}

/// Nothing came for too long, or too much.
struct Stuck: Error {
    let lines: [String]
}
