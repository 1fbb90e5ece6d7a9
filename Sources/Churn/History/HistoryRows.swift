import Bytes

/// A page whose rows are rendered, while it waits to learn where the next page begins.
final class HistoryRows {
    /// The rows, as `HistoryPage` wrote them, without the end.
    var text: ByteBuffer
    let csv: Bool

    init(_ text: consuming ByteBuffer, csv: Bool) {
        self.text = text
        self.csv = csv
    }
}
