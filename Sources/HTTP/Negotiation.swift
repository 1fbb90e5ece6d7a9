import Bytes

/// Choosing the form of an answer by what the request asks for (RFC 9110 §12.5).
///
/// Qualities are thousandths, 0 to 1000, 0 meaning "not acceptable" (§12.4.2). Elements of a list that are malformed count as
/// absent: the worst that follows is an answer in our favourite form.
public enum Negotiation {
    /// The one of `offers` that the client likes best, the first of equals; nil where it wants none of them.
    ///
    /// - Parameter accept: the value of Accept in `bytes`; nil where there is none, which means that anything is welcome.
    public static func preferred(
        among offers: [MediaType], _ bytes: Span<UInt8>, accept: Range<Int>?
    ) -> MediaType? {
        guard let accept, !accept.isEmpty else { return offers.first }
        var best: MediaType?
        var bestQuality = 0
        for offer in offers {
            let quality = quality(of: offer, bytes, accept)
            if quality > bestQuality { (best, bestQuality) = (offer, quality) }
        }
        return best
    }

    /// Whether an answer may be compressed with gzip, and is not liked better as it is.
    ///
    /// Without Accept-Encoding nothing is compressed: §12.5.3 would allow it, but a client that can decode says so.
    public static func acceptsGzip(_ bytes: Span<UInt8>, acceptEncoding: Range<Int>?) -> Bool {
        guard let acceptEncoding else { return false }
        var gzip: Int?
        var identity: Int?
        var any: Int?
        var list = ListReader(acceptEncoding)
        while let element = list.next(bytes) {
            let nameEnd = endOfElement(bytes, from: element.lowerBound, separator: 0x3B, to: element.upperBound)
            let name = bytes.trimmed(element.lowerBound..<nameEnd)
            let quality = quality(bytes, element)
            // §8.4.1.3: x-gzip is the same coding.
            if bytes.equalsIgnoringCase(name, "gzip") || bytes.equalsIgnoringCase(name, "x-gzip") {
                gzip = quality
            } else if bytes.equalsIgnoringCase(name, "identity") {
                identity = quality
            } else if bytes.equals(name, "*") {
                any = quality
            }
        }
        let wish = gzip ?? any ?? 0
        return wish > 0 && wish >= identity ?? 0
    }

    /// The quality of the most specific range that holds `type` (§12.5.1).
    private static func quality(of type: MediaType, _ bytes: Span<UInt8>, _ accept: Range<Int>) -> Int {
        var best = 0
        var bestPrecision = 0
        var list = ListReader(accept)
        while let element = list.next(bytes) {
            let precision = precision(of: MediaRange(bytes, element), for: type, bytes)
            if precision > bestPrecision {
                (best, bestPrecision) = (quality(bytes, element), precision)
            }
        }
        return best
    }

    /// How closely `range` describes `type`: 3 by name, 2 by its main type, 1 by `*/*`, 0 not at all.
    private static func precision(of range: MediaRange?, for type: MediaType, _ bytes: Span<UInt8>) -> Int {
        guard let range else { return 0 }
        let essence = type.essence
        let isAnySubtype = bytes.equals(range.subtype, "*")
        if bytes.equals(range.type, "*") { return isAnySubtype ? 1 : 0 }
        guard bytes.equalsIgnoringCase(range.type, essence.type) else { return 0 }
        if isAnySubtype { return 2 }
        return bytes.equalsIgnoringCase(range.subtype, essence.subtype) ? 3 : 0
    }

    /// The parameter `q` of one element, 1000 where it has none, 0 where it is malformed.
    private static func quality(_ bytes: Span<UInt8>, _ element: Range<Int>) -> Int {
        var start = endOfElement(bytes, from: element.lowerBound, separator: 0x3B, to: element.upperBound)
        while start < element.upperBound {
            let end = endOfElement(bytes, from: start + 1, separator: 0x3B, to: element.upperBound)
            let parameter = bytes.trimmed(start + 1..<end)
            if parameter.count >= 2, lowercase(bytes[parameter.lowerBound]) == 0x71,
                bytes[parameter.lowerBound + 1] == 0x3D
            {
                return thousandths(bytes, parameter.lowerBound + 2..<parameter.upperBound) ?? 0
            }
            start = end
        }
        return 1000
    }

    /// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )` (§12.4.2).
    private static func thousandths(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard (1...5).contains(range.count), bytes[range.lowerBound] & 0xFE == 0x30 else { return nil }
        var value = Int(bytes[range.lowerBound] & 1) * 1000
        var place = 100
        for offset in range.dropFirst() {
            if offset == range.lowerBound + 1 {
                guard bytes[offset] == 0x2E else { return nil }
            } else {
                guard isDigit(bytes[offset]) else { return nil }
                value += Int(bytes[offset] & 0x0F) * place
                place /= 10
            }
        }
        return value <= 1000 ? value : nil
    }
}
