import HTTP

/// Octets given as text; each of `\u{80}` to `\u{FF}` stands for one octet.
func octets(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

/// The text of `bytes` with one character an octet.
func latin1(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(Unicode.Scalar(byte)) }
    return String(text)
}

/// `count` times the letter `a`.
func filler(_ count: Int) -> String { String(repeating: "a", count: count) }
