/// What a registered model is used for.
///
/// The raw value is what the table keeps.
enum ModelState: String, Sendable {
    /// Trained, and not yet judged.
    case candidate
    /// The one that serves; there is one at most.
    case champion
    /// Was champion once.
    case retired
    /// Judged, and not good enough.
    case refused
}
