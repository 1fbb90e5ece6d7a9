import Bytes
import HTTP
import Linux
import Server
import Synchronization

/// What a test can see of the service while it runs.
final class Record: Sendable {
    let served = Atomic<Int>(0)
    let held = Atomic<Int>(0)
    let ticks = Atomic<Int>(0)
    let statistics = Mutex(LoopStatistics())
    let connections = Atomic<Int>(0)
    let isSaturated = Atomic<Bool>(false)
    let isHeldUp = Atomic<Bool>(false)
    /// How often the worker has stood still.
    let holdUps = Atomic<Int>(0)
    /// What was served or refused, in that order.
    let visits = Mutex<[Visit]>([])
    /// What refused requests had asked for: method and path.
    let refused = Mutex<[String]>([])
}

/// A request that was served or refused.
struct Visit: Sendable {
    /// Its target, or the rule that it broke.
    let text: String
    /// In which turn of the loop.
    let turn: Int
    /// How many clients were connected then.
    let connections: Int
    /// How many ticks had been.
    let ticks: Int
}

/// Answers with the target, or with the body where there is one.
///
/// - `/hold…` waits for `.release`.
/// - `/large…` answers with 100,000 bytes more, `/hold/huge…` with ten million.
/// - `/shared…` answers like `/large…`, with bytes that all such answers have in common.
/// - `/refuse…` is refused before its body is read.
/// - `/wake` answers with how often the worker woke up.
struct EchoService: Service {
    enum Message: Sendable {
        /// Answers what is held, at the end of the wake or at once.
        case release(lastFirst: Bool, atOnce: Bool = false)
        case watch(CInt)
        case announceClose
        case drain(deadline: Int)
        case saturate(Bool)
        /// Does what `after` says, then nothing until this descriptor can be read.
        indirect case holdUp(untilReadable: CInt, after: Message?)
    }

    static let shared = SharedBytes(Array(repeating: 0x2E, count: 100_000))

    let record: Record
    private var held: [(ticket: Ticket, text: [UInt8])] = []

    init(_ record: Record) { self.record = record }

    mutating func serve(
        _ head: RequestHead, body: Range<Int>, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop
    ) {
        record.served.add(1, ordering: .relaxed)
        let target = bytes.text(head.target)
        visit(target, loop)
        var text = Array((body.isEmpty ? target : bytes.text(body)).utf8)
        if target == "/wake" { text = Array(String(loop.statistics.wakes).utf8) }
        if target.hasPrefix("/large") { text += [UInt8](repeating: 0x2E, count: 100_000) }
        if target.hasPrefix("/hold/huge") { text += [UInt8](repeating: 0x2E, count: 10_000_000) }
        if target.hasPrefix("/shared") {
            share(text, ticket, &loop)
        } else if target.hasPrefix("/hold") {
            held.append((ticket, text))
            record.held.store(held.count, ordering: .relaxed)
        } else {
            answer(.ok, text, ticket, &loop)
        }
    }

    mutating func admit(
        _ head: RequestHead, of bytes: borrowing ByteBuffer, _ ticket: Ticket, _ loop: inout Loop
    ) -> Bool {
        guard bytes.text(head.path).hasPrefix("/refuse") else { return true }
        answer(.serviceUnavailable, Array("refused".utf8), ticket, &loop)
        return false
    }

    mutating func refuse(
        _ error: RequestError, _ line: RefusedLine, of bytes: borrowing ByteBuffer, _ ticket: Ticket,
        _ loop: inout Loop
    ) {
        visit(error.rule.rawValue, loop)
        let method = line.method.map { "\($0.name)" } ?? "other"
        let path = line.path.map { bytes.text($0) } ?? "other"
        record.refused.withLock { $0.append("\(method) \(path)") }
        answer(error.status, Array(error.rule.rawValue.utf8), ticket, &loop)
    }

