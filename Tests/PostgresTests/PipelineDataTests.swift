import Bytes
import Postgres
import TestSupport
import Testing

/// What goes through a pipeline: sizes, types, shapes.
@Suite struct PipelineDataTests {
    private let conninfo: String

    init() throws { conninfo = try TemporaryPostgres.shared.makeDatabase() }

    private func driver(_ statements: [(String, String)] = []) throws -> PipelineDriver {
        var connection = try Connection(conninfo, as: .writer)
        for (name, sql) in statements { try connection.prepare(name, sql) }
        return PipelineDriver(try connection.intoPipeline())
    }

    @Test func `parameters larger than the socket's buffer and answers of megabytes get through`() throws {
        var driver = try driver([("echo", "SELECT repeat(word, 3), word FROM unnest($1::text[]) AS word")])
        var words: InlineArray<1, BinaryArray> = [BinaryArray(.text)]
        let word = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
        for _ in 0..<8 { words[0].append(word.span) }
        driver.rows = { result in
            let intact = (0..<result.rowCount).allSatisfy {
                result.bytes($0, 0).count == 3_000_000 && result.text($0, 1) == String(decoding: word, as: UTF8.self)
            }
            return "\(result.rowCount) rows \(intact)"
        }
        for _ in 0..<3 {
            driver.pipeline.send("echo", columns: words.span)
            driver.pipeline.sync()
        }
        #expect(
            try driver.settle() == ["8 rows true", "committed", "8 rows true", "committed", "8 rows true", "committed"])
        #expect(driver.blockedWrites > 0)
    }

    @Test func `every column type arrives, with NULLs between`() throws {
        var driver = try driver([
            (
                "types",
                """
                SELECT string_agg(concat_ws(' ', a, b, c, d, e, f, g, h, i, j), '; ') FROM unnest($1::bool[], $2::bytea[],
                    $3::bigint[], $4::int[], $5::text[], $6::float8[], $7::date[], $8::timestamptz[], $9::uuid[],
                    $10::jsonb[]) AS t (a, b, c, d, e, f, g, h, i, j)
                """
            )
        ])
        let types: InlineArray<10, PostgresType> = [
            .boolean, .bytes, .bigInteger, .integer, .text, .double, .date, .timestamp, .uuid, .json,
        ]
        var columns = InlineArray<10, BinaryArray> { BinaryArray(types[$0], capacity: 0) }
        for index in columns.indices { columns[index].appendNull() }
        columns[0].append(boolean: true)
        columns[1].append([0xFF as UInt8].span)
        columns[2].append(bigInteger: .min)
        columns[3].append(integer: -1)
        columns[4].append("tëxt")
        columns[5].append(double: 0.1)
        columns[6].append(daysSince1970: -1)
        columns[7].append(microsecondsSince1970: 1)
        columns[8].append(uuid: 1)
        let start = columns[9].beginElement()
        columns[9].bytes.append("{\"b\":1,\"a\":-0}")
        columns[9].endElement(start)
        for index in columns.indices { columns[index].appendNull() }
        driver.rows = { $0.text(0, 0) ?? "NULL" }
        driver.pipeline.send("types", columns: columns.span)
        // Emptied and cut: nothing of before is left.
        for index in columns.indices { columns[index].removeAll() }
        columns[3].append(integer: 7)
        let offset = columns[3].bytes.count
        columns[3].append(integer: 8)
        columns[3].truncate(to: 1, offset: offset)
        driver.pipeline.send("types", columns: columns.span)
        driver.pipeline.sync()
        #expect(
            try driver.settle() == [
                "; t \\xff -9223372036854775808 -1 tëxt 0.1 1969-12-31 1970-01-01 00:00:00.000001+00 "
                    + "00000000-0000-0000-0000-000000000001 {\"a\": 0, \"b\": 1}; ", "7", "committed",
            ])
    }

    @Test func `single values arrive, prepared or not, behind columns or alone`() throws {
        let sql =
            "SELECT concat_ws(' ', $1::bool, $2::int, $3::bigint, $4::float8, $5::uuid, $6::date, $7::timestamptz, $8::text, $9::jsonb, $10::text)"
        var driver = try driver([
            ("both", "SELECT concat_ws(' ', n, $2::int) FROM unnest($1::int[]) AS n"), ("values", sql),
        ])
        var values = BinaryParameters(capacity: 0)
        values.append(boolean: false)
        values.append(integer: -1)
        values.append(bigInteger: .max)
        values.append(double: 1e300)
        values.append(uuid: .max)
        values.append(daysSince1970: 0)
        values.append(microsecondsSince1970: -1)
        values.append(text: "")
        values.append(json: Array("[1]".utf8).span)
        values.appendNull(.text)
        driver.rows = { $0.text(0, 0) ?? "NULL" }
        driver.pipeline.send("values", values)
        driver.pipeline.send(sql: sql, values)
        values.removeAll()
        values.append(integer: 2)
        var column: InlineArray<1, BinaryArray> = [BinaryArray(.integer)]
        column[0].append(integer: 1)
        driver.pipeline.send("both", columns: column.span, values)
        driver.pipeline.sync()
        let line =
            "f -1 9223372036854775807 1e+300 ffffffff-ffff-ffff-ffff-ffffffffffff 1970-01-01 "
            + "1969-12-31 23:59:59.999999+00  [1]"
        #expect(try driver.settle() == [line, line, "1 2", "committed"])
    }

    @Test func `a statement that was not prepared is an error of its batch`() throws {
        var driver = try driver()
        driver.pipeline.send("nobody", BinaryParameters())
        driver.pipeline.sync()
        #expect(try driver.settle() == ["failed PostgreSQL refused (26000)", "refused PostgreSQL refused (26000)"])
        driver.pipeline.sync()
        #expect(try driver.settle() == ["committed"])
    }

    @Test func `as many batches as allowed may be outstanding, again and again`() throws {
        var driver = try driver([("echo", "SELECT $1::int")])
        driver.rows = { "\($0.integer(0, 0) ?? -1)" }
        for round in 0..<3 as Range<Int32> {
            for index in 0..<Int32(Pipeline.batchesMax) {
                var values = BinaryParameters()
                values.append(integer: round * 1000 + index)
                driver.pipeline.send("echo", values)
                driver.pipeline.sync()
            }
            let lines = try driver.settle()
            #expect(lines == (0..<Pipeline.batchesMax).flatMap { ["\(Int(round) * 1000 + $0)", "committed"] })
        }
    }
}
