import Bytes
import HTTP
import Linux
import Logging
import Metrics
import Server

/// Every metric of the service, declared in one list; and the shards in which the workers count.
package final class ServiceMetrics: Sendable {
    let workers: [WorkerMetrics]
    private let exposition: Exposition
    private let shards: [MetricsShard]
    private let models: ModelSlots
    private let state: ServiceState
    /// Nil where nothing is published.
    private let publishing: PublishingState?
    /// One for each topic that is taken in.
    private let intakes: [IntakeState]

    init(workers count: Int, state: ServiceState, publishing: PublishingState?, intakes: [IntakeState]) {
        var layout = MetricsLayout()
        let handles = MetricHandles(&layout)
        Self.declareProcess(&layout)
        Self.declareState(&layout, state)
        let models = ModelSlots()
        self.models = models
        self.state = state
        self.publishing = publishing
        self.intakes = intakes
        shards = (0..<count).map { [layout] _ in MetricsShard(layout) }
        workers = shards.map { WorkerMetrics(handles, $0, models) }
        exposition = Exposition(layout)
    }

    /// Appends all metrics as Prometheus text 0.0.4.
    func write(into body: inout ByteBuffer) {
        exposition.write(shards, into: &body)
        models.write(workers, into: &body)
        writeModel(into: &body)
        writeRefusedChampion(into: &body)
        publishing?.write(into: &body, now: Clock.wallMicroseconds())
        IntakeState.write(intakes, into: &body)
        writeLogLines(into: &body)
    }

    /// The model that serves; its version is not known when the other metrics are declared.
    private func writeModel(into body: inout ByteBuffer) {
        body.append("# HELP churn_model_info The model that answers now.\n# TYPE churn_model_info gauge\n")
        guard let model = state.servingModel else { return }
        body.append("churn_model_info{version=\"")
        body.append(text: model.version)
        body.append("\",number=\"")
        body.append(decimal: Int(model.number))
        body.append("\"} 1\n")
        state.modelFigures?.write(into: &body)
    }

    /// Absent where the champion serves.
    private func writeRefusedChampion(into body: inout ByteBuffer) {
        body.append(
            metric: "churn_champion_refused", "gauge", "The champion that cannot be used; the model before it serves.")
        guard let refused = state.refusedChampion else { return }
        body.append("churn_champion_refused{version=\"")
        body.append(text: refused.version)
        body.append("\",reason=\"")
        body.append(text: refused.reason.rawValue)
        body.append("\"} 1\n")
    }

    private func writeLogLines(into body: inout ByteBuffer) {
        body.append("# HELP churn_log_lines_total Lines logged, by level.\n# TYPE churn_log_lines_total counter\n")
        for level in Logger.Level.allCases {
            body.append("churn_log_lines_total{level=\"")
            body.append(text: level.rawValue)
            body.append("\"} ")
            body.append(decimal: LogCounts.shared.lines(level))
            body.append(byte: 0x0A)
        }
    }

    private static func declareState(_ layout: inout MetricsLayout, _ state: ServiceState) {
        layout.gauge("churn_postgres_up", help: "1 while PostgreSQL answers.") { state.database == .answering ? 1 : 0 }
        layout.gauge("churn_postgres_writers", help: "Connections open for storing predictions.") {
            Double(state.writerCount)
        }
        layout.gauge("churn_ready", help: "1 while /health/ready says so.") { state.reasons().isEmpty ? 1 : 0 }
        layout.gauge("churn_access_keys", help: "Keys that are not revoked; 0 where the service asks for none.") {
            Double(state.keyCount)
        }
        layout.counter("churn_postgres_connections_total", help: "Connections for storing predictions ever made.") {
            Double(state.connectionsMade)
        }
        layout.counter("churn_log_lines_dropped_total", help: "Lines that standard error did not take.") {
            Double(LogCounts.shared.droppedCount)
        }
    }

    /// The names that every Prometheus client uses for its own process.
    private static func declareProcess(_ layout: inout MetricsLayout) {
        func read(_ value: @escaping @Sendable (ProcessStatistics) -> Double) -> @Sendable () -> Double {
            { ProcessStatistics.read().map(value) ?? 0 }
        }
        layout.counter(
            "process_cpu_seconds_total", help: "User and system time of all threads.", read: read { $0.cpuSeconds })
        layout.gauge(
            "process_resident_memory_bytes", help: "Memory that is present.", read: read { Double($0.residentBytes) })
        layout.gauge(
            "process_virtual_memory_bytes", help: "Memory that is mapped.", read: read { Double($0.virtualBytes) })
        layout.gauge("process_open_fds", help: "Open file descriptors.", read: read { Double($0.openDescriptors) })
        layout.gauge("process_max_fds", help: "The limit of them.", read: read { Double($0.descriptorsMax) })
        layout.gauge(
            "process_start_time_seconds", help: "When the process started, since 1970.",
            read: read { $0.startTimeSeconds })
    }
}

