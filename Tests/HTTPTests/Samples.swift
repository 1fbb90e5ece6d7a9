import Bytes
import HTTP

/// Octets given as text; `\u{80}` to `\u{FF}` stand for one octet each.
func octets(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

/// The text of `bytes` with one character an octet.
func latin1(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(Unicode.Scalar(byte)) }
    return String(text)
}

/// The text of one range of `bytes`.
func latin1(_ bytes: [UInt8], _ range: Range<Int>?) -> String? { range.map { latin1(bytes[$0]) } }

/// What a parser said about some octets.
enum Outcome {
    case incomplete
    case complete(RequestHead)
    case refused(RequestRule)
}

/// Parses the head at the front of `bytes`.
func parseHead(_ bytes: [UInt8], _ limits: Limits = Limits()) -> Outcome {
    var scan = HeadScan()
    do {
        guard let head = try RequestParser(limits: limits).parse(bytes.span, from: 0, scan: &scan) else {
            return .incomplete
        }
        return .complete(head)
    } catch {
        return .refused(error.rule)
    }
}
