import HTTP
import Linux
import Server

/// What is done when PostgreSQL has an id already.
extension WriteQueue {
    /// Gives every row that is not stored a new id, in the order in which the rows will be stored, and sends `done` again.
    ///
    /// All of them and not only the one that was met twice: the ids of a writer grow from commit to commit.
    mutating func renumber(
        _ done: Flight, _ ids: inout PredictionIDGenerator, _ loop: inout Loop, _ office: Office
    ) {
        let now = loop.wallMicroseconds
        let date = DateCache(loop)
        pool[done.place].renumber(done.replies.lowerBound..<pool[done.place].replies.count, &ids, now, date)
        for place in queued { pool[place].renumber(0..<pool[place].replies.count, &ids, now, date) }
        if let place = filling { pool[place].renumber(0..<pool[place].replies.count, &ids, now, date) }
        var again = done
        again.attempts += 1
        transmit(again, &loop, office)
    }
}
