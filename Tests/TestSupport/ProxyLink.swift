import Glibc
import Synchronization

/// One connection through a `CuttingProxy`: a pair of sockets and a thread for each direction.
final class Link: Sendable {
    private enum Fate: Int, AtomicRepresentable {
        case open
        /// The server's next answer is thrown away and ends the link.
        case cutAtAnswer
        case cut
    }

    private let client: StreamSocket
    private let server: StreamSocket
    private let changesProcessID: Bool
    private let fate = Atomic(Fate.open)
    let isSilent = Atomic(false)
    let delayMilliseconds = Atomic(0)

    init(client: StreamSocket, server: StreamSocket, changesProcessID: Bool) {
        self.client = client
        self.server = server
        self.changesProcessID = changesProcessID
    }

    func cut() {
        fate.store(.cut, ordering: .sequentiallyConsistent)
        client.disconnect()
        server.disconnect()
    }

    func forwardRequests(_ plan: ([UInt8]) -> CuttingProxy.Plan?) {
        var armed: CuttingProxy.Plan?
        while case .bytes(let bytes) = client.receive(within: 3_600) {
            if armed == nil { armed = plan(bytes) }
            // libpq flushes at a Sync, so that one is always the end of what was read.
            let sync: [UInt8] = [UInt8(ascii: "S"), 0, 0, 0, 4]
            guard let armed, bytes.suffix(5) == sync[...] else {
                guard (try? server.send(bytes)) != nil else { break }
                continue
            }
            switch armed {
            case .cutBeforeSync: try? server.send(bytes.dropLast(5))
            case .cutAfterSync: try? server.send(bytes)
            case .cutAfterCommit:
                fate.store(.cutAtAnswer, ordering: .sequentiallyConsistent)
                try? server.send(bytes)
                continue
            }
            break
        }
        cut()
    }

    func forwardAnswers() {
        while case .bytes(var bytes) = server.receive(within: 3_600) {
            waitWhileSilent()
            poll(nil, 0, CInt(delayMilliseconds.load(ordering: .sequentiallyConsistent)))
            if changesProcessID { bytes.changeProcessID() }
            if fate.load(ordering: .sequentiallyConsistent) == .open {
                guard (try? client.send(bytes)) != nil else { break }
            } else if bytes.suffix(6).starts(with: [UInt8(ascii: "Z"), 0, 0, 0, 5]) {
                break
            }
        }
        cut()
    }

    private func waitWhileSilent() {
        while isSilent.load(ordering: .sequentiallyConsistent), fate.load(ordering: .sequentiallyConsistent) != .cut {
            poll(nil, 0, 5)
        }
    }
}

extension Array<UInt8> {
    /// Changes the last octet of the process in a BackendKeyData, which a session begins with.
    fileprivate mutating func changeProcessID() {
        let beginning: [UInt8] = [UInt8(ascii: "K"), 0, 0, 0, 12]
        guard let start = indices.first(where: { self[$0...].starts(with: beginning) }), start + 8 < count else {
            return
        }
        self[start + 8] ^= 1
    }

    func contains(_ part: [UInt8]) -> Bool {
        guard count >= part.count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
