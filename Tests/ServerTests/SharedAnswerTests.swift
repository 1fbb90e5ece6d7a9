import Bytes
import Linux
import Server
import Synchronization
import TestSupport
import Testing

/// Answers that end with bytes that others end with, too.
@Suite struct SharedAnswerTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `in any order and at any pace of sending, all comes in the order of requests`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = AnswerQueue()
        var expected: [UInt8] = []
        var sent: [UInt8] = []
        var open: [(sequence: UInt32, text: String, body: Bool)] = []
        let body = SharedBytes(Array(repeating: 0x2E, count: 300))
        func send(atMost count: Int) {
            let pending = queue.pending
            _ = unsafe queue.send { own, shared, behind in
                let all = unsafe Array(own) + Array(shared) + Array(behind)
                #expect(all.count == pending)
                sent += all.prefix(count)
                return min(count, pending)
            }
        }
        func answer(_ request: (sequence: UInt32, text: String, body: Bool)) {
            var text = ByteBuffer()
            text.append(text: request.text)
            queue.put(request.sequence, text, 0..<text.count, request.body ? body : nil)
        }
        for _ in 0..<3000 {
            if open.isEmpty || queue.outstanding < AnswerQueue.outstandingMax && Bool.random(using: &random) {
                let hasBody = Bool.random(using: &random)
                let sequence = queue.promise()
                // Some are the shared body and nothing else.
                let text = hasBody && Bool.random(using: &random) ? "" : "answer \(sequence);"
                expected += Array(text.utf8) + (hasBody ? body.bytes : [])
                open.append((sequence, text, hasBody))
            } else {
                answer(open.remove(at: Int.random(in: open.indices, using: &random)))
            }
            if queue.pending > 0, Int.random(in: 0..<3, using: &random) == 0 {
                send(atMost: Int.random(in: 1...500, using: &random))
            }
        }
        for request in open { answer(request) }
        #expect(queue.pending == expected.count - sent.count)
        while queue.pending > 0 { send(atMost: 1000) }
        #expect(sent == expected)
    }

    @Test func `the next client gets nothing of a body that this one has not taken`() {
        var queue = AnswerQueue()
        var text = ByteBuffer()
        text.append("ab")
        queue.put(queue.promise(), text, 0..<1, SharedBytes([1, 2, 3]))
        queue.put(queue.promise(), text, 0..<1)
        queue.reset()
        queue.put(queue.promise(), text, 1..<2)
        var sent: [UInt8] = []
        while queue.pending > 0 {
            _ = unsafe queue.send { own, shared, behind in
                let all = unsafe Array(own) + Array(shared) + Array(behind)
                sent += all
                return all.count
            }
        }
        #expect(sent == [0x62])
    }

    @Test func `a client that takes them slowly holds up nobody and gets them whole`() throws {
        let server = try TestServer()
        let slow = try server.client()
        let other = try server.client()
        let targets = ["/shared/1", "/hold", "/shared/2", "/plain", "/shared/3"]
        for target in targets { try slow.send(requestBytes("GET", target)) }
        #expect(try other.get("/other").text == "/other")
        for target in targets {
            if target == "/hold" {
                // Nothing behind a shared body is served before that is taken.
                try eventually("the second one to be served") { server.record.held.load(ordering: .relaxed) == 1 }
                server.mailbox.post(.release(lastFirst: false))
            }
            let answer = try slow.receiveAnswer()
            #expect(answer.text.hasPrefix(target))
            #expect(
                answer.body.count == target.utf8.count + (target.hasPrefix("/shared") ? EchoService.shared.count : 0))
        }
    }
}
