import Linux
import Logging

/// What a service takes in from Kafka: a thread for each topic, so that one does not wait for the other.
final class Consuming: Sendable {
    private let requests: IntakeSeat?
    private let events: IntakeSeat?

    /// Nil where no topic is to be read.
    ///
    /// Each topic has a group of its own: who comes and goes for one does not disturb the other.
    init?(_ settings: KafkaSettings?, _ clientLog: ClientLog) throws(CommandError) {
        guard let settings, settings.topics.requests != nil || settings.topics.events != nil else { return nil }
        requests = try settings.topics.requests.map { topic throws(CommandError) in
            try IntakeSeat(topic, group: settings.group, settings, clientLog)
        }
        events = try settings.topics.events.map { topic throws(CommandError) in
            try IntakeSeat(topic, group: settings.group + ".events", settings, clientLog)
        }
    }

    /// Whether it stores predictions, as workers do.
    var storesPredictions: Bool { requests != nil }

    /// Who is to be told of models.
    var audience: [Mailbox<WorkerMessage>] { requests.map { [$0.mailbox] } ?? [] }

    var states: [IntakeState] { seats.map(\.state) }

    private var seats: [IntakeSeat] { [requests, events].compactMap { $0 } }

    /// - Parameter desk: for the predictions that it stores.
    func start(
        _ conninfo: String, _ desk: PublishingDesk?, _ service: ServiceState, _ metrics: WorkerMetrics?, _ log: Logger
    ) throws(CommandError) {
        if let requests, let desk, let metrics {
            try requests.start(RequestIntake(desk, metrics), named: "intake requests", conninfo, service, log)
        }
        try events?.start(EventIntake(), named: "intake events", conninfo, service, log)
    }

    /// Lets the batches that are under way end, and leaves the groups.
    func stop(deadline: Int) {
        for seat in seats { seat.mailbox.post(.drain(deadline: deadline)) }
        for seat in seats { seat.join() }
    }
}
