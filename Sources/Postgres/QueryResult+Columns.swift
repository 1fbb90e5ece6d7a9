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
        let value = unsafe value(row, column)
        // The version stands before the text.
        let skipped = unsafe value.count > 0 && kind(column) == PostgresType.json.rawValue ? 1 : 0
        let view = unsafe Span(_unsafeStart: value.start + skipped, count: value.count - skipped)
        return unsafe _overrideLifetime(view, borrowing: self)
    }

    /// A value of type text, varchar, name, json or jsonb.
    package func text(_ row: Int, _ column: Int) -> String? {
        if isNull(row, column) { return nil }
        let kind = kind(column)
        precondition(
            [18, 19, 25, 114, 705, 1042, 1043, 3802].contains(kind),
            "column \(column) has type \(kind): cast it to text")
        let bytes = bytes(row, column)
        return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A value of type smallint, integer, bigint or oid.
    package func integer(_ row: Int, _ column: Int) -> Int? {
        switch kind(column) {
        case 20: return load(row, column, as: Int64.self).map { Int($0) }
        case 21: return load(row, column, as: Int16.self).map { Int($0) }
        case 23: return load(row, column, as: Int32.self).map { Int($0) }
        case 26: return load(row, column, as: UInt32.self).map { Int($0) }
        case let kind: preconditionFailure("column \(column) has type \(kind), which is no integer")
        }
    }

    package func double(_ row: Int, _ column: Int) -> Double? {
        switch kind(column) {
        case 700: return load(row, column, as: UInt32.self).map { Double(Float(bitPattern: $0)) }
        case 701: return load(row, column, as: UInt64.self).map { Double(bitPattern: $0) }
        case let kind: preconditionFailure("column \(column) has type \(kind), which is no double precision")
        }
    }

    package func boolean(_ row: Int, _ column: Int) -> Bool? {
        expect(.boolean, column)
        return load(row, column, as: UInt8.self).map { $0 != 0 }
    }

    package func uuid(_ row: Int, _ column: Int) -> UInt128? {
        expect(.uuid, column)
        return load(row, column, as: UInt128.self)
    }

    /// A timestamptz, in microseconds since 1970.
    package func timestamp(_ row: Int, _ column: Int) -> Int? {
        expect(.timestamp, column)
        return load(row, column, as: Int64.self).map { Int($0) + PostgresEpoch.microseconds }
    }

    /// A date, in days since 1970.
    package func date(_ row: Int, _ column: Int) -> Int? {
        expect(.date, column)
        return load(row, column, as: Int32.self).map { Int($0) + PostgresEpoch.days }
    }

    /// A value of type bytea.
    package func binary(_ row: Int, _ column: Int) -> [UInt8]? {
        expect(.bytes, column)
        if isNull(row, column) { return nil }
        let value = unsafe value(row, column)
        return unsafe [UInt8](UnsafeBufferPointer(start: value.start, count: value.count))
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

    /// The object id of a column's type.
    private func kind(_ column: Int) -> UInt32 { unsafe PQftype(handle, CInt(column)) }

    /// Traps when the column is of another type.
    private func expect(_ type: PostgresType, _ column: Int) {
        let kind = kind(column)
        precondition(kind == type.rawValue, "column \(column) has type \(kind), not \(type)")
    }

    /// Where the bytes of a value are; none of NULL.
    ///
    /// Every call to libpq looks for the row and the column again: as few as can be.
    private func value(_ row: Int, _ column: Int) -> (start: UnsafePointer<UInt8>, count: Int) {
        check(row, column)
        precondition(isBinary, "column \(column) did not come in binary form")
        // libpq gives an empty string, not a null pointer, for NULL.
        let start = unsafe UnsafeRawPointer(PQgetvalue(handle, CInt(row), CInt(column))!)
        let count = unsafe Int(PQgetlength(handle, CInt(row), CInt(column)))
        return unsafe (start.assumingMemoryBound(to: UInt8.self), count)
    }

    /// Nil for NULL.
    private func load<Value: FixedWidthInteger>(_ row: Int, _ column: Int, as type: Value.Type) -> Value? {
        let value = unsafe value(row, column)
        if unsafe value.count == 0, isNull(row, column) { return nil }
        precondition(unsafe value.count == Value.bitWidth / 8, "column \(column) has \(unsafe value.count) bytes")
        return unsafe Value(bigEndian: UnsafeRawPointer(value.start).loadUnaligned(as: Value.self))
    }
}
