import Postgres
import Server

/// A worker's connection to PostgreSQL, or the lack of one, and the loop's watch over its socket.
///
/// What is sent while there is none is a programmer's error.
struct WatchedPipeline: ~Copyable {
    /// What the loop says when there is something to do.
    private let source: UInt32
    private var pipeline: Pipeline?
    /// The socket that the loop watches; libpq closes it by itself when it notices a loss.
    private var socket: CInt = -1
    private var wantsWrite = false

    init(source: UInt32) { self.source = source }

    // MARK: Connection

    mutating func open(_ connection: consuming Pipeline, _ loop: inout Loop) {
        pipeline = consume connection
        wantsWrite = false
        socket = pipeline!.watchedSocket()
        loop.watch(socket, source: source, readable: true, writable: false)
    }

    /// Ends the connection.
    mutating func close(_ loop: inout Loop) {
        // A descriptor that libpq has closed is out of the poller already.
        if pipeline!.holds(socket) { loop.unwatch(socket) }
        pipeline = nil
        socket = -1
    }

    // MARK: Sending

    mutating func send(_ name: StaticString, columns: Span<BinaryArray>, _ scalars: borrowing BinaryParameters) {
        pipeline!.send(name, columns: columns, scalars)
    }

    mutating func send(_ name: StaticString, _ scalars: borrowing BinaryParameters) { pipeline!.send(name, scalars) }

    mutating func send(sql: String, _ scalars: borrowing BinaryParameters) { pipeline!.send(sql: sql, scalars) }

    mutating func sync() { pipeline!.sync() }

    /// Writes what libpq has queued, and watches for room in the socket while something is left.
    mutating func flush(_ loop: inout Loop) {
        let wants = pipeline!.flush()
        // Where libpq has closed the socket there is nothing left to watch; the loss comes as an event.
        guard wants != wantsWrite, pipeline!.holds(socket) else { return }
        wantsWrite = wants
        loop.change(socket, source: source, readable: true, writable: wants)
    }

    // MARK: Results

    /// Takes what the socket has.
    mutating func consume(_ loop: inout Loop) {
        pipeline!.consume()
        flush(&loop)
    }

    /// The next thing that has happened; nil when there is nothing yet.
    mutating func nextEvent() -> PipelineEvent? { pipeline!.nextEvent() }
}
