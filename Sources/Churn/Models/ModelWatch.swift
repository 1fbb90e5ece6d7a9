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
    private var serving: ModelRegistry.Entry?

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
            return serve(model.entry, pinned, registeredAt: model.createdAt, workers, state, log)
        }
        if let fallback, try ModelRegistry.champion(&connection) == nil {
            try ModelRegistry.registerFirstChampion(fallback, &connection)
        }
        try look(&connection, workers, state, log)
    }

    /// Reads the champion, and serves it if it is another one than before.
    ///
    /// One that cannot be read is not served: the old model goes on, and the service says why it is not ready.
    mutating func look(
        _ connection: inout Connection, _ workers: [Mailbox<WorkerMessage>], _ state: ServiceState, _ log: Logger
    ) throws(PostgresError) {
        guard pinned == nil else { return }
        guard let champion = try ModelRegistry.champion(&connection) else { return }
        if champion == serving { return state.setProblem("model", nil) }
        let bytes = try ModelRegistry.artifact(champion.number, &connection) ?? []
        let record = try ModelRegistry.find("WHERE number = $1", .integer(Int(champion.number)), &connection)
        do throws(ModelFileError) {
            let file = try ModelFile(reading: bytes)
            guard file.version == champion.version else { throw .notAModelFile }
            serve(champion, file, registeredAt: record?.createdAt ?? 0, workers, state, log)
        } catch {
            state.setProblem("model", "the champion \(champion.version) cannot be used: \(error)")
        }
    }

    private mutating func serve(
        _ entry: ModelRegistry.Entry, _ file: ModelFile, registeredAt: Int, _ workers: [Mailbox<WorkerMessage>],
        _ state: ServiceState, _ log: Logger
    ) {
        guard entry != serving else { return }
        serving = entry
        let model = ServingModel(file, number: entry.number)
        for worker in workers { worker.post(.model(model)) }
        state.setModel(version: entry.version, number: entry.number, ModelFigures(file, registeredAt: registeredAt))
        state.setProblem("model", nil)
        log.info("serving a model", metadata: ["version": "\(entry.version)", "number": "\(entry.number)"])
    }
}
