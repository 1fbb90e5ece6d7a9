import Bytes
import Gzip
import HTTP
import Server

/// New ids for rows that are in a batch, and the answers that tell them.
extension Batch {
    /// Gives the rows of some replies new ids, and with them the times that are in the ids.
    mutating func renumber(
        _ range: Range<Int>, _ ids: inout PredictionIDGenerator, _ microseconds: Int, _ date: DateCache
    ) {
        for index in range {
            let rows = replies[index].rows
            let fresh = rows.map { _ in ids.next(at: microseconds) }
            for (row, id) in zip(rows, fresh) {
                columns.renumber(row, id)
                if keepsEvents { events.renumber(row, id) }
            }
            guard let first = fresh.first else { continue }
            // Who was told already that the outcome is unknown gets no second answer.
            let isAnswered = replies[index].isAnswered
            let answer = isAnswered ? replies[index].answer : renderAnew(replies[index], fresh, date)
            replies[index].renumber(firstID: first, answer: answer)
        }
    }

    /// Appends the answer of a reply once more, with other ids and times, and not packed: nobody has to be fast here.
    private mutating func renderAnew(_ reply: Reply, _ ids: [PredictionID], _ date: DateCache) -> Range<Int> {
        let body = body(of: reply)
        let start = answers.count
        var encoder = ResponseEncoder(.ok, reply.ticket, date, into: &answers)
        encoder.beginBody(.json, into: &answers)
        Answer.rewrite(body, ids, into: &answers)
        encoder.end(isHead: false, into: &answers)
        return start..<answers.count
    }

    /// The JSON of an answer that waits.
    private func body(of reply: Reply) -> ByteBuffer {
        var start = reply.answer.lowerBound
        while !answers.span.equals(start..<start + 4, "\r\n\r\n") { start += 1 }
        start += 4
        var body = ByteBuffer(capacity: reply.answer.count)
        // JSON begins with a brace, a packed answer with the first of two fixed bytes (RFC 1952 §2.3.1).
        if answers[start] != 0x1F {
            body.append(answers, start..<reply.answer.upperBound)
            return body
        }
        do throws(GzipError) {
            try gunzip(answers, start..<reply.answer.upperBound, into: &body, limit: 64 << 20)
        } catch {
            preconditionFailure("an answer cannot be unpacked: \(error)")
        }
        return body
    }
}