    mutating func turnAway(
        _ shortage: Shortage, _ ticket: Ticket, into output: inout ByteBuffer, _ loop: borrowing Loop
    ) {
        let date = DateCache(secondsSince1970: loop.wallMicroseconds / 1_000_000)
        var encoder = ResponseEncoder(.serviceUnavailable, closes: ticket.closes, date: date, into: &output)
        encoder.beginBody(.text, into: &output)
        output.append("one too many")
        encoder.end(isHead: ticket.isHead, into: &output)
    }

    mutating func receive(_ message: Message, _ loop: inout Loop) {
        switch message {
        case .release(let lastFirst, let atOnce): release(lastFirst: lastFirst, atOnce: atOnce, &loop)
        case .watch(let number): loop.watch(number, source: 7, readable: true, writable: false)
        case .announceClose: loop.announceClose()
        case .drain(let deadline): loop.beginDrain(deadline: deadline)
        case .saturate(let isSaturated): record.isSaturated.store(isSaturated, ordering: .relaxed)
        case .holdUp(let number, let message):
            if let message { receive(message, &loop) }
            record.isHeldUp.store(true, ordering: .releasing)
            record.holdUps.add(1, ordering: .releasing)
            Poller.wait(forEither: number, -1, timeoutMilliseconds: 60_000)
            record.isHeldUp.store(false, ordering: .releasing)
        }
    }

    mutating func descriptorIsReady(_ source: UInt32, readable: Bool, writable: Bool, _ loop: inout Loop) {
        precondition(source == 7 && readable && !writable)
        release(lastFirst: true, atOnce: false, &loop)
    }

    mutating func isSaturated(_ loop: borrowing Loop) -> Bool { record.isSaturated.load(ordering: .relaxed) }

    mutating func tick(_ loop: inout Loop) {
        record.statistics.withLock { $0 = loop.statistics }
        record.connections.store(loop.connectionCount, ordering: .relaxed)
        record.ticks.add(1, ordering: .relaxed)
    }

    private func visit(_ text: String, _ loop: borrowing Loop) {
        let visit = Visit(
            text: text, turn: loop.statistics.wakes, connections: loop.connectionCount,
            ticks: record.ticks.load(ordering: .relaxed))
        record.visits.withLock { $0.append(visit) }
    }

    private mutating func release(lastFirst: Bool, atOnce: Bool, _ loop: inout Loop) {
        for waiting in lastFirst ? held.reversed() : held {
            answer(.ok, waiting.text, waiting.ticket, atOnce: atOnce, &loop)
            answer(.ok, Array("a second answer".utf8), waiting.ticket, atOnce: atOnce, &loop)
        }
        held = []
        record.held.store(0, ordering: .relaxed)
    }

    private func share(_ text: [UInt8], _ ticket: Ticket, _ loop: inout Loop) {
        var output = ByteBuffer()
        let date = DateCache(secondsSince1970: loop.wallMicroseconds / 1_000_000)
        var encoder = ResponseEncoder(.ok, closes: ticket.closes, date: date, into: &output)
        encoder.endHead(.text, bodyCount: text.count + Self.shared.count, into: &output)
        output.append(text)
        loop.answer(ticket, output, 0..<output.count, Self.shared)
    }

    private func answer(
        _ status: Status, _ text: [UInt8], _ ticket: Ticket, atOnce: Bool = false, _ loop: inout Loop
    ) {
        var output = ByteBuffer()
        var encoder = ResponseEncoder(
            status, closes: ticket.closes, date: DateCache(secondsSince1970: loop.wallMicroseconds / 1_000_000),
            into: &output)
        encoder.beginBody(.text, into: &output)
        output.append(text)
        encoder.end(isHead: ticket.isHead, into: &output)
        if atOnce {
            loop.answerAtOnce(ticket, output, 0..<output.count)
        } else {
            loop.answer(ticket, output, 0..<output.count)
        }
    }
}
