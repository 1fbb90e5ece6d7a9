import Learning
import Linux
import Logging
import Postgres

/// Which model serves: the one that was pinned, else the champion, else the file in `Models/`.
struct ModelWatch {
    /// The model given by `--model`: it serves whatever the table says.
    let pinned: ModelFile?
    /// The model that becomes champion where there is none.
    let fallback: ModelFile?
    /// With a pinned model: the champion seen last.
    private var noted: ModelRegistry.Entry?
    private var serving: (entry: ModelRegistry.Entry, file: ModelFile, cutLoss: Double?)?

    init(pinned: ModelFile?, fallback: ModelFile?) {
        self.pinned = pinned
        self.fallback = fallback
    }

    /// After every connect: registers what is given as a file, listens for promotions, and looks.
    mutating func begin(
        _ connection: inout Connection, _ workers: [Mailbox<WorkerMessage>], _ state: ServiceState, _ log: Logger
    ) throws(PostgresError) {
        try connection.listen(to: "models")
        if let pinned {
            let model = try ModelRegistry.register(pinned, &connection).record
            return try serve(model.entry, pinned, registeredAt: model.createdAt, &connection, workers, state, log)
        }
        if let fallback, try ModelRegistry.champion(&connection) == nil {
            try ModelRegistry.registerFirstChampion(fallback, &connection)
        }
        try look(&connection, workers, state, log)
    }

    /// Reads the champion, and serves it if it is another one than before; then, whether a scoring run has moved the cut of
    /// the one that serves.
    ///
    /// One that cannot be read is not served: the old model goes on, and the service and its metrics say which and why.
    mutating func look(
        _ connection: inout Connection, _ workers: [Mailbox<WorkerMessage>], _ state: ServiceState, _ log: Logger
    ) throws(PostgresError) {
        if pinned == nil {
            try lookForChampion(&connection, workers, state, log)
        } else {
            try noteChampion(&connection, log)
        }
        guard let serving else { return }
        let cutLoss = try cutLoss(serving.entry, serving.file, &connection)
        if cutLoss != serving.cutLoss { post(serving.entry, serving.file, cutLoss, workers) }
    }

    /// Another champion is none of a service's whose model was pinned; whoever wonders finds it in the log.
    private mutating func noteChampion(_ connection: inout Connection, _ log: Logger) throws(PostgresError) {
        guard let champion = try ModelRegistry.champion(&connection), champion != noted else { return }
        if noted != nil, champion != serving?.entry {
            log.info(
                "a model was promoted and is not followed: --model pins another",
                metadata: ["version": "\(champion.version)", "number": "\(champion.number)"])
        }
        noted = champion
    }

    private mutating func lookForChampion(
        _ connection: inout Connection, _ workers: [Mailbox<WorkerMessage>], _ state: ServiceState, _ log: Logger
    ) throws(PostgresError) {
        guard let champion = try ModelRegistry.champion(&connection) else { return }
        if champion == serving?.entry { return state.setRefusedChampion(nil) }
        let bytes = try ModelRegistry.artifact(champion.number, &connection) ?? []
        let record = try ModelRegistry.find("WHERE number = $1", .integer(Int(champion.number)), &connection)
        let file: ModelFile
        do throws(ModelFileError) {
            file = try ModelFile(reading: bytes)
        } catch {
            return state.setRefusedChampion(ChampionRefusal(champion.version, error))
        }
        guard file.version == champion.version else {
            return state.setRefusedChampion(ChampionRefusal(champion.version, holds: file.version))
        }
        try serve(champion, file, registeredAt: record?.createdAt ?? 0, &connection, workers, state, log)
    }

    private mutating func serve(
        _ entry: ModelRegistry.Entry, _ file: ModelFile, registeredAt: Int, _ connection: inout Connection,
        _ workers: [Mailbox<WorkerMessage>], _ state: ServiceState, _ log: Logger
    ) throws(PostgresError) {
        guard entry != serving?.entry else { return }
        post(entry, file, try cutLoss(entry, file, &connection), workers)
        state.setModel(version: entry.version, number: entry.number, ModelFigures(file, registeredAt: registeredAt))
        state.setRefusedChampion(nil)
        log.info("serving a model", metadata: ["version": "\(entry.version)", "number": "\(entry.number)"])
    }

    private mutating func post(
        _ entry: ModelRegistry.Entry, _ file: ModelFile, _ cutLoss: Double?, _ workers: [Mailbox<WorkerMessage>]
    ) {
        serving = (entry, file, cutLoss)
        let model = ServingModel(file, number: entry.number, cutLoss: cutLoss)
        for worker in workers { worker.post(.model(model)) }
    }

    /// With a capacity: the loss at which the model's last scoring run stopped to flag.
    private func cutLoss(
        _ entry: ModelRegistry.Entry, _ file: ModelFile, _ connection: inout Connection
    ) throws(PostgresError) -> Double? {
        guard file.contents.threshold.capacity != nil else { return nil }
        return try ScoringRun.lastCutLoss(entry, &connection)
    }
}
