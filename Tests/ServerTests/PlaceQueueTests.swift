import Server
import TestSupport
import Testing

@Suite struct PlaceQueueTests {
    @Test(arguments: [1, 3, 64])
    func `it gives what an array gives, at both ends, however it grows`(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        var queue = PlaceQueue(capacity: capacity)
        var expected: [Int] = []
        for number in 0..<20_000 {
            switch Int.random(in: 0..<(number % 4_000 < 1_500 ? 3 : 5), using: &random) {
            case 0, 1, 2:
                queue.append(number)
                expected.append(number)
            case 3: #expect(queue.popFirst() == (expected.isEmpty ? nil : expected.removeFirst()))
            default: #expect(queue.popLast() == expected.popLast())
            }
            #expect(queue.count == expected.count && queue.isEmpty == expected.isEmpty)
        }
        while let place = expected.first {
            expected.removeFirst()
            #expect(queue.popFirst() == place)
        }
        #expect(queue.popFirst() == nil && queue.popLast() == nil)
    }
}
