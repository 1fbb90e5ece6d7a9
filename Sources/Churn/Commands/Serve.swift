import Glibc
import HTTP
import Learning
import Linux
import Logging

/// `churn serve`: threads, from the first to the last.
package enum Serve {
    /// How long a stop may take: what is in flight, then the private PostgreSQL.
    static let drainNanoseconds = 20_000_000_000

    /// What a full batch or a long page of history needs is given back when it is not needed any more; buffers of one request
    /// and of its events are smaller, and stay.
    private static let largeBlockBytes: CInt = 512 << 10

    /// What is open besides clients: listeners, pollers, connections to PostgreSQL and Kafka; generous.
    private static let otherDescriptors = 500

    /// What clients leave when they have taken all they can get: for connections to PostgreSQL and Kafka that are lost and
    /// made again, and for who reads the metrics at a listener of their own.
    private static let keptDescriptors = 64

    /// Numbers from this one on are not for clients.
    static var descriptorsForClients: Int {
        let all = ProcessStatistics.descriptorsMax()
        return all - min(keptDescriptors, all / 4)
    }

    /// Serves until a signal ends it.
    ///
    /// - Throws: what keeps it from starting, in one line.
    package static func run(_ configuration: ServeConfiguration) throws(CommandError) {
        let log = Log.service
        let signals = try starting("signals") { () throws(SystemError) in
            // SIGHUP also where no file is to be read again: whoever sends it to all services means to end none.
            try SignalSource([SIGTERM, SIGINT, SIGHUP])
        }
        var doorkeeper = try Doorkeeper(configuration.keys, log)
        ProcessStatistics.raiseDescriptorsMax()
        DescriptorTable.reserve(Limits().connections + otherDescriptors)
        Heap.returnBlocks(from: largeBlockBytes)
        let models = try ModelFiles.load(configuration)
        let listeners = try listeners(configuration, log)
        let operations = try Operations(configuration.admin, log)
        var database = try Database(url: configuration.databaseURL, folder: configuration.dataPath, log)
        let crew = try Crew(configuration, listeners, database.conninfo, models, doorkeeper.keys, operations, log)
        waiting: while true {
            switch try? signals.wait(timeoutMilliseconds: 250) {
            case SIGHUP: if let keys = doorkeeper.reload(log) { crew.adopt(keys) }
            case .some: break waiting
            case nil: database.keepRunning(log)
            }
        }
        log.info("stopping")
        // A second signal ends the process at once; that loses nothing, because start-up is recovery.
        let second = Handoff(signals)
        _ = try thread("second signal") {
            let signals = second.take()
            while true {
                if let signal = try? signals.wait(timeoutMilliseconds: 60_000), signal != SIGHUP { _exit(1) }
            }
        }
        crew.stop(deadline: Clock.monotonicNanoseconds() + drainNanoseconds)
        database.close(log)
        log.info("stopped")
    }

    /// A listener for each worker, all at one port; who has no workers has none.
    private static func listeners(
        _ configuration: ServeConfiguration, _ log: Logger
    ) throws(CommandError) -> [Handoff<Listener>] {
        if configuration.workers == 0 { return [] }
        let listener = try listen(configuration.host, configuration.port)
        log.info("listening", metadata: ["address": "\(configuration.host)", "port": "\(listener.port)"])
        var all: [Handoff<Listener>] = []
        do throws(ListenError) {
            for _ in 1..<configuration.workers { all.append(Handoff(try listener.sibling())) }
        } catch {
            throw CommandError(.inputOutput, "cannot listen with several workers: \(error)")
        }
        all.append(Handoff(listener))
        return all
    }

    static func listen(_ host: String, _ port: Int) throws(CommandError) -> Listener {
        do throws(ListenError) {
            return try Listener.open(host: host, port: UInt16(port))
        } catch {
            throw CommandError(.inputOutput, "cannot listen on \(host) port \(port): \(error)")
        }
    }

    static func thread(
        _ name: String, _ body: @escaping @Sendable () -> Void
    ) throws(CommandError) -> Thread {
        do throws(SystemError) { return try Thread(named: name, body) } catch {
            throw CommandError(.inputOutput, "cannot start the thread \(name): \(error)")
        }
    }

    static func starting<Value: ~Copyable>(
        _ what: String, _ make: () throws(SystemError) -> Value
    ) throws(CommandError) -> Value {
        do throws(SystemError) { return try make() } catch {
            throw CommandError(.inputOutput, "cannot start \(what): \(error)")
        }
    }
}
