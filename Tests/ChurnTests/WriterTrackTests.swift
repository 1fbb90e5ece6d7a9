import Churn
import TestSupport
import Testing

/// The mark of a writer never passes a row that Kafka has not acknowledged.
struct WriterTrackTests {
    private func track() -> WriterTrack { WriterTrack(1, .worker(0), mark: id(100)) }

    @Test func `the mark is contiguous, whatever order acknowledgements come in`() {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        for round in 0..<200 {
            let track = track()
            var numbers: [(number: UInt32, id: Int)] = []
            for row in 1...50 {
                numbers.append((track.nextNumber, 100 + row))
                track.enqueue(id(100 + row), messages: 1)
            }
            var acknowledged: Set<Int> = []
            for entry in numbers.shuffled(using: &random) {
                _ = track.acknowledge(entry.number)
                acknowledged.insert(entry.id)
                let expected = (101...150).first { !acknowledged.contains($0) }.map { $0 - 1 } ?? 150
                #expect(track.mark == id(expected), "round \(round) of seed \(seed)")
            }
            #expect(track.isQuiet)
        }
    }

    @Test func `a row with two messages waits for both`() {
        let track = track()
        let number = track.nextNumber
        track.enqueue(id(101), messages: 2)
        let moved1 = track.acknowledge(number)
        #expect(moved1 == 0 && track.mark == id(100))
        let moved2 = track.acknowledge(number)
        #expect(moved2 == 1 && track.mark == id(101))
    }

    @Test func `a row of the table is not sent before its worker has told of it`() {
        let track = track()
        track.fallBehind()
        track.examine(upTo: id(110))
        // 105 is committed behind what was read, and 120 after it, before either was told of.
        #expect(!track.isKnown(id(120)))
        track.tell(upTo: id(105))
        track.rewind(before: id(105))
        #expect(track.examined < id(105) && track.isKnown(id(105)) && !track.isKnown(id(120)))
        track.tell(upTo: id(120))
        #expect(track.isKnown(id(120)))
        #expect(WriterTrack(1, .table(resent: 0), mark: id(100)).isKnown(id(120)))
    }

    @Test func `a row that is acknowledged before it is counted does not wait for ever`() {
        let track = track()
        for row in 1...2 {
            let number = track.nextNumber
            track.enqueue(id(100 + row), messages: 1)
            _ = track.acknowledge(number)
        }
        track.pendingRows += 2
        #expect(track.pendingRows == 0)
    }

    @Test func `acknowledgements from before a new start count for nothing`() {
        let track = track()
        let old = (0..<3).map { row in
            defer { track.enqueue(id(101 + row), messages: 1) }
            return track.nextNumber
        }
        _ = track.acknowledge(old[0])
        track.startOver()
        #expect(track.isBehind && track.examined == id(101) && track.enqueued == id(101) && track.furthest == id(103))
        let moved3 = track.acknowledge(old[2])
        #expect(moved3 == 0 && track.mark == id(101))
        let again = track.nextNumber
        track.enqueue(id(102), messages: 1)
        let moved4 = track.acknowledge(old[1])
        #expect(moved4 == 0 && track.mark == id(101))
        let moved5 = track.acknowledge(again)
        #expect(moved5 == 1 && track.mark == id(102))
    }

    @Test func `rows that commit behind what was read are read again`() {
        let track = track()
        track.fallBehind()
        track.examine(upTo: id(500))
        track.rewind(before: id(300))
        #expect(track.examined == PredictionID(bits: id(300).bits - 1))
        track.examine(upTo: id(500))
        track.enqueue(id(400), messages: 1)
        track.rewind(before: id(300))
        #expect(track.examined == id(400), "what Kafka was given is not given again")
        track.readAgain()
        #expect(track.examined == id(400))
    }

    @Test func `a long life keeps little`() {
        let track = track()
        for row in 1...100_000 {
            let number = track.nextNumber
            track.enqueue(id(100 + row), messages: 1)
            _ = track.acknowledge(number)
        }
        #expect(track.mark == id(100_100) && track.isQuiet)
    }
}
