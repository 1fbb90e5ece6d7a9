import Bytes
import Gzip
import Learning

/// Made-up customers as CSV text: what they did, and the truth about them.
struct SimulatedText: Sendable {
    static let eventsHeader = "customer_id,occurred_at,kind,service,amount\n"
    static let truthHeader = "customer_id,level,taste,services,stay,start,fade_start,end\n"

    let simulator: Simulator

    /// Some customers in a row: a part of either file.
    struct Part: Sendable {
        var events: [UInt8]
        var truth: [UInt8]
        var eventCount: Int
    }

    /// The lines of some customers, packed where the file is to be: a gzip file may have several members.
    func part(_ customers: Range<Int>, packsEvents: Bool, packsTruth: Bool, wantsTruth: Bool) -> Part {
        var events = ByteBuffer(capacity: 1 << 16)
        var truth = ByteBuffer(capacity: 1 << 14)
        var count = 0
        for number in customers {
            let history = simulator.history(of: number)
            for event in history.events { append(event, of: number, to: &events) }
            count += history.events.count
            if wantsTruth { append(history, of: number, to: &truth) }
        }
        return Part(
            events: Self.packed(events, packsEvents), truth: Self.packed(truth, packsTruth), eventCount: count)
    }

    /// A piece of a file, which is gzip if its name says so.
    static func packed(_ text: borrowing ByteBuffer, _ isPacked: Bool) -> [UInt8] {
        guard isPacked, !text.isEmpty else { return text.bytes }
        var packed = ByteBuffer(capacity: text.count / 4)
        gzip(text, 0..<text.count, into: &packed, level: 6)
        return packed.bytes
    }

    private func append(_ event: CustomerEvent, of number: Int, to text: inout ByteBuffer) {
        appendName(number, to: &text)
        appendTime(event.second, to: &text)
        text.append(byte: 0x2C)
        text.append(text: event.kind.rawValue)
        text.append(byte: 0x2C)
        if let service = event.service { text.append(text: Simulator.services[service]) }
        text.append(byte: 0x2C)
        if let cents = event.cents {
            text.append(decimal: cents / 100)
            text.append(byte: 0x2E)
            text.append(decimal: cents % 100, width: 2)
        }
        text.append(byte: 0x0A)
    }

    private func append(_ history: CustomerHistory, of number: Int, to text: inout ByteBuffer) {
        for (index, stay) in history.stays.enumerated() {
            appendName(number, to: &text)
            text.append(shortest: history.level)
            text.append(byte: 0x2C)
            text.append(shortest: history.taste)
            text.append(byte: 0x2C)
            text.append(text: history.services.map { Simulator.services[$0] }.joined(separator: " "))
            text.append(byte: 0x2C)
            text.append(decimal: index + 1)
            for time in [stay.start, stay.fadeStart, stay.end] {
                text.append(byte: 0x2C)
                if let time { appendTime(time, to: &text) }
            }
            text.append(byte: 0x0A)
        }
    }

    /// `C-0000017,`: seven digits or more, so that names sort as numbers do.
    private func appendName(_ number: Int, to text: inout ByteBuffer) {
        text.append("C-")
        if number < 10_000_000 { text.append(decimal: number, width: 7) } else { text.append(decimal: number) }
        text.append(byte: 0x2C)
    }

    private func appendTime(_ second: Int, to text: inout ByteBuffer) {
        text.append(time: CivilTime(microsecondsSince1970: second * 1_000_000))
    }
}
