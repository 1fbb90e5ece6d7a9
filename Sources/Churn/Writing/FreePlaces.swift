/// The places of a pool that nobody uses.
///
/// A few of them keep their memory, and are taken first. A burst that used all places once leaves no more memory behind than
/// theirs.
package struct FreePlaces: Sendable {
    /// How many keep their memory.
    private let warmMax: Int

    /// The next one last; those that have kept their memory are the last `warm` of them.
    private var places: [Int]
    private var warm = 0

    package init(count: Int, warmMax: Int) {
        self.warmMax = warmMax
        places = Array((0..<count).reversed())
    }

    package var isEmpty: Bool { places.isEmpty }

    /// A place; nil when all are in use.
    package mutating func take() -> Int? {
        warm = max(warm - 1, 0)
        return places.popLast()
    }

    /// Gives a place back.
    ///
    /// - Returns: whether it keeps its memory.
    package mutating func giveBack(_ place: Int) -> Bool {
        guard warm < warmMax else {
            places.insert(place, at: 0)
            return false
        }
        places.append(place)
        warm += 1
        return true
    }
}
