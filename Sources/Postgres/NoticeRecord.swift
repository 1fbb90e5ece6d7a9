import CPostgres

/// What libpq's notice receiver has heard on one connection.
///
/// It lives at a fixed address for as long as the connection, because libpq keeps a pointer to it.
struct NoticeRecord {
    /// Notices beyond these are counted as heard, and forgotten.
    static let keptMax = 8

    private var kept = InlineArray<8, Notice>(repeating: Notice(severity: .notice, sqlState: nil))
    private var first = 0
    private var count = 0

    /// Whether a warning, or worse, came since this was last set to false.
    var hasWarning = false

    mutating func hear(_ notice: Notice) {
        if notice.severity >= .warning { hasWarning = true }
        if count == Self.keptMax { return }
        kept[(first + count) % Self.keptMax] = notice
        count += 1
    }

    /// The oldest notice that nobody has taken yet.
    mutating func take() -> Notice? {
        if count == 0 { return nil }
        defer {
            first = (first + 1) % Self.keptMax
            count -= 1
        }
        return kept[first]
    }

    /// Makes a record and has `handle` write into it; the caller frees it after `PQfinish`.
    static func attach(to handle: OpaquePointer) -> UnsafeMutablePointer<NoticeRecord> {
        let record = UnsafeMutablePointer<NoticeRecord>.allocate(capacity: 1)
        unsafe record.initialize(to: NoticeRecord())
        _ = unsafe PQsetNoticeReceiver(
            handle,
            { context, result in
                guard let context = unsafe context, let result = unsafe result else { return }
                let notice = unsafe Notice(
                    severity: Severity(PQresultErrorField(result, DiagnosticField.severity)),
                    sqlState: SQLState(PQresultErrorField(result, DiagnosticField.sqlState)))
                unsafe context.assumingMemoryBound(to: NoticeRecord.self).pointee.hear(notice)
            }, record)
        return unsafe record
    }
}
