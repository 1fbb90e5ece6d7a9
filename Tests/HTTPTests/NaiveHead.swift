import Glibc
import HTTP

/// A request line, taken apart at its spaces.
struct NaiveRequestLine {
    var method: [UInt8]
    var target: [UInt8]
    var path: [UInt8]
    var query: [UInt8] = []
    var isOld: Bool

    init(_ line: [UInt8]) throws(NaiveStop) {
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(naiveToken.contains), !parts[1].isEmpty,
            isNaiveTarget(Array(parts[1]))
        else { throw .refused(400) }
        method = Array(parts[0])
        target = Array(parts[1])
        path = target
        let version = latin1(parts[2])
        let versions = (0...9).flatMap { major in (0...9).map { "HTTP/\(major).\($0)" } }
        guard versions.contains(version) else { throw .refused(400) }
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else { throw .refused(505) }
        isOld = version == "HTTP/1.0"
        guard ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"].contains(latin1(method)) else {
            throw .refused(501)
        }
        if let mark = target.firstIndex(of: 63) {
            path = Array(target[..<mark])
            query = Array(target[(mark + 1)...])
        }
        try takeForm()
    }

    private mutating func takeForm() throws(NaiveStop) {
        if target[0] == 47 { return }
        if target == [42] {
            guard latin1(method) == "OPTIONS" else { throw .refused(400) }
            return
        }
        let lower = latin1(target).lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else { throw .refused(400) }
        let behind = path.dropFirst(scheme.utf8.count)
        let authority = Array(behind.prefix { $0 != 47 })
        guard isNaiveAuthority(authority), authority.first != 58, !authority.isEmpty else { throw .refused(400) }
        path = Array(behind.dropFirst(authority.count))
        if path.isEmpty { path = [47] }
    }
}

private func isNaiveTarget(_ target: [UInt8]) -> Bool {
    let plain = naiveLetters.union(naiveDigits).union("-._~!$&'()*+,;=:@/?[]".utf8)
    return hasWholeEscapes(target) && target.allSatisfy { plain.contains($0) || $0 == 37 }
}

private func hasWholeEscapes(_ text: [UInt8]) -> Bool {
    text.indices.filter { text[$0] == 37 }.allSatisfy { offset in
        let digits = text.dropFirst(offset + 1).prefix(2)
        return digits.count == 2 && digits.allSatisfy(naiveHexadecimal.contains)
    }
}

/// `host [ ":" port ]`; IPv6 addresses are judged by the C library.
private func isNaiveAuthority(_ text: [UInt8]) -> Bool {
    var host = text
    if text.first == 91 {
        guard let close = text.firstIndex(of: 93) else { return false }
        let port = text[(close + 1)...]
        guard port.isEmpty || (port.first == 58 && port.dropFirst().allSatisfy(naiveDigits.contains)) else {
            return false
        }
        return isNaiveAddress(Array(text[1..<close]))
    }
    if let colon = text.firstIndex(of: 58) {
        guard text[(colon + 1)...].allSatisfy(naiveDigits.contains) else { return false }
        host = Array(text[..<colon])
    }
    let plain = naiveLetters.union(naiveDigits).union("-._~!$&'()*+,;=%".utf8)
    return hasWholeEscapes(host) && host.allSatisfy(plain.contains)
}

private func isNaiveAddress(_ text: [UInt8]) -> Bool {
    if text.first == 118 || text.first == 86 {
        let parts = text.dropFirst().split(separator: 46, maxSplits: 1, omittingEmptySubsequences: false)
        let plain = naiveLetters.union(naiveDigits).union("-._~!$&'()*+,;=:".utf8)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(naiveHexadecimal.contains)
            && !parts[1].isEmpty && parts[1].allSatisfy(plain.contains)
    }
    guard text.allSatisfy({ naiveHexadecimal.contains($0) || $0 == 58 || $0 == 46 }) else { return false }
    var address = in6_addr()
    return unsafe inet_pton(AF_INET6, latin1(text), &address) == 1
}

/// The field lines of one head and what follows from them.
struct NaiveFields {
    var length = 0
    var isChunked = false
    var asksForClose = false

    private var seen: Set<String> = []
    private var codings: [String] = []

    init(_ lines: [[UInt8]], isOld: Bool, _ limits: Limits) throws(NaiveStop) {
        for line in lines { try take(line) }
        guard isOld || seen.contains("host") else { throw .refused(400) }
        guard seen.contains("transfer-encoding") else {
            if length > limits.bodyBytes { throw .refused(413) }
            return
        }
        let chunked = codings.filter { $0 == "chunked" }.count
        guard !isOld, !seen.contains("content-length"), codings.last == "chunked", chunked == 1 else {
            throw .refused(400)
        }
        if codings.count > 1 { throw .refused(501) }
        isChunked = true
    }

    private mutating func take(_ line: [UInt8]) throws(NaiveStop) {
        guard let colon = line.firstIndex(of: 58), colon > 0, line[..<colon].allSatisfy(naiveToken.contains) else {
            throw .refused(400)
        }
        let name = latin1(line[..<colon]).lowercased()
        let value = trim(line[(colon + 1)...])
        let once = ["host", "content-length", "content-type", "authorization", "idempotency-key"]
        if once.contains(name), seen.contains(name) { throw .refused(400) }
        if name == "content-encoding", seen.contains(name) { throw .refused(415) }
        seen.insert(name)
        let words = elements(value).map { latin1($0).lowercased() }
        switch name {
        case "host":
            guard isNaiveAuthority(value) else { throw .refused(400) }
        case "connection":
            if words.contains("close") { asksForClose = true }
        case "expect":
            guard words.allSatisfy({ $0 == "100-continue" }) else { throw .refused(417) }
        case "content-length":
            guard !value.isEmpty, value.allSatisfy(naiveDigits.contains) else { throw .refused(400) }
            length = Int(latin1(value)) ?? .max
        case "transfer-encoding":
            // One element more than commas, unless one is empty; commas within quotes are no tokens anyway.
            let words = elements(value)
            guard !value.isEmpty, value.first != 44, value.last != 44, !words.isEmpty else { throw .refused(400) }
            let halves = value.split(separator: 44, omittingEmptySubsequences: false)
            if !value.contains(34), halves.contains(where: { trim($0).isEmpty }) { throw .refused(400) }
            try takeCodings(words)
        default: break
        }
    }

    private mutating func takeCodings(_ elements: [[UInt8]]) throws(NaiveStop) {
        for element in elements {
            let name = element.prefix { naiveToken.contains($0) }
            let next = element.dropFirst(name.count).first
            guard !name.isEmpty, next == nil || next == 59 || next == 32 || next == 9 else { throw .refused(400) }
            codings.append(latin1(element).lowercased())
        }
    }
}
