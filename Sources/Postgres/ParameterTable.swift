import Bytes

/// The pointers, lengths, types and formats that libpq wants for the parameters of one call, made once and used again.
@safe
struct ParameterTable: ~Copyable, Sendable {
    static let countMax = 64

    nonisolated(unsafe) let values: UnsafeMutablePointer<UnsafePointer<CChar>?>
    nonisolated(unsafe) let lengths: UnsafeMutablePointer<CInt>
    nonisolated(unsafe) let types: UnsafeMutablePointer<UInt32>
    /// All 1: binary.
    nonisolated(unsafe) let formats: UnsafeMutablePointer<CInt>
    private(set) var count = 0

    init() {
        unsafe values = .allocate(capacity: Self.countMax)
        unsafe lengths = .allocate(capacity: Self.countMax)
        unsafe types = .allocate(capacity: Self.countMax)
        unsafe formats = .allocate(capacity: Self.countMax)
        unsafe values.initialize(repeating: nil, count: Self.countMax)
        unsafe lengths.initialize(repeating: 0, count: Self.countMax)
        unsafe types.initialize(repeating: 0, count: Self.countMax)
        unsafe formats.initialize(repeating: 1, count: Self.countMax)
    }

    deinit {
        unsafe values.deallocate()
        unsafe lengths.deallocate()
        unsafe types.deallocate()
        unsafe formats.deallocate()
    }

    mutating func removeAll() { count = 0 }

    /// Points at the arrays, which the caller must keep borrowed until the call is made.
    mutating func append(_ columns: Span<BinaryArray>) {
        for index in columns.indices {
            let type = arrayType(of: columns[index].type)
            unsafe columns[index].bytes.withUnsafeBytes { memory in
                unsafe append(memory.baseAddress, count: memory.count, type: type)
            }
        }
    }

    /// Points at the values, which the caller must keep borrowed until the call is made.
    mutating func append(_ scalars: borrowing BinaryParameters) {
        unsafe scalars.bytes.withUnsafeBytes { memory in
            for index in 0..<scalars.count {
                let slot = scalars.slots[index]
                let start = unsafe slot.count < 0 ? nil : memory.baseAddress.map { unsafe $0 + Int(slot.offset) }
                unsafe append(start, count: max(Int(slot.count), 0), type: slot.type.rawValue)
            }
        }
    }

    private mutating func append(_ start: UnsafeRawPointer?, count bytes: Int, type: UInt32) {
        precondition(count < Self.countMax, "more than \(Self.countMax) parameters")
        unsafe values[count] = unsafe start?.assumingMemoryBound(to: CChar.self)
        unsafe lengths[count] = CInt(bytes)
        unsafe types[count] = type
        count += 1
    }
}

/// The object id of the array of a type in PostgreSQL's `pg_type`.
private func arrayType(of type: PostgresType) -> UInt32 {
    switch type {
    case .boolean: 1000
    case .bytes: 1001
    case .smallInteger: 1005
    case .integer: 1007
    case .text: 1009
    case .bigInteger: 1016
    case .double: 1022
    case .date: 1182
    case .timestamp: 1185
    case .numeric: 1231
    case .uuid: 2951
    case .json: 3807
    }
}
