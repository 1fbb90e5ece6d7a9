import Churn
import Testing

/// Which batches of a pool keep their memory.
@Suite struct FreePlacesTests {
    @Test func `after a burst a few places keep their memory, and those are taken first`() {
        var free = FreePlaces(count: 10, warmMax: 3)
        var used: [Int] = []
        while let place = free.take() { used.append(place) }
        #expect(used.sorted() == Array(0..<10))
        var kept: Set<Int> = []
        for place in used where free.giveBack(place) { kept.insert(place) }
        #expect(kept.count == 3)
        var again: [Int] = []
        while let place = free.take() { again.append(place) }
        #expect(Set(again[..<3]) == kept)
        #expect(again.sorted() == Array(0..<10))
        #expect(free.isEmpty)
    }

    @Test func `those in daily use never lose theirs`() {
        var free = FreePlaces(count: 10, warmMax: 3)
        var used = [free.take(), free.take()]
        for _ in 0..<20 {
            used.append(free.take())
            #expect(used.allSatisfy { $0.map { $0 <= 2 } == true })
            let keepsMemory = free.giveBack(used.removeFirst() ?? -1)
            #expect(keepsMemory)
        }
    }
}
