import HTTP
import Linux
import Logging
import OpenAPI
import Server

/// The threads of a running service: its workers and the keeper.
final class Crew: Sendable {
    private let workers: [Thread]
    private let keeper: Thread
    private let mailboxes: [Mailbox<WorkerMessage>]
    private let keeperMailbox: Mailbox<KeeperMessage>
    /// Nil where there are no workers.
    private let clerk: Thread?
    private let clerkMailbox: Mailbox<WorkerMessage>
    /// Nil where nothing is published.
    private let publishing: Publishing?
    /// Nil where nothing is taken in.
    private let consuming: Consuming?
    /// Nil where metrics have no port of their own.
    private let operations: Operations?
    private let state: ServiceState

    /// Starts all threads.
    ///
    /// - Parameter listeners: open, one for each worker.
    init(
        _ configuration: ServeConfiguration, _ listeners: [Handoff<Listener>], _ conninfo: String, _ models: ModelFiles,
        _ keys: KeySet?, _ operations: Operations?, _ log: Logger
    ) throws(CommandError) {
        let state = ServiceState(needsWriters: !listeners.isEmpty)
        state.keyCount = keys?.count ?? 0
        let clientLog = ClientLog()
        let consuming = try Consuming(configuration.kafka, clientLog)
        // Where there are workers there is a clerk; it and the intake of requests store predictions and hand them over, too.
        let clerks = listeners.isEmpty ? 0 : 1
        let storing = listeners.count + clerks + (consuming?.storesPredictions == true ? 1 : 0)
        let publishing = try configuration.kafka.map { kafka throws(CommandError) in
            try Publishing(kafka, workers: storing, clientLog)
        }
        let metrics = ServiceMetrics(
            workers: storing + (operations == nil ? 0 : 1), state: state, publishing: publishing?.state,
            intakes: consuming?.states ?? [])
        let information = Information(metrics: metrics, openapi: OpenAPI.text, hidesMetrics: operations != nil)
        let keeperMailbox = try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<KeeperMessage>() }
        let clerkMailbox = try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<WorkerMessage>() }
        var mailboxes: [Mailbox<WorkerMessage>] = []
        for _ in listeners {
            mailboxes.append(
                try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<WorkerMessage>() })
        }
        var limits = Limits()
        limits.heldBytes = min(limits.heldBytes, MemoryLimit.bytes() / 4)
        var threads: [Thread] = []
        for number in listeners.indices {
            let office = Office(
                worker: number, keeper: keeperMailbox, clerk: clerkMailbox, desk: publishing?.desks[number],
                state: state, metrics: metrics.workers[number], log: log)
            let station = Station(
                office: office, information: information, listener: listeners[number], mailbox: mailboxes[number],
                keys: keys, limits: limits.shared(by: listeners.count),
                descriptorsMax: Serve.descriptorsForClients)
            threads.append(try Serve.thread("worker \(number)") { station.run() })
        }
        self.mailboxes = mailboxes
        self.clerkMailbox = clerkMailbox
        self.keeperMailbox = keeperMailbox
        self.state = state
        self.operations = operations
        self.publishing = publishing
        workers = threads
        self.consuming = consuming
        try publishing?.start(conninfo, state, log)
        try consuming?.start(conninfo, publishing?.desks.last, state, metrics.workers[max(storing - 1, 0)], log)
        clerk =
            clerks == 0
            ? nil
            : try Serve.thread("clerk") { [mailboxes, number = listeners.count] in
                var clerk = Clerk(
                    conninfo: conninfo, mailbox: clerkMailbox, workers: mailboxes, service: state,
                    desk: publishing?.desks[number], metrics: metrics.workers[number], log: log)
                clerk.run()
            }
        try operations?.start(state, information, metrics.workers[storing], log)
        let audience = mailboxes + [clerkMailbox] + (consuming?.audience ?? [])
        let watch = ModelWatch(pinned: models.pinned, fallback: models.fallback)
        keeper = try Serve.thread("keeper") { [mailboxes] in
            var keeper = Keeper(
                conninfo: conninfo, mailbox: keeperMailbox, workers: mailboxes, audience: audience, state: state,
                models: watch, log: log)
            keeper.run()
        }
    }

    /// Lets in who has one of these keys from now on; no request that is under way is touched.
    func adopt(_ keys: KeySet) {
        state.keyCount = keys.count
        for mailbox in mailboxes { mailbox.post(.keys(keys)) }
    }

    /// Ends all threads: workers answer what they have, the keeper settles what they left.
    func stop(deadline: Int) {
        state.isDraining = true
        for mailbox in mailboxes { mailbox.post(.drain(deadline: deadline)) }
        consuming?.stop(deadline: deadline)
        for worker in workers { worker.join() }
        // Last, so that a balancer which asks here hears of the end while the workers still finish what they have.
        operations?.stop(deadline: deadline)
        clerkMailbox.post(.drain(deadline: deadline))
        clerk?.join()
        publishing?.stop()
        keeperMailbox.post(.stop)
        keeper.join()
    }
}

/// What a worker's thread needs to begin.
private struct Station: Sendable {
    let office: Office
    let information: Information
    let listener: Handoff<Listener>
    let mailbox: Mailbox<WorkerMessage>
    let keys: KeySet?
    let limits: Limits
    let descriptorsMax: Int

    /// Serves until the worker is drained.
    ///
    /// A worker that cannot run ends the process: it would leave its clients waiting.
    func run() {
        do throws(SystemError) {
            var worker = try Worker(
                PredictService(office, information, keys: keys, bodyBytesMax: limits.bodyBytes),
                listener: listener.take(),
                mailbox: mailbox, limits: limits, descriptorsMax: descriptorsMax)
            try worker.run()
        } catch {
            office.log.critical("a worker cannot run", metadata: ["error": "\(error)"])
            fatalError("a worker cannot run: \(error)")
        }
    }
}
