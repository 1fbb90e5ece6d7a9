package import Bytes
import CPostgres

/// Typed values of columns: nil is NULL.
///
/// Asking for a type that the column does not have is a mistake in the program and stops it: cast in the statement.
extension QueryResult {
    package func isNull(_ row: Int, _ column: Int) -> Bool {
        check(row, column)
        return unsafe PQgetisnull(handle, CInt(row), CInt(column)) == 1
    }

    /// The bytes of a value as PostgreSQL sent them; empty for NULL.
    ///
    /// A value of type jsonb comes without the byte of its version, so it is JSON text.
    @_lifetime(borrow self)
    package borrowing func bytes(_ row: Int, _ column: Int) -> Span<UInt8> {
        let (start, count) = unsafe location(row, column)
        let view = unsafe Span(_unsafeStart: start, count: count)
        return unsafe _overrideLifetime(view, borrowing: self)
    }

    /// A value of type text, varchar, name, json or jsonb.
    package func text(_ row: Int, _ column: Int) -> String? {
        if isNull(row, column) { return nil }
        let kind = unsafe PQftype(handle, CInt(column))
        precondition(
            [18, 19, 25, 114, 705, 1042, 1043, 3802].contains(kind),
            "column \(column) has type \(kind): cast it to text")
        let (start, count) = unsafe location(row, column)
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A value of type smallint, integer, bigint or oid.
    package func integer(_ row: Int, _ column: Int) -> Int? {
        if isNull(row, column) { return nil }
        switch unsafe PQftype(handle, CInt(column)) {
        case 20: return Int(load(row, column, as: Int64.self))
        case 21: return Int(load(row, column, as: Int16.self))
        case 23: return Int(load(row, column, as: Int32.self))
        case 26: return Int(load(row, column, as: UInt32.self))
        case let kind: preconditionFailure("column \(column) has type \(kind), which is no integer")
        }
    }

    package func double(_ row: Int, _ column: Int) -> Double? {
        if isNull(row, column) { return nil }
        switch unsafe PQftype(handle, CInt(column)) {
        case 700: return Double(Float(bitPattern: load(row, column, as: UInt32.self)))
        case 701: return Double(bitPattern: load(row, column, as: UInt64.self))
        case let kind: preconditionFailure("column \(column) has type \(kind), which is no double precision")
        }
    }

    package func boolean(_ row: Int, _ column: Int) -> Bool? {
        guard has(.boolean, row, column) else { return nil }
        return load(row, column, as: UInt8.self) != 0
    }

    package func uuid(_ row: Int, _ column: Int) -> UInt128? {
        guard has(.uuid, row, column) else { return nil }
        return load(row, column, as: UInt128.self)
    }

    /// A timestamptz, in microseconds since 1970.
    package func timestamp(_ row: Int, _ column: Int) -> Int? {
        guard has(.timestamp, row, column) else { return nil }
        return Int(load(row, column, as: Int64.self)) + PostgresEpoch.microseconds
    }

    /// A date, in days since 1970.
    package func date(_ row: Int, _ column: Int) -> Int? {
        guard has(.date, row, column) else { return nil }
        return Int(load(row, column, as: Int32.self)) + PostgresEpoch.days
    }

    /// A value of type bytea.
    package func binary(_ row: Int, _ column: Int) -> [UInt8]? {
        guard has(.bytes, row, column) else { return nil }
        let (start, count) = unsafe location(row, column)
        return unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    }

    /// Appends the bytes of a value, without an allocation of its own; nothing for NULL.
    package func append(_ row: Int, _ column: Int, to buffer: inout ByteBuffer) {
        buffer.append(bytes(row, column))
    }
}

extension QueryResult {
    private func check(_ row: Int, _ column: Int) {
        precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
        precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
    }

    /// Whether the value is not NULL; traps when the column is of another type.
    private func has(_ type: PostgresType, _ row: Int, _ column: Int) -> Bool {
        if isNull(row, column) { return false }
        let kind = unsafe PQftype(handle, CInt(column))
        precondition(kind == type.rawValue, "column \(column) has type \(kind), not \(type)")
        return true
    }

    /// Where the bytes of a value are, behind the version byte where it is jsonb.
    private func location(_ row: Int, _ column: Int) -> (start: UnsafePointer<UInt8>, count: Int) {
        check(row, column)
        precondition(unsafe PQfformat(handle, CInt(column)) == 1, "column \(column) did not come in binary form")
        // libpq gives an empty string, not a null pointer, for NULL.
        let start = unsafe UnsafeRawPointer(PQgetvalue(handle, CInt(row), CInt(column))!)
        let count = unsafe Int(PQgetlength(handle, CInt(row), CInt(column)))
        let bytes = unsafe start.assumingMemoryBound(to: UInt8.self)
        if unsafe count > 0 && PQftype(handle, CInt(column)) == PostgresType.json.rawValue {
            return unsafe (bytes + 1, count - 1)
        }
        return unsafe (bytes, count)
    }

    private func load<Value: FixedWidthInteger>(_ row: Int, _ column: Int, as type: Value.Type) -> Value {
        let (start, count) = unsafe location(row, column)
        precondition(count == Value.bitWidth / 8, "column \(column) has \(count) bytes")
        return unsafe Value(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: Value.self))
    }
}
