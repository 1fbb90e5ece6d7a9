import Kafka
import Linux
import Logging
import Postgres

/// Why a partition could not be begun now.
private enum Obstacle: Error {
    case kafka(KafkaError)
    case postgres(PostgresError)
}

/// Partitions: where to begin, when to wait, when to let go.
extension Intake where Content: ~Copyable {
    /// Begins to read the partitions that were given, each where the table has it.
    mutating func resolve(_ now: Int) throws(PostgresError) {
        guard let given = unresolved else { return }
        forget()
        places.removeAll()
        stopped.removeAll()
        let told = try ConsumedPlaces.resets(seat.topic, &connection!)
        do throws(Obstacle) {
            for place in given {
                let start = try start(place, isReset: isReset(place, told))
                if let start { places[place] = start } else { stopped.insert(place) }
            }
        } catch {
            switch error {
            case .postgres(let error): throw error
            case .kafka(let error):
                log.warning("Kafka does not say how far its partitions go", metadata: ["error": "\(error)"])
                return retryAt = now + 1_000_000_000
            }
        }
        // Those that are stopped are left out, for they cannot be paused now.
        consumer.assign(places.map { ($0.key, offset: $0.value) })
        isPaused = false
        unresolved = nil
        resets.removeAll()
        for place in given { resets[place.partition] = told[place.partition] ?? 0 }
    }

    /// Where to begin in a partition; nil when a person must look at it first.
    ///
    /// - Parameter isReset: whether a person has looked since it was begun here, or stopped. Another reader may have begun
    ///   at its beginning already.
    private mutating func start(_ place: TopicPartition, isReset: Bool) throws(Obstacle) -> Int64? {
        let known = try known(place)
        let (committed, bounds) = try bounds(place)
        let first = bounds.lowerBound
        guard let known else {
            let begins = committed.map { (first...bounds.upperBound).contains($0) } ?? false
            return try begin(place, at: begins ? committed ?? first : first)
        }
        if known == ConsumedPlaces.reset { return try begin(place, at: first) }
        if isReset, bounds.contains(known) || known == bounds.upperBound { return try begin(place, at: known) }
        guard committed != nil, known <= bounds.upperBound else {
            stop(place, known, bounds)
            return nil
        }
        if known >= first { return known }
        log.error(
            "messages are gone that were never taken in: Kafka did not keep them long enough",
            metadata: ["topic": "\(place.topic)", "partition": "\(place.partition)", "messages": "\(first - known)"])
        return try moveOn(place, from: known, to: first)
    }

    private func stop(_ place: TopicPartition, _ known: Int64, _ bounds: Range<Int64>) {
        log.critical(
            """
            a partition is not the one that was taken in before: its topic was made anew, or lost messages; it waits for \
            churn consume --reset
            """,
            metadata: [
                "topic": "\(place.topic)", "partition": "\(place.partition)", "next": "\(known)",
                "end": "\(bounds.upperBound)",
            ])
    }

    private mutating func known(_ place: TopicPartition) throws(Obstacle) -> Int64? {
        do throws(PostgresError) { return try ConsumedPlaces.next(place, &connection!) } catch {
            throw .postgres(error)
        }
    }

    private mutating func bounds(_ place: TopicPartition) throws(Obstacle) -> (Int64?, Range<Int64>) {
        do throws(KafkaError) { return (try consumer.committed(place), try consumer.bounds(place)) } catch {
            throw .kafka(error)
        }
    }

    /// The group first: a place in the table without one in the group means another topic of the same name.
    private mutating func begin(_ place: TopicPartition, at offset: Int64) throws(Obstacle) -> Int64? {
        do throws(KafkaError) { try consumer.commit(place, next: offset, waits: true) } catch { throw .kafka(error) }
        do throws(PostgresError) {
            try ConsumedPlaces.begin(place, at: offset, &connection!)
        } catch {
            throw .postgres(error)
        }
        return try known(place)
    }

    private mutating func moveOn(
        _ place: TopicPartition, from known: Int64, to next: Int64
    ) throws(Obstacle) -> Int64? {
        do throws(PostgresError) {
            _ = try ConsumedPlaces.claim(place, from: known, to: next, &connection!)
        } catch {
            throw .postgres(error)
        }
        return try self.known(place)
    }

    /// The partitions are somebody else's; the batch that is under way ends first where that is still allowed.
    mutating func letGo(isLost: Bool) throws(PostgresError) {
        defer {
            forget()
            // A pause outlives the assignment, and cannot be taken back with the next one.
            setPaused(false)
            forgetPlaces()
            consumer.unassign()
        }
        if !isLost { try finish() }
    }

    /// Lets nothing more come while nothing can be stored; polling goes on, so the partitions stay this member's.
    mutating func setPaused(_ pauses: Bool) {
        guard pauses != isPaused, !places.isEmpty else { return }
        isPaused = pauses
        if pauses { consumer.pause(Array(places.keys)) } else { consumer.resume(Array(places.keys)) }
    }

    /// Reads a partition again from where the table has it.
    mutating func readAgain(_ place: TopicPartition, after nanoseconds: Int) throws(PostgresError) {
        forget()
        retryAt = Clock.monotonicNanoseconds() + nanoseconds
        guard let known = try ConsumedPlaces.next(place, &connection!), known != ConsumedPlaces.reset else {
            unresolved = Array(places.keys) + stopped
            return
        }
        places[place] = known
        do throws(KafkaError) { try consumer.seek(place, to: known) } catch {
            // All of them anew, then.
            unresolved = Array(places.keys) + stopped
        }
    }
}
