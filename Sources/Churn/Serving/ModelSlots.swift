import Bytes
import Synchronization

/// The label `model` of the predictions: versions are not known when the metrics are declared.
///
/// The first versions that serve in the life of a process get a place each; should there be more, the rest share the
/// last one as `other`, so that the set of labels stays closed.
final class ModelSlots: Sendable {
    static let count = 16

    private let versions = Mutex<[String]>([])

    /// The place of a version.
    func slot(of version: String) -> Int {
        versions.withLock { versions in
            if let known = versions.firstIndex(of: version) { return known }
            guard versions.count < Self.count - 1 else { return Self.count - 1 }
            versions.append(version)
            return versions.count - 1
        }
    }

    /// Appends the predictions by model and decision.
    func write(_ workers: [WorkerMetrics], into body: inout ByteBuffer) {
        let versions = self.versions.withLock { $0 }
        body.append("# HELP churn_predictions_total Stored predictions by model and decision.\n")
        body.append("# TYPE churn_predictions_total counter\n")
        for slot in 0..<Self.count where slot < versions.count || slot == Self.count - 1 {
            let label = slot < versions.count ? versions[slot] : "other"
            for churn in [false, true] {
                let total = workers.reduce(0) { $0 + $1.predictions(slot: slot, churn: churn) }
                if slot == Self.count - 1, total == 0 { continue }
                body.append("churn_predictions_total{model=\"")
                body.append(text: label)
                body.append(churn ? "\",decision=\"churn\"} " : "\",decision=\"stay\"} ")
                body.append(decimal: total)
                body.append(byte: 0x0A)
            }
        }
    }
}
