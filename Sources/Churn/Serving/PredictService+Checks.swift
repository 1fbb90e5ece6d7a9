import Bytes
import Gzip
import HTTP
import Server

/// What is looked at before the body of a prediction is read.
extension PredictService {
    /// Why this request will not be served, whenever it comes.
    func whyNot(_ head: RequestHead, _ bytes: borrowing ByteBuffer) -> Problem? {
        let span = bytes.span
        if let type = head.contentType, !MediaType.json.matches(contentType: span.extracting(type)) {
            return Problem(.unsupportedMediaType, "unsupported-media-type", "The body must be application/json.")
        }
        if head.accept != nil, Negotiation.preferred(among: [.json], span, accept: head.accept) == nil {
            return Problem(.notAcceptable, "not-acceptable", "The answer can be application/json only.")
        }
        return nil
    }

    /// Why no prediction can be stored now, as far as that is known beforehand.
    func whyNotNow() -> Problem? {
        if writes.writer == .away {
            office.metrics.refused(.unavailable)
            return Refusal.unavailable.problem(for: nil)
        }
        if !office.state.isDurable {
            office.metrics.refused(.unavailable)
            return .unavailable(
                "not-durable", "PostgreSQL runs with settings that can lose a commit; see /health/ready.")
        }
        return nil
    }

    /// Unpacks a body with a content coding into `unpacked`.
    mutating func unpack(_ request: Request, _ bytes: borrowing ByteBuffer) throws(RequestError) {
        unpacked.removeAll()
        guard try ContentCoding(bytes.span, contentEncoding: request.head.contentEncoding) == .gzip else {
            return unpacked.append(bytes, request.body)
        }
        do throws(GzipError) {
            try gunzip(bytes, request.body, into: &unpacked, limit: bodyBytesMax)
        } catch {
            throw RequestError(error == .tooLarge ? .bodyTooLarge : .malformedContentCoding)
        }
    }
}

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

/// Takes a buffer out of its place and leaves an empty one.
func take(_ buffer: inout ByteBuffer) -> ByteBuffer {
    var taken = ByteBuffer(capacity: 16)
    swap(&taken, &buffer)
    return taken
}
