import Kafka
import Linux
import Logging
import Synchronization

/// What belongs to publishing in a running service: the desks of the workers, the thread, its state.
final class Publishing: Sendable {
    /// How long a stop waits for what is under way.
    private static let stopNanoseconds = 5_000_000_000
    /// Half of what librdkafka's queue may hold: batches on their way to Kafka take it and free it again and again.
    private static let heapKeptBytes: CInt = 8 << 20

    let desks: [PublishingDesk]
    let state: PublishingState
    private let settings: KafkaSettings
    private let mailbox: Mailbox<PublisherMessage>
    private let producer: Handoff<EventProducer>
    private let thread = Mutex<Thread?>(nil)

    /// - Throws: where the settings are none that a producer can be made of.
    init(_ settings: KafkaSettings, workers: Int, _ clientLog: ClientLog) throws(CommandError) {
        self.settings = settings
        Heap.keep(Self.heapKeptBytes)
        state = PublishingState(clientLog)
        let mailbox = try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<PublisherMessage>() }
        self.mailbox = mailbox
        desks = (0..<workers).map { PublishingDesk(worker: $0, mailbox) }
        do throws(KafkaError) {
            producer = Handoff(try EventProducer.make(settings))
        } catch {
            throw CommandError(.configuration, "Kafka: \(error)")
        }
    }

    func start(_ conninfo: String, _ service: ServiceState, _ log: Logger) throws(CommandError) {
        let started = try Serve.thread("publisher") { [mailbox, desks, settings, producer, state] in
            var publisher = Publisher(
                conninfo: conninfo, mailbox: mailbox, desks: desks, settings: settings, producer: producer.take(),
                service: service, state: state, log: log)
            Thread.giveWay()
            publisher.run()
        }
        thread.withLock { $0 = started }
    }

    /// Delivers what is under way, as far as that goes; to be called when no worker hands over rows any more.
    func stop() {
        mailbox.post(.stop(deadline: Clock.monotonicNanoseconds() + Self.stopNanoseconds))
        thread.withLock { $0 }?.join()
    }
}
