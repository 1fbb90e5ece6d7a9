import Kafka
import Linux
import Logging

/// What Kafka says about what it was given.
extension Publisher {
    /// Takes every report, moves the marks, and acts on what failed.
    mutating func takeReports(_ now: Int) {
        if hasFailed { return }
        let events = producer!.take(&reports)
        underWay -= reports.count
        var delivered = 0
        var isAnswered = false
        var suspects: [Int32: PredictionID] = [:]
        var track: WriterTrack?
        for report in reports {
            let writer = Self.writer(ofTag: report.tag)
            if track?.writer != writer { track = tracks[writer] }
            if let error = report.error {
                if let suspect = failed(error, writer, Self.number(ofTag: report.tag), now) {
                    suspects[writer] = max(suspect, suspects[writer] ?? suspect)
                }
            } else {
                isAnswered = true
                let rows = track?.acknowledge(Self.number(ofTag: report.tag)) ?? 0
                if rows > 0 { moved.insert(writer) }
                delivered += rows
            }
        }
        if delivered > 0 { state.count(.sent, by: delivered) }
        if isAnswered { answered() }
        for (writer, id) in suspects { beCareful(writer, until: id) }
        for event in events { take(event) }
    }

    private mutating func answered() {
        backoff.reset()
        hasSaidMistrust = false
        guard state.isAway else { return }
        state.isAway = false
        log.info("Kafka answers")
    }

    /// A message was not delivered.
    ///
    /// - Returns: the row, if it was refused together with others: one of them is at fault.
    private mutating func failed(
        _ error: KafkaError, _ writer: Int32, _ number: UInt32, _ now: Int
    ) -> PredictionID? {
        // From before a new start: the row is read again anyway.
        guard let track = tracks[writer], let id = track.id(of: number) else { return nil }
        if error.isRefusedRecord, alone.rows.first?.id != id { return id }
        if error.isRefusedRecord { refuseAlone(track, number, now) } else { fail(error, track, now) }
        return nil
    }

    /// The only message that Kafka had was refused: its row goes to the dead-letter topic.
    private mutating func refuseAlone(_ track: WriterTrack, _ number: UInt32, _ now: Int) {
        var rows = EventRows()
        swap(&rows, &alone)
        defer { swap(&rows, &alone) }
        do throws(KafkaError) {
            try sendDeadLetter(rows.rows[0], of: rows, reason: "refused-record", Self.tag(track.writer, number))
            underWay += 1
        } catch {
            fail(error, track, now)
        }
    }

    /// A row of this writer was refused together with others: they are sent one by one, and all else waits.
    private mutating func beCareful(_ writer: Int32, until id: PredictionID) {
        for other in tracks.keys { tracks[other]!.fallBehind() }
        // Of several writers one after the other: the rest will be refused again.
        if careful == nil { careful = CarefulStretch(writer: writer, until: id) }
        tracks[writer]!.startOver()
    }

    /// Nothing is given up: after a pause the rows of the writer are read and sent again from its mark on.
    mutating func fail(_ error: KafkaError, _ track: WriterTrack, _ now: Int) {
        if error.isFatal { return end(error, now) }
        if now >= retryAt {
            let pause = backoff.pause()
            retryAt = now + pause
            log.error(
                "Kafka did not take events; they are sent again",
                metadata: ["error": "\(error)", "seconds": "\(pause / 1_000_000_000)"])
        }
        track.startOver()
    }

    // MARK: The end of a producer

    /// The producer is of no more use.
    private mutating func end(_ error: KafkaError, _ now: Int) {
        if hasFailed { return }
        hasFailed = true
        state.countRestart()
        log.error("the Kafka producer came to its end; another one goes on", metadata: ["error": "\(error)"])
        retryAt = now
    }

    /// Makes another producer, and starts over with every writer from its mark on.
    mutating func restart(_ now: Int) {
        guard now >= retryAt else { return }
        producer = nil
        underWay = 0
        careful = nil
        for writer in tracks.keys { tracks[writer]!.startOver() }
        do throws(KafkaError) {
            let fresh = try EventProducer.make(settings)
            producer = consume fresh
            producer!.wake(mailbox.number)
            hasFailed = false
        } catch {
            retryAt = now + backoff.pause()
            log.error("no Kafka producer can be made", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Events of the client

    private mutating func take(_ event: ClientEvent) {
        switch event {
        case .error(let error):
            if error.isFatal { return end(error, Clock.monotonicNanoseconds()) }
            if error.isMistrust, !hasSaidMistrust {
                hasSaidMistrust = true
                log.error("Kafka and this service do not trust each other", metadata: ["error": "\(error)"])
            }
            guard error.isEveryBrokerDown, !state.isAway else { return }
            state.isAway = true
            log.warning("no Kafka broker answers; events wait in the table")
        case .statistics(let json): if let statistics = ClientStatistics(json) { state.setStatistics(statistics) }
        case .log(let level, let facility, let text): state.clientLog.take(level, facility, text, log)
        }
    }
}
