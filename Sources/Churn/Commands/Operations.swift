import HTTP
import Linux
import Logging
import Server
import Synchronization

/// The listener for metrics and health, and its thread.
final class Operations: Sendable {
    private let listener: Handoff<Listener>
    private let mailbox: Mailbox<WorkerMessage>
    private let thread = Mutex<Thread?>(nil)

    /// Opens the listener, so that its errors are known before any thread runs.
    ///
    /// - Parameter place: nil where there is to be none.
    init?(_ place: (host: String, port: Int)?, _ log: Logger) throws(CommandError) {
        guard let place else { return nil }
        let listener = try Serve.listen(place.host, place.port)
        log.info("listening for operations", metadata: ["address": "\(place.host)", "port": "\(listener.port)"])
        self.listener = Handoff(listener)
        mailbox = try Serve.starting("a mailbox") { () throws(SystemError) in try Mailbox<WorkerMessage>() }
    }

    func start(
        _ state: ServiceState, _ information: Information, _ metrics: WorkerMetrics, _ log: Logger
    ) throws(CommandError) {
        let started = try Serve.thread("operations") { [listener, mailbox] in
            do throws(SystemError) {
                var worker = try Worker(
                    OperationsService(state, information, metrics), listener: listener.take(), mailbox: mailbox,
                    limits: OperationsService.limits)
                try worker.run()
            } catch {
                log.critical("operations cannot be served", metadata: ["error": "\(error)"])
                fatalError("operations cannot be served: \(error)")
            }
        }
        thread.withLock { $0 = started }
    }

    func stop(deadline: Int) {
        mailbox.post(.drain(deadline: deadline))
        thread.withLock { $0 }?.join()
    }
}
