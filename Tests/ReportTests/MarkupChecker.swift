/// Reads HTML as strictly as XML, void elements apart, and notes what is wrong.
struct MarkupChecker {
    private(set) var faults: [String] = []
    private(set) var ids: [String] = []
    private(set) var elements: [String] = []
    /// The ids that attributes point at.
    private(set) var references: [String] = []

    private static let void = ["meta", "br"]

    init(_ html: String) {
        var open: [String] = []
        var rest = Substring(html)
        if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) } else { faults.append("no doctype") }
        while let start = rest.firstIndex(of: "<") {
            checkText(rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else {
                faults.append("a tag without an end")
                return
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                if open.popLast() != String(tag.dropFirst()) {
                    faults.append("</\(tag.dropFirst())> closes another element")
                }
                continue
            }
            let name = String(tag.prefix { $0 != " " })
            elements.append(name)
            checkAttributes(tag.dropFirst(name.count), of: name)
            if !Self.void.contains(name) { open.append(name) }
            if name == "style", let close = rest.firstRange(of: "</style>")?.lowerBound { rest = rest[close...] }
        }
        checkText(rest)
        if !open.isEmpty { faults.append("never closed: \(open)") }
        if Set(ids).count != ids.count { faults.append("an id twice") }
        for reference in references where !ids.contains(reference) {
            faults.append("no element has the id \(reference)")
        }
    }

    private mutating func checkText(_ text: Substring) {
        if text.contains(">") { faults.append("a bare > in \(text.prefix(40))") }
        checkEntities(text)
    }

    private mutating func checkEntities(_ text: Substring) {
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        where !["amp;", "lt;", "gt;", "quot;", "#39;"].contains(where: { part.hasPrefix($0) }) {
            faults.append("a bare & before \(part.prefix(20))")
        }
    }

    private mutating func checkAttributes(_ text: Substring, of name: String) {
        var rest = text
        var names: [Substring] = []
        while !rest.isEmpty {
            guard rest.first == " ", let sign = rest.firstIndex(of: "="), rest[sign...].dropFirst().first == "\"",
                let end = rest[sign...].dropFirst(2).firstIndex(of: "\"")
            else {
                faults.append("<\(name)\(text)")
                return
            }
            let attribute = rest[..<sign].dropFirst()
            let value = rest[sign...].dropFirst(2)[..<end]
            if names.contains(attribute) { faults.append("<\(name)> has \(attribute) twice") }
            names.append(attribute)
            checkEntities(value)
            if attribute == "id" { ids.append(String(value)) }
            if attribute.hasPrefix("aria-labelledby") { references += value.split(separator: " ").map(String.init) }
            if attribute == "href", value.hasPrefix("#") { references.append(String(value.dropFirst())) }
            rest = rest[end...].dropFirst()
        }
    }
}
