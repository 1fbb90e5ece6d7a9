import Kafka
import Linux
import Logging
import Synchronization

/// What belongs to one intake: the topic, the thread, its mailbox, its state.
final class IntakeSeat: Sendable {
    let topic: String
    let mailbox: Mailbox<WorkerMessage>
    let state: IntakeState
    let clientLog: ClientLog
    private let group: String
    private let settings: KafkaSettings
    private let consumer: Handoff<Consumer>
    private let letters: Handoff<DeadLetters>
    private let thread = Mutex<Thread?>(nil)

    /// - Throws: where the settings are none that a client can be made of.
    init(_ topic: String, group: String, _ settings: KafkaSettings, _ clientLog: ClientLog) throws(CommandError) {
        self.topic = topic
        self.group = group
        self.settings = settings
        self.clientLog = clientLog
        state = IntakeState(topic: topic)
        mailbox = try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<WorkerMessage>() }
        do throws(KafkaError) {
            consumer = Handoff(try Consumer(group: group, topics: [topic], settings.client))
            letters = Handoff(try DeadLetters.make(settings))
        } catch {
            throw CommandError(.configuration, "Kafka: \(error)")
        }
    }

    func makeConsumer() throws(KafkaError) -> Consumer {
        try Consumer(group: group, topics: [topic], settings.client)
    }

    func start<Content: IntakeContent & ~Copyable>(
        _ content: consuming sending Content, named name: String, _ conninfo: String, _ service: ServiceState,
        _ log: Logger
    ) throws(CommandError) {
        let content = Handoff(content)
        let started = try Serve.thread(name) { [self] in
            var intake = Intake(
                conninfo: conninfo, seat: self, service: service, log: log, consumer: consumer.take(),
                letters: letters.take(), content: content.take())
            intake.run()
        }
        thread.withLock { $0 = started }
    }

    func join() { thread.withLock { $0 }?.join() }
}
