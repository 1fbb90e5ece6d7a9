/// A blocking HTTP/1.1 client that shares no code with the server.
///
/// It sends any bytes it is given and reads answers strictly, one after another. For one thread.
package final class TestClient {
    package enum Failure: Error, Equatable {
        /// The server ended the connection before a whole answer had come; the bytes that came.
        case closed(after: [UInt8])
        case timedOut(after: [UInt8])
        case malformed(String)
    }

    package let socket: StreamSocket
    private var received: [UInt8] = []

    /// - Parameter receiveBuffer: how many bytes the kernel takes for this side, about.
    package init(port: UInt16, ipv6: Bool = false, receiveBuffer: CInt? = nil) throws {
        socket = try StreamSocket(port: port, ipv6: ipv6, receiveBuffer: receiveBuffer)
    }

    package func send(_ text: String) throws { try socket.send(text.utf8) }

    package func send(_ bytes: [UInt8]) throws { try socket.send(bytes) }

    /// Sends one request and reads its answer.
    package func request(
        _ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil, within seconds: Double = 10
    ) throws -> TestAnswer {
        try send(requestBytes(method, target, headers: headers, body: body))
        return try receiveAnswer(toHead: method == "HEAD", within: seconds)
    }

    package func get(_ target: String, headers: [String] = []) throws -> TestAnswer {
        try request("GET", target, headers: headers)
    }

    /// Posts JSON.
    package func post(_ target: String, _ json: String, headers: [String] = []) throws -> TestAnswer {
        try request("POST", target, headers: ["Content-Type: application/json"] + headers, body: Array(json.utf8))
    }

    /// Reads the next answer; interim ones (1xx) are answers, too.
    package func receiveAnswer(toHead: Bool = false, within seconds: Double = 10) throws -> TestAnswer {
        let deadline = monotonicSeconds() + seconds * patience
        let headEnd = try receive(until: deadline) { endOfHead($0) }
        guard let answer = TestAnswer(head: received[..<(headEnd - 4)], body: []) else {
            throw Failure.malformed(String(decoding: received[..<headEnd], as: UTF8.self))
        }
        let bodyLength = try lengthOfBody(answer, toHead: toHead)
        try receive(until: deadline) { $0.count >= headEnd + bodyLength ? 0 : nil }
        let body = Array(received[headEnd..<(headEnd + bodyLength)])
        received.removeFirst(headEnd + bodyLength)
        return answer.with(body: body)
    }

    /// Everything that comes until the server ends the connection.
    package func receiveToEnd(within seconds: Double = 10) throws -> [UInt8] {
        let deadline = monotonicSeconds() + seconds * patience
        while true {
            switch socket.receive(within: deadline - monotonicSeconds()) {
            case .bytes(let bytes): received += bytes
            case .end:
                defer { received = [] }
                return received
            case .timedOut: throw Failure.timedOut(after: received)
            }
        }
    }

    /// True when the server ends the connection in time without another byte.
    package func isEnded(within seconds: Double = 10) -> Bool {
        received.isEmpty && socket.receive(within: seconds) == .end
    }

    @discardableResult
    private func receive<Value>(until deadline: Double, _ done: ([UInt8]) -> Value?) throws -> Value {
        while true {
            if let value = done(received) { return value }
            switch socket.receive(within: max(0, deadline - monotonicSeconds())) {
            case .bytes(let bytes): received += bytes
            case .end: throw Failure.closed(after: received)
            case .timedOut: throw Failure.timedOut(after: received)
            }
        }
    }
}

/// A request with the fields that every request needs; `Content-Length` when there is a body.
package func requestBytes(
    _ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil
) -> [UInt8] {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: churn.test"] + headers
    if let body { lines.append("Content-Length: \(body.count)") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
}

private func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (4...bytes.count).first { bytes[($0 - 4)..<$0].elementsEqual([13, 10, 13, 10]) }
}

private func lengthOfBody(_ answer: TestAnswer, toHead: Bool) throws -> Int {
    if toHead || answer.status < 200 || answer.status == 204 || answer.status == 304 { return 0 }
    guard let text = answer.header("Content-Length"), let length = Int(text), length >= 0 else {
        throw TestClient.Failure.malformed("an answer without a length")
    }
    return length
}

extension TestClient.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closed(let bytes): "the server ended the connection after \(Self.beginning(of: bytes))"
        case .timedOut(let bytes): "nothing more came after \(Self.beginning(of: bytes))"
        case .malformed(let head): "no head of an answer: \(head)"
        }
    }

    private static func beginning(of bytes: [UInt8]) -> String {
        "\(bytes.count) octets: \(String(decoding: bytes.prefix(500), as: UTF8.self))"
    }
}
