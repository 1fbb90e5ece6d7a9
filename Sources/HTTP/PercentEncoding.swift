public import Bytes

extension ByteBuffer {
    /// Appends `text` as it stands in a request target: all but the unreserved characters of RFC 3986 §2.3 escaped.
    public mutating func append(percentEncoding text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: append(byte: byte)
            default:
                append(byte: 0x25)
                append(hexadecimal: byte)
            }
        }
    }
}
