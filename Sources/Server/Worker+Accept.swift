import Bytes
import HTTP
import Linux

/// New connections.
extension Worker where S: ~Copyable {
    /// Accepts who waits, after those who are here have had their turn.
    ///
    /// One at first: to hear that nobody else waits costs as much as a connection, for the kernel makes the socket before it
    /// looks (`do_accept`). Twice as many each time after all it took were there.
    ///
    /// - Parameter hasHeardOfAll: false where others may have kept an address from being told in this turn.
    mutating func acceptNewcomers(hasHeardOfAll: Bool) {
        var isCrowd = !crowded.isEmpty || !hasHeardOfAll
        for index in crowded where !accept(index, most: acceptsNext) { isCrowd = false }
        if !isCrowd { acceptsNext = 1 } else if !crowded.isEmpty { acceptsNext *= 2 }
        acceptsNext = min(acceptsNext, loop.limits.acceptsPerTurn)
        crowded.removeAll(keepingCapacity: true)
    }

    /// - Returns: whether more may wait at the address.
    private mutating func accept(_ index: Int, most: Int) -> Bool {
        // A child between fork and exec keeps a closed listener alive, and epoll reports it.
        guard index < listener.numbers.count else { return false }
        for _ in 0..<most {
            do throws(SystemError) {
                guard let descriptor = try listener.accept(index) else { return false }
                add(descriptor)
            } catch {
                if error.isOutOfDescriptors, spare.isOpen {
                    turnAwayNext(index)
                } else {
                    pauseListeners()
                    return false
                }
            }
        }
        return true
    }

    /// Accepts who waits already, then closes the listeners: what waits when a socket of a group with SO_REUSEPORT is
    /// closed is reset, not handed to the others.
    mutating func stopAccepting() {
        // More than any backlog holds, and an end where they come faster than they are taken.
        let most = 4096
        for index in listener.numbers.indices {
            _ = accept(index, most: most)
            try? loop.poller.remove(listener.numbers[index])
        }
        listener = .none
    }

    private mutating func add(_ descriptor: consuming FileDescriptor) {
        if loop.connections.count >= loop.connections.capacity {
            loop.statistics.overLimit += 1
            return turnAway(.connections, descriptor)
        }
        if descriptor.number >= descriptorsMax {
            loop.statistics.outOfDescriptors += 1
            return turnAway(.descriptors, descriptor)
        }
        guard let slot = loop.connections.insert(descriptor) else { return }
        loop.connections[slot].activeAt = loop.now
        loop.connections[slot].interest = .readable
        let token = loop.connections.token(slot)
        do throws(SystemError) {
            try loop.poller.add(
                loop.connections[slot].descriptor.number, [.readable, .onlyChanges], token: token)
            loop.statistics.accepted += 1
        } catch {
            loop.connections.remove(slot)
        }
    }

    /// Gives the descriptor in reserve up for a connection that can only be refused.
    ///
    /// It would wait in the backlog otherwise, and the listener would report it for ever.
    private mutating func turnAwayNext(_ index: Int) {
        spare = .none
        loop.statistics.outOfDescriptors += 1
        do throws(SystemError) {
            if let descriptor = try listener.accept(index) { turnAway(.descriptors, descriptor) }
            spare = try File.open("/dev/null", .read)
        } catch {
            pauseListeners()
        }
    }

    /// Tells a client that it is one too many.
    ///
    /// What it has sent already is read, so that closing does not become a reset; more cannot be done for it.
    private mutating func turnAway(_ shortage: Shortage, _ descriptor: consuming FileDescriptor) {
        let number = descriptor.number
        let ticket = Ticket(client: .max, sequence: 0, closes: true, isHead: false, startedAt: loop.now)
        service.turnAway(shortage, ticket, into: &inbox, loop)
        _ = Socket.send(number, inbox, 0..<inbox.count)
        inbox.removeAll()
        _ = Socket.receive(number, into: &inbox, room: inbox.capacity)
        inbox.removeAll()
    }

    /// Accepts nobody until the next tick: the machine is out of something, and trying at once would only spin.
    private mutating func pauseListeners() {
        for (index, number) in listener.numbers.enumerated() {
            try? loop.poller.change(number, [], token: Token.listener(index).number)
        }
        listenersAreWatched = false
    }

    /// Accepts again after a pause.
    mutating func watchListeners() {
        if listenersAreWatched { return }
        for (index, number) in listener.numbers.enumerated() {
            try? loop.poller.change(number, .readable, token: Token.listener(index).number)
        }
        listenersAreWatched = true
    }
}
