import Bytes
import Server
import TestSupport
import Testing

@Suite struct AnswerQueueTests {
    /// Puts `text`, from the middle of a buffer.
    private func put(_ sequence: UInt32, _ text: String, _ queue: inout AnswerQueue) -> Bool {
        var buffer = ByteBuffer()
        buffer.append(text: "<\(text)>")
        return queue.put(sequence, buffer, 1..<buffer.count - 1)
    }

    /// What would be sent next; nothing is.
    private func unsent(_ queue: inout AnswerQueue) -> String {
        var text = ""
        _ = unsafe queue.send { bytes, _, _ in
            text = unsafe String(decoding: bytes, as: UTF8.self)
            return 0
        }
        return text
    }

    private func send(_ count: Int, _ queue: inout AnswerQueue) { _ = unsafe queue.send { _, _, _ in count } }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `any order of answers gives the order of requests`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = AnswerQueue()
        var expected = ""
        var open: [UInt32] = []
        for _ in 0..<1000 {
            if open.isEmpty || queue.outstanding < AnswerQueue.outstandingMax && Bool.random(using: &random) {
                let sequence = queue.promise()
                expected += "answer \(sequence);"
                open.append(sequence)
            } else {
                let sequence = open.remove(at: Int.random(in: open.indices, using: &random))
                let isFirst = put(sequence, "answer \(sequence);", &queue)
                let isSecond = put(sequence, "answer \(sequence);", &queue)
                #expect(isFirst && !isSecond)
            }
        }
        for sequence in open { _ = put(sequence, "answer \(sequence);", &queue) }
        let text = unsent(&queue)
        let outstanding = queue.outstanding
        #expect(text == expected)
        #expect(outstanding == 0)
    }

    @Test func `what was sent is not sent again`() {
        var queue = AnswerQueue()
        _ = put(queue.promise(), "0123456789", &queue)
        send(4, &queue)
        var text = unsent(&queue)
        #expect(text == "456789")
        _ = put(queue.promise(), "ab", &queue)
        text = unsent(&queue)
        #expect(text == "456789ab")
        send(8, &queue)
        let pending = queue.pending
        #expect(pending == 0)
    }

    @Test func `the next client gets nothing of what was kept for this one`() {
        var queue = AnswerQueue()
        _ = put(queue.promise(), "sent in part", &queue)
        send(4, &queue)
        _ = queue.promise()
        _ = put(queue.promise(), "early", &queue)
        queue.promiseContinue(queue.promise())
        queue.reset()
        for text in ["a", "b", "c", "d"] { _ = put(queue.promise(), text, &queue) }
        let text = unsent(&queue)
        #expect(text == "abcd")
    }

    @Test func `an answer makes its interim answer needless`() {
        var queue = AnswerQueue()
        let first = queue.promise()
        let second = queue.promise()
        queue.promiseContinue(second)
        _ = put(second, "2", &queue)
        _ = put(first, "1", &queue)
        let text = unsent(&queue)
        #expect(text == "12")
    }

    @Test func `one answer too many stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var queue = AnswerQueue()
            for _ in 0...AnswerQueue.outstandingMax { _ = queue.promise() }
        }
    }
}
