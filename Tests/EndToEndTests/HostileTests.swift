import TestSupport
import Testing

extension EndToEnd.OneService {
    /// The table of raw requests over real sockets: what is good is done, and nothing after a fault is.
    struct HostileTests {
        /// How a stream is cut into packets, which must not matter.
        enum Cut: String, CaseIterable {
            case nowhere, everywhere, last
        }

        @Test(arguments: Cut.allCases)
        func `every stream of the table is answered as it should be, and nothing behind a fault is stored`(cut: Cut)
            throws
        {
            let before = try refusals()
            let table = try RawStream.table()
            for stream in table {
                do { try check(stream, cut) } catch { Issue.record("line \(stream.line): \(error)") }
            }
            // What was sent behind a stream is stored where the connection goes on, and only there.
            let stored = try RunningService.current.psql.value(
                "SELECT string_agg(customer_id, ' ' ORDER BY customer_id) FROM predictions WHERE customer_id LIKE 'hostile-\(cut)-%'"
            )
            let expected = table.filter { $0.end == "idle" }.map { "hostile-\(cut)-\($0.line)" }.sorted()
            #expect(stored == expected.joined(separator: " "))
            // Each fault was counted by its name.
            let after = try refusals()
            for (rule, streams) in Dictionary(grouping: table.filter(\.isRefused), by: \.end) {
                #expect(after[rule, default: 0] - before[rule, default: 0] == streams.count, "\(rule)")
            }
        }

        private func check(_ stream: RawStream, _ cut: Cut) throws {
            let client = try RunningService.client()
            // A route that reads bodies.
            var bytes = replacing("POST / HTTP", with: "POST /predict HTTP", in: stream.octets)
            if stream.end != "incomplete" { bytes += post("hostile-\(cut)-\(stream.line)") }
            // The service may end the connection before the last bytes are sent.
            do { try send(bytes, to: client, cut) } catch {}
            var statuses: [Int] = []
            for request in stream.requests {
                var answer = try client.receiveAnswer(toHead: request.method == "HEAD")
                // Where the body has not come with its head, its client is told to go on.
                if answer.status == 100 { answer = try client.receiveAnswer(toHead: request.method == "HEAD") }
                statuses.append(answer.status)
            }
            switch stream.end {
            case "idle":
                #expect(try client.receiveAnswer().status == 200, "line \(stream.line), after \(statuses)")
                return
            case "incomplete":
                client.socket.finishSending()
                let rest = String(decoding: try client.receiveToEnd(), as: UTF8.self)
                #expect(rest.isEmpty || rest == "HTTP/1.1 100 Continue\r\n\r\n", "line \(stream.line): \(rest)")
                return
            case "closed": break
            default:
                let answer = try client.receiveAnswer()
                #expect(answer.status == status(ofRule: stream.end), "line \(stream.line)")
                #expect(answer.header("Connection") == "close", "line \(stream.line)")
                #expect(answer.header("Content-Type") == "application/problem+json", "line \(stream.line)")
            }
            #expect(try client.receiveToEnd().isEmpty, "line \(stream.line): an answer after the last")
        }

        private func send(_ bytes: [UInt8], to client: TestClient, _ cut: Cut) throws {
            switch cut {
            case .nowhere: try client.send(bytes)
            case .everywhere:
                // A packet an octet, as long as that takes no time to speak of.
                for byte in bytes.prefix(600) { try client.send([byte]) }
                try client.send(Array(bytes.dropFirst(600)))
            case .last:
                try client.send(Array(bytes.dropLast()))
                _ = try RunningService.client().get("/health/live")
                try client.send(Array(bytes.suffix(1)))
            }
        }

        private func status(ofRule rule: String) -> Int {
            switch rule {
            case "request_line_too_long": 414
            case "head_too_large", "too_many_fields", "trailers_too_long": 431
            case "body_too_large": 413
            case "content_coding": 415
            case "expectation": 417
            case "unknown_method", "unknown_transfer_coding": 501
            case "unsupported_version": 505
            default: 400
            }
        }

        /// The counters of refused requests, by rule.
        private func refusals() throws -> [String: Int] {
            var counts: [String: Int] = [:]
            for line in try RunningService.client().get("/metrics").text.split(separator: "\n") {
                guard let match = line.wholeMatch(of: /churn_http_malformed_requests_total\{rule="(\w+)"\} (\d+)/)
                else {
                    continue
                }
                counts[String(match.1)] = Int(match.2)
            }
            return counts
        }
    }
}

private func post(_ name: String) -> [UInt8] {
    requestBytes("POST", "/predict", headers: ["Content-Type: application/json"], body: Array(customer(name).utf8))
}

private func replacing(_ old: String, with new: String, in bytes: [UInt8]) -> [UInt8] {
    let old = Array(old.utf8)
    var replaced: [UInt8] = []
    var offset = 0
    while offset < bytes.count {
        if bytes[offset...].starts(with: old) {
            replaced += Array(new.utf8)
            offset += old.count
        } else {
            replaced.append(bytes[offset])
            offset += 1
        }
    }
    return replaced
}
