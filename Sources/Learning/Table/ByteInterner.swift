import Bytes

/// Numbers for strings of bytes, by first appearance: open addressing over one stretch of memory.
///
/// A dictionary of arrays would take a hundred bytes a string, and a table has as many as rows.
struct ByteInterner: Sendable {
    private var bytes: [UInt8] = []
    /// Where each string ends.
    private var ends: [Int] = []
    /// Number + 1, or 0 where nothing is; a power of two, at most half full.
    private var slots = [Int32](repeating: 0, count: 64)

    var count: Int { ends.count }

    /// The number of `text`, a new one if it has none.
    mutating func number(of text: Span<UInt8>) -> Int32 {
        let slot = self.slot(of: text)
        if slots[slot] != 0 { return slots[slot] - 1 }
        for offset in 0..<text.count { bytes.append(text[offset]) }
        ends.append(bytes.count)
        slots[slot] = Int32(ends.count)
        if ends.count * 2 > slots.count { grow() }
        return Int32(ends.count) - 1
    }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    /// Where `text` is or belongs.
    private func slot(of text: Span<UInt8>) -> Int {
        var slot = Int(NameTable.hash(text, 0)) & (slots.count - 1)
        while slots[slot] != 0 {
            let range = range(Int(slots[slot]) - 1)
            if range.count == text.count, bytes.span.equals(range, text) { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        for number in ends.indices {
            var slot = Int(NameTable.hash(bytes.span.extracting(range(number)), 0)) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number) + 1
        }
    }
}
