/// Where a prediction was asked for.
///
/// The raw value is what the table keeps.
enum Source: String {
    case http, kafka, score
}