/// The metrics that workers count, as handles into their shards.
struct MetricHandles: Sendable {
    /// In the order of the label `code`; 200 comes first.
    static let statuses: [Status] = Status.allCases

    let requests: MetricFamily<Counter>
    let requestSeconds: MetricFamily<Histogram>
    let refused: MetricFamily<Counter>
    let keptOut: MetricFamily<Counter>
    let named: MetricFamily<Counter>
    let malformed: MetricFamily<Counter>
    let turnedAway: MetricFamily<Counter>
    let batchRows: Histogram
    let commitSeconds: Histogram
    let refusedBatches: Counter
    let renumberedBatches: Counter
    let unknownBatches: Counter
    let score: Histogram
    let unseenLevels: Counter
    let waitingRows: Gauge
    let waitingReads: Gauge
    let connections: Gauge

    init(_ layout: inout MetricsLayout) {
        let routes = MetricLabel("route", Route.allCases.map { "\($0.template)" })
        requests = layout.counters(
            "churn_http_requests_total", help: "Requests that were answered.",
            labels: [
                routes, MetricLabel("method", Method.allCases.map { "\($0.name)" } + ["other"]),
                MetricLabel("code", Self.statuses.map { "\($0.code)" }),
            ], hidesZeros: true)
        requestSeconds = layout.histograms(
            "churn_http_request_duration_seconds",
            help: "From the wake of a worker that read the end of a request to its answer.",
            labels: [routes],
            bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5])
        refused = layout.counters(
            "churn_predictions_refused_total", help: "Valid predictions that were not confirmed.",
            labels: [MetricLabel("reason", Refusal.allCases.map(\.rawValue))])
        keptOut = layout.counters(
            "churn_access_refused_total", help: "Requests that were not let in, by reason.",
            labels: [MetricLabel("reason", AccessRefusal.allCases.map(\.rawValue))])
        named = layout.counters(
            "churn_idempotent_requests_total",
            help: "Predictions with an Idempotency-Key that were answered, by result.",
            labels: [MetricLabel("result", NamedResult.allCases.map(\.rawValue))])
        malformed = layout.counters(
            "churn_http_malformed_requests_total", help: "Requests that broke a rule of HTTP, or a limit, by rule.",
            labels: [MetricLabel("rule", RequestRule.allCases.map(\.rawValue))])
        turnedAway = layout.counters(
            "churn_http_connections_refused_total",
            help: "Connections answered with 503 before a request was read, by what there was not enough of.",
            labels: [MetricLabel("reason", Shortage.allCases.map(\.rawValue))])
        batchRows = layout.histogram(
            "churn_commit_rows", help: "Rows of one commit.",
            bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048])
        commitSeconds = layout.histogram(
            "churn_commit_duration_seconds", help: "From sending a batch to the proof of its commit.",
            bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5])
        refusedBatches = layout.counter(
            "churn_batches_refused_total", help: "Batches that PostgreSQL refused, each cut of one counted.")
        renumberedBatches = layout.counter(
            "churn_batches_renumbered_total", help: "Batches that PostgreSQL refused because it had one of their ids.")
        unknownBatches = layout.counter(
            "churn_batches_unknown_total", help: "Batches whose commit was not known when the connection was lost.")
        score = layout.histogram(
            "churn_score", help: "Probabilities of the predictions that were stored.",
            bounds: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
        unseenLevels = layout.counter(
            "churn_unseen_levels_total", help: "Inputs of stored predictions with a level that training never saw.")
        waitingRows = layout.gauge("churn_waiting_rows", help: "Rows that wait to be committed.")
        waitingReads = layout.gauge("churn_waiting_reads", help: "Reads that wait for PostgreSQL.")
        connections = layout.gauge("churn_http_connections", help: "Open connections of clients.")
    }
}
