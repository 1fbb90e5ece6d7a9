import Bytes

extension ByteBuffer {
    /// Appends `text` so that it is text in HTML and SVG, between tags and between quotes alike.
    ///
    /// A control character other than tab and line feed has no place in either (XML 1.0 §2.2): U+FFFD stands for it.
    mutating func append(escaped text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: append("&amp;")
            case 0x3C: append("&lt;")
            case 0x3E: append("&gt;")
            case 0x22: append("&quot;")
            case 0x27: append("&#39;")
            case 0x09, 0x0A: append(byte: byte)
            case 0..<0x20, 0x7F: append("\u{FFFD}")
            default: append(byte: byte)
            }
        }
    }
}
