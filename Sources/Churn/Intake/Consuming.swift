import Kafka
import Linux
import Logging
import Synchronization

/// What belongs to taking in from Kafka in a running service: the thread, its mailbox, its state.
final class Consuming: Sendable {
    let state = IntakeState()
    let mailbox: Mailbox<WorkerMessage>
    private let settings: KafkaSettings
    private let consumer: Handoff<Consumer>
    private let letters: Handoff<DeadLetters>
    private let thread = Mutex<Thread?>(nil)

    /// Nil where no topic is to be read.
    init?(_ settings: KafkaSettings?) throws(CommandError) {
        guard let settings, let topic = settings.topics.requests else { return nil }
        self.settings = settings
        mailbox = try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<WorkerMessage>() }
        do throws(KafkaError) {
            consumer = Handoff(try Consumer(group: settings.group, topics: [topic], settings.client))
            letters = Handoff(try DeadLetters.make(settings))
        } catch {
            throw CommandError(.configuration, "Kafka: \(error)")
        }
    }

    func start(
        _ conninfo: String, _ desk: PublishingDesk, _ service: ServiceState, _ metrics: WorkerMetrics, _ log: Logger
    ) throws(CommandError) {
        let started = try Serve.thread("intake") { [mailbox, settings, state, consumer, letters] in
            var intake = Intake(
                conninfo: conninfo, settings: settings, desk: desk, mailbox: mailbox, service: service, state: state,
                metrics: metrics, log: log, consumer: consumer.take(), letters: letters.take())
            intake.run()
        }
        thread.withLock { $0 = started }
    }

    /// Lets the batch that is under way end, and leaves the group.
    func stop(deadline: Int) {
        mailbox.post(.drain(deadline: deadline))
        thread.withLock { $0 }?.join()
    }
}
