import Bytes

/// Names that are looked up by their bytes, without allocation: open addressing over FNV-1a.
///
/// Names live in groups (all features are one group, the levels of each category another), so that one table serves all.
struct NameTable: Sendable {
    private struct Entry {
        var start: Int32
        var end: Int32
        var group: Int32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Entry + 1, or 0 where nothing is; a power of two, at most half full.
    private var slots: [Int32]

    /// - Parameter groups: the names of each group; within a group no name appears twice.
    init(_ groups: [[String]]) {
        let count = groups.reduce(0) { $0 + $1.count }
        var size = 4
        while size < count * 2 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        for (group, names) in groups.enumerated() {
            for name in names {
                let start = bytes.count
                bytes.append(contentsOf: name.utf8)
                entries.append(Entry(start: Int32(start), end: Int32(bytes.count), group: Int32(group)))
                insert(Int32(entries.count), hash: Self.hash(Array(name.utf8).span, group))
            }
        }
    }

    private mutating func insert(_ entry: Int32, hash: UInt32) {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    /// The place of `name` among all names, groups in order; nil when `group` has no such name.
    ///
    /// - Parameter hint: where the name probably is, tried first: callers mostly send features in schema order.
    func index(of name: Span<UInt8>, group: Int, hint: Int) -> Int? {
        if hint >= 0, hint < entries.count, matches(hint, name, group) { return hint }
        var slot = Int(Self.hash(name, group)) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = Int(slots[slot]) - 1
            if matches(entry, name, group) { return entry }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func matches(_ index: Int, _ name: Span<UInt8>, _ group: Int) -> Bool {
        let entry = entries[index]
        let start = Int(entry.start)
        guard Int(entry.group) == group, Int(entry.end) - start == name.count else { return false }
        return bytes.span.equals(start..<start + name.count, name)
    }

    static func hash(_ name: Span<UInt8>, _ group: Int) -> UInt32 {
        var hash = 0x811C_9DC5 ^ UInt32(truncatingIfNeeded: group) &* 0x9E37_79B9
        for offset in 0..<name.count { hash = (hash ^ UInt32(name[offset])) &* 0x0100_0193 }
        return hash ^ hash >> 15
    }
}
