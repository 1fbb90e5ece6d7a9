import Linux
import Testing

@Suite struct MailboxTests {
    @Test func `messages of several threads all arrive, each thread's in order`() throws {
        let mailbox = try Mailbox<(sender: Int, number: Int)>()
        var threads: [Thread] = []
        for sender in 0..<3 {
            threads.append(
                try Thread(named: "sender \(sender)") {
                    for number in 0..<1000 { mailbox.post((sender, number)) }
                })
        }
        var next = [0, 0, 0]
        var taken: [(sender: Int, number: Int)] = []
        while next != [1000, 1000, 1000] {
            // Every message raises the descriptor: nothing is left behind without a wake-up.
            try #require(try Poller.wait(for: mailbox.number, .readable, timeoutMilliseconds: 10_000))
            mailbox.take(into: &taken)
            for message in taken {
                #expect(message.number == next[message.sender])
                next[message.sender] += 1
            }
        }
        for thread in threads { thread.join() }
        #expect(mailbox.take().isEmpty)
    }

    @Test func `a value that cannot be copied reaches another thread`() throws {
        let handoff = Handoff(try WakeUp())
        let mailbox = try Mailbox<CInt>()
        let thread = try Thread(named: "receiver") {
            let wakeUp = handoff.take()
            mailbox.post(wakeUp.number)
        }
        thread.join()
        #expect(mailbox.take().count == 1)
    }

    @Test func `a handoff gives its value once`() async {
        await #expect(processExitsWith: .failure) {
            let handoff = Handoff(try WakeUp())
            _ = handoff.take()
            _ = handoff.take()
        }
    }
}
