import Report
import Testing

struct FormatTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-12_345, "−12,345")])
    func `counts have separators of thousands`(count: Int, text: String) {
        #expect(Format.count(count) == text)
    }

    @Test func `one thing is one, and two are several`() {
        #expect(Format.count(1, of: "customer") == "1\u{A0}customer")
        #expect(Format.count(2_250, of: "customer") == "2,250\u{A0}customers")
    }

    @Test(arguments: [
        (0.1234, "12.3\u{A0}%"), (0, "0\u{A0}%"), (1, "100\u{A0}%"), (0.0001, "<\u{A0}0.1\u{A0}%"),
        (0.9999, ">\u{A0}99.9\u{A0}%"), (.nan, "–"),
    ])
    func `percentages never round something to nothing or to all`(share: Double, text: String) {
        #expect(Format.percent(share) == text)
    }

    @Test(arguments: [
        (0, "0"), (12, "12"), (1.5, "1.5"), (0.0123, "0.0123"), (172.335, "172"), (1_234.5, "1,235"), (-0.25, "−0.25"),
        (1e-9, "1.000e-9"), (2.5e14, "2.500e14"), (.infinity, "–"), (1e-4, "0.0001"),
    ])
    func `plain numbers have as many digits as say something`(value: Double, text: String) {
        #expect(Format.plain(value) == text)
    }

    @Test func `fixed decimals, factors and intervals`() {
        #expect(Format.number(nil, decimals: 3) == "–")
        #expect(Format.number(-0.00001, decimals: 3) == "0.000")
        #expect(Format.number(12_345.678, decimals: 1) == "12,345.7")
        #expect(Format.factor(1.4142) == "×\u{A0}1.41")
        #expect(Format.interval(factors: 0.226...1.4) == "0.23 to 1.40")
        #expect(Format.factor(0.0012) == "×\u{A0}0.0012")
        #expect(Format.factor(.infinity) == "×\u{A0}–")
        #expect(Format.interval(0.763...0.7896, decimals: 3) == "0.763 to 0.790")
        #expect(Format.interval(percent: 0.1...0.25) == "10.0 to 25.0\u{A0}%")
        #expect(Format.count(12.5) == "12.5")
        #expect(Format.count(1_234.5) == "1,235" || Format.count(1_234.5) == "1,234")
        #expect(Format.count(3.0) == "3")
    }

    @Test func `a name of a thousand letters is cut`() {
        let name = Format.name(String(repeating: "ж", count: 1_000))
        #expect(name == String(repeating: "ж", count: 59) + "…")
        #expect(Format.name("tenure") == "tenure")
    }
}
