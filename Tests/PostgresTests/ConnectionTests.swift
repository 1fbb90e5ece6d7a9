import Bytes
import Postgres
import TestSupport
import Testing

@Suite struct ConnectionTests {
    private let conninfo: String

    init() throws { conninfo = try TemporaryPostgres.shared.makeDatabase() }

    @Test func `every type comes back as it went`() throws {
        var connection = try Connection(conninfo, as: .command)
        let result = try connection.execute(
            """
            SELECT $1::bigint, $2::text, $3::float8, $4::boolean, $5::uuid, $6::bytea, $7::timestamptz, $8::date,
                $9::jsonb, $10::int, $11::text
            """,
            -5, "grüß", 0.1, true, .uuid(0x0192_9b1e_7f00_7abc_8def_0123_4567_89ab), .bytes([0, 1, 255]),
            .timestamp(-1), .date(-1), "{\"a\": 1}", .null, .null)
        #expect(result.rowCount == 1 && result.columnCount == 11)
        #expect(result.integer(0, 0) == -5)
        #expect(result.text(0, 1) == "grüß")
        #expect(result.double(0, 2) == 0.1)
        #expect(result.boolean(0, 3) == true)
        #expect(result.uuid(0, 4) == 0x0192_9b1e_7f00_7abc_8def_0123_4567_89ab)
        #expect(result.binary(0, 5) == [0, 1, 255])
        #expect(result.timestamp(0, 6) == -1)
        #expect(result.date(0, 7) == -1)
        #expect(result.text(0, 8) == "{\"a\": 1}")
        #expect(result.integer(0, 9) == nil)
        #expect(result.text(0, 10) == nil)
        var buffer = ByteBuffer()
        result.append(0, 8, to: &buffer)
        result.append(0, 10, to: &buffer)
        #expect(buffer.text == "{\"a\": 1}")
    }
}
