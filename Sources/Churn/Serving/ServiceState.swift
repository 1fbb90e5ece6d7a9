import Synchronization

/// What all threads know about the health of the service.
///
/// The keeper and the workers write, everybody reads. What a prediction looks at is atomic, so that it never waits; what only
/// `/health/ready`, `/metrics` and the log need is behind a lock.
package final class ServiceState: Sendable {
    /// How PostgreSQL was when it was asked last.
    package enum Database: UInt8, Sendable {
        /// Not yet asked.
        case unknown
        case answering
        /// Refuses connections, or does not answer.
        case away
    }

    private let databaseValue = Atomic<UInt8>(Database.unknown.rawValue)
    private let openWriters = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)
    private let connections = Atomic<Int>(0)
    /// The model that serves: (version, number).
    private let model = Mutex<(version: String, number: Int32)?>(nil)
    private let figures = Mutex<ModelFigures?>(nil)
    private let insertsRefused = Atomic<Bool>(false)
    /// Settings of the server under which a commit may be lost; written by the keeper.
    private let unsafeSettings = Mutex<[String]>([])
    private let hasUnsafeSettings = Atomic<Bool>(false)
    /// What is wrong beyond the plain cases, by topic: a schema that does not fit, a pooler.
    private let problems = Mutex<[String: String]>([:])
    private let refusal = Mutex<ChampionRefusal?>(nil)

    private let keys = Atomic<Int>(0)

    /// Whether it takes connections of workers to be ready.
    private let needsWriters: Bool

    package init(needsWriters: Bool = true) { self.needsWriters = needsWriters }

    package var database: Database {
        get { Database(rawValue: databaseValue.load(ordering: .relaxed)) ?? .unknown }
        set { databaseValue.store(newValue.rawValue, ordering: .relaxed) }
    }

    package var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// How many keys the service takes.
    var keyCount: Int {
        get { keys.load(ordering: .relaxed) }
        set { keys.store(newValue, ordering: .relaxed) }
    }

    func setModel(version: String, number: Int32, _ figures: ModelFigures) {
        model.withLock { $0 = (version, number) }
        self.figures.withLock { $0 = figures }
    }

    /// Of the model that serves.
    var modelFigures: ModelFigures? { figures.withLock { $0 } }

    package var servingModel: (version: String, number: Int32)? { model.withLock { $0 } }

    /// Set when PostgreSQL does not know or allow the INSERT (class 42), cleared by the next commit of any worker.
    package var refusesInserts: Bool {
        get { insertsRefused.load(ordering: .relaxed) }
        set { insertsRefused.store(newValue, ordering: .relaxed) }
    }

    /// False while the server could lose what it has committed: nothing is stored then, and nothing is promised.
    package var isDurable: Bool { !hasUnsafeSettings.load(ordering: .relaxed) }

    package func setUnsafeSettings(_ names: [String]) {
        unsafeSettings.withLock { $0 = names }
        hasUnsafeSettings.store(!names.isEmpty, ordering: .relaxed)
    }

    /// A connection for writing has been made, the first of a worker or another one after a loss.
    package func connected() { connections.wrappingAdd(1, ordering: .relaxed) }
    package var connectionsMade: Int { connections.load(ordering: .relaxed) }

    package func writerOpened() { openWriters.wrappingAdd(1, ordering: .relaxed) }
    package func writerLost() { openWriters.wrappingSubtract(1, ordering: .relaxed) }
    package var writerCount: Int { openWriters.load(ordering: .relaxed) }

    /// The champion that cannot be served; nil where it can, or there is none.
    var refusedChampion: ChampionRefusal? { refusal.withLock { $0 } }
    func setRefusedChampion(_ refused: ChampionRefusal?) { refusal.withLock { $0 = refused } }

    /// Names a problem that keeps the service from being ready; nil takes it away.
    package func setProblem(_ topic: String, _ text: String?) { problems.withLock { $0[topic] = text } }

    /// Why the service is not ready, each as (what, why); empty when it is.
    package func reasons() -> [(check: String, reason: String)] {
        var reasons: [(check: String, reason: String)] = []
        if isDraining { reasons.append(("process", "is stopping")) }
        if servingModel == nil { reasons.append(("model", "none is loaded yet")) }
        switch database {
        case .unknown: reasons.append(("postgres", "has not answered yet"))
        case .away: reasons.append(("postgres", "does not answer"))
        case .answering where needsWriters && writerCount == 0:
            reasons.append(("postgres", "no connection for writing is open"))
        case .answering: break
        }
        if refusesInserts { reasons.append(("schema", "PostgreSQL refused the last INSERT; the log says why")) }
        for name in unsafeSettings.withLock({ $0 }) {
            reasons.append(("durability", "\(name) is off in PostgreSQL: a commit could be lost"))
        }
        if let refused = refusedChampion {
            reasons.append(("model", "the champion \(refused.version) cannot be used: \(refused.text)"))
        }
        // Sorted under the lock: that the reader of a copy has let go of it is nothing that ThreadSanitizer sees.
        for (topic, text) in problems.withLock({ $0.sorted { $0.key < $1.key } }) {
            reasons.append((topic, text))
        }
        return reasons
    }
}
