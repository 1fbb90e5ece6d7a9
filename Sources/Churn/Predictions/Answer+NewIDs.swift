import Bytes

/// Answers that have been rendered, told anew with other ids.
extension Answer {
    /// Appends `text`, in which one answer after another stands, with other ids and the times that are in those.
    ///
    /// Quotes within strings are escaped, so nothing but a key of ours looks like one.
    ///
    /// - Parameter ids: one for each answer.
    static func rewrite(_ text: borrowing ByteBuffer, _ ids: [PredictionID], into output: inout ByteBuffer) {
        var place = 0
        for id in ids {
            place = copy(text, from: place, through: "\"prediction_id\":\"", into: &output)
            output.append(uuid: id.bits)
            place += 36
            place = copy(text, from: place, through: "\"created_at\":\"", into: &output)
            output.append(time: CivilTime(microsecondsSince1970: id.microseconds))
            while text[place] != 0x22 { place += 1 }
        }
        output.append(text, place..<text.count)
    }

    /// Appends `text` from `start` up to the end of the next `key`.
    ///
    /// - Returns: where that end is in `text`.
    private static func copy(
        _ text: borrowing ByteBuffer, from start: Int, through key: StaticString, into output: inout ByteBuffer
    ) -> Int {
        let length = key.utf8CodeUnitCount
        for place in start...(text.count - length) where text.span.equals(place..<place + length, key) {
            output.append(text, start..<place + length)
            return place + length
        }
        preconditionFailure("an answer has no \(key)")
    }
}
