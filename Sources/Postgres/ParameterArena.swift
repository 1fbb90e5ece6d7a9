import Bytes

/// The parameters of one call, as libpq wants them: pointers into one run of bytes, lengths, types, formats.
///
/// For commands; it allocates.
struct ParameterArena: ~Copyable {
    private var bytes = ByteBuffer(capacity: 256)
    private var starts: [Int?] = []
    private var lengths: [CInt] = []
    private var types: [UInt32] = []
    private var formats: [CInt] = []

    init(_ parameters: [Parameter]) throws(PostgresError) {
        for parameter in parameters {
            let start = bytes.count
            parameter.append(to: &bytes)
            lengths.append(CInt(bytes.count - start))
            let isBinary = if case .bytes = parameter { true } else { false }
            types.append(isBinary ? PostgresType.bytes.rawValue : 0)
            formats.append(isBinary ? 1 : 0)
            if case .null = parameter { starts.append(nil) } else { starts.append(start) }
            if isBinary { continue }
            // libpq reads a text up to its first NUL: what lies behind one would be lost without a word.
            for offset in start..<bytes.count where bytes[offset] == 0 {
                throw PostgresError(.refused, sqlState: "22021", reason: "a text contains a NUL")
            }
            bytes.append(byte: 0)
        }
    }

    var count: CInt { CInt(starts.count) }

    /// Calls `body` with types, values, lengths and formats, which are valid for the call.
    borrowing func withPointers<Result>(
        _ body: (
            UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> Result
    ) -> Result {
        unsafe bytes.withUnsafeBytes { memory in
            let base = unsafe memory.baseAddress!.assumingMemoryBound(to: CChar.self)
            let values = unsafe starts.map { start in unsafe start.map { unsafe base + $0 } }
            return unsafe body(types, values, lengths, formats)
        }
    }
}
