import Bytes
import Postgres
import TestSupport
import Testing

@Suite struct BinaryCopyTests {
    private func decimal(_ text: String) -> DecimalNumber? { DecimalNumber(Array(text.utf8).span) }

    @Test(arguments: [
        "0", "0.00", "1", "-1", "12.5", "12.50", "9999", "10000", "10000.0001", "100000000", "0.0001", "0.00001",
        "123456789012345678", "-0.123456789012345678", "1234.5678", "1000000", "1e3", "2.5e-7", "1E+2", ".5", "5.",
        "+7.10", "0.100000000000000000", "00012.30", "1e-20",
    ]) func `a decimal number arrives as PostgreSQL itself reads it`(text: String) throws {
        var connection = try Connection(TemporaryPostgres.shared.makeDatabase(), as: .command)
        try connection.run(script: "CREATE TABLE t (a numeric, b text)")
        var rows = BinaryCopy(fieldCount: 2, capacity: 64)
        rows.beginRow()
        rows.append(decimal: try #require(decimal(text)))
        rows.append(text: Array(text.utf8).span)
        rows.finish()
        try connection.beginCopy("COPY t FROM STDIN (FORMAT binary)")
        try connection.copy(rows.bytes)
        #expect(try connection.finishCopy() == 1)
        let same = try connection.execute("SELECT a = b::numeric, scale(a) = scale(b::numeric), a::text FROM t")
        #expect(same.boolean(0, 0) == true && same.boolean(0, 1) == true, "\(same.text(0, 2) ?? "")")
    }

    @Test(arguments: [
        "", ".", "-", "+.", "1,5", "1.2.3", "1e", "e1", "1e+", "1e100", "0x1", "nan", "inf", " 1", "1 ",
        "1234567890123456789",
        "1e-37", "--1", "1e20",
    ]) func `what is no decimal number of 18 digits is none`(text: String) {
        #expect(decimal(text) == nil)
    }

    @Test func `a row that was taken back is not sent`() throws {
        var connection = try Connection(TemporaryPostgres.shared.makeDatabase(), as: .command)
        try connection.run(script: "CREATE TABLE t (a int, b text, c timestamptz)")
        var rows = BinaryCopy(fieldCount: 3, capacity: 64)
        rows.beginRow()
        rows.append(integer: 1)
        rows.append(text: Array("grüß".utf8).span)
        rows.append(microsecondsSince1970: -1)
        try connection.beginCopy("COPY t FROM STDIN (FORMAT binary)")
        try connection.copy(rows.bytes)
        rows.removeAll()
        rows.beginRow()
        rows.append(integer: 2)
        rows.cancelRow()
        rows.beginRow()
        rows.append(integer: 3)
        rows.appendNull()
        rows.appendNull()
        rows.finish()
        try connection.copy(rows.bytes)
        #expect(try connection.finishCopy() == 2)
        let found = try connection.execute("SELECT a, b, c FROM t ORDER BY a")
        #expect(found.integer(0, 0) == 1 && found.text(0, 1) == "grüß" && found.timestamp(0, 2) == -1)
        #expect(found.integer(1, 0) == 3 && found.text(1, 1) == nil)
    }
}
