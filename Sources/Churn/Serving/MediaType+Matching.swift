import HTTP

extension MediaType {
    /// Whether a Content-Type names this type, whatever its parameters.
    func matches(contentType: Span<UInt8>) -> Bool {
        let name = self.contentType
        let length = name.utf8CodeUnitCount
        guard contentType.count >= length else { return false }
        for offset in 0..<length {
            let byte = contentType[offset]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            guard name.withUTF8Buffer({ unsafe $0[offset] }) == lower else { return false }
        }
        if contentType.count == length { return true }
        let next = contentType[length]
        return next == 0x3B || next == 0x20 || next == 0x09
    }
}
