import Bytes
import HTTP

extension MediaType {
    /// Whether a Content-Type names this type, whatever its parameters.
    func matches(contentType: Span<UInt8>) -> Bool {
        let name = self.contentType
        let length = name.utf8CodeUnitCount
        guard contentType.count >= length, contentType.equalsIgnoringCase(0..<length, name) else { return false }
        if contentType.count == length { return true }
        let next = contentType[length]
        return next == 0x3B || next == 0x20 || next == 0x09
    }
}
