/// What became of one file.
struct LoadedFile: Sendable {
    enum Status: String, Sendable {
        case done
        /// The same bytes were loaded before.
        case unchanged
        /// Its rows took the place of those of an earlier load.
        case replaced
    }

    /// As it was given.
    var path: String
    var status = Status.done
    var loadID: Int
    var sha256: String
    /// Of the file, packed ones where it is gzip.
    var bytes = 0
    /// Records, the header apart.
    var lines = 0
    var inserted = 0
    /// Events whose id was there before.
    var duplicates = 0
    var rejected = 0
    var rejectsPath: String?
    /// Microseconds since 1970, of the first and the last event.
    var period: ClosedRange<Int>?
}
