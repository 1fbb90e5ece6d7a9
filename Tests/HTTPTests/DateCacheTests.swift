import Bytes
import HTTP
import Testing

@Suite struct DateCacheTests {
    private func text(_ date: DateCache) -> String {
        var output = ByteBuffer()
        date.append(to: &output)
        return output.text
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"),
        (1_798_761_600, "Fri, 01 Jan 2027 00:00:00 GMT"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
        (1_785_888_000, "Wed, 05 Aug 2026 00:00:00 GMT"), (1_784_332_800, "Sat, 18 Jul 2026 00:00:00 GMT"),
        (1_776_643_200, "Mon, 20 Apr 2026 00:00:00 GMT"),
    ])
    func `dates`(_ second: Int, _ date: String) {
        #expect(text(DateCache(secondsSince1970: second)) == "Date: \(date)\r\n")
    }

    @Test func `the line changes with the second`() {
        var date = DateCache(secondsSince1970: 0)
        date.update(secondsSince1970: 0)
        #expect(text(date) == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
        date.update(secondsSince1970: 61)
        #expect(text(date) == "Date: Thu, 01 Jan 1970 00:01:01 GMT\r\n")
        // The wall clock may be set back.
        date.update(secondsSince1970: 59)
        #expect(text(date) == "Date: Thu, 01 Jan 1970 00:00:59 GMT\r\n")
    }
}
