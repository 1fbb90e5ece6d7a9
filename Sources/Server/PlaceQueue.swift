/// Places of connections in a line: the first one leaves at the front, the newest one may leave at the back.
///
/// A ring that grows when it is full; nothing is allocated once it has the size that is needed.
package struct PlaceQueue {
    /// Its count is a power of two.
    private var ring: [Int32]
    private var head = 0
    package private(set) var count = 0

    /// - Parameter capacity: how many it takes before it grows.
    package init(capacity: Int = 1) {
        var size = 1
        while size < capacity { size *= 2 }
        ring = Array(repeating: 0, count: size)
    }

    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ place: Int) {
        if count == ring.count { grow() }
        ring[(head &+ count) & (ring.count &- 1)] = Int32(truncatingIfNeeded: place)
        count &+= 1
    }

    package mutating func popFirst() -> Int? {
        if count == 0 { return nil }
        let place = ring[head]
        head = (head &+ 1) & (ring.count &- 1)
        count &-= 1
        return Int(place)
    }

    package mutating func popLast() -> Int? {
        if count == 0 { return nil }
        count &-= 1
        return Int(ring[(head &+ count) & (ring.count &- 1)])
    }

    /// Doubles the room; what stands before the head moves behind the rest.
    private mutating func grow() {
        let before = ring[..<head]
        ring.append(contentsOf: before)
        ring.append(contentsOf: repeatElement(0, count: ring.count - 2 * before.count))
    }
}
