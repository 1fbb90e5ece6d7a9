import TestSupport
import Testing

/// What no compiler and no formatter checks about the sources.
struct TidyTests {
    @Test func `nothing is left for later`() {
        // Written in two halves so that this file passes.
        let words = ["TO" + "DO", "FIX" + "ME"]
        for file in sources("Sources", "Tests") {
            for (number, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
                Issue.record("\(file.path):\(number + 1): \(line)")
            }
        }
    }

    /// Its strings, dates and JSON cost more than the rest of a request.
    @Test func `no library imports Foundation`() {
        for file in sources("Sources") {
            #expect(
                !file.lines.contains {
                    $0.hasSuffix("import Foundation") || $0.hasSuffix("import FoundationEssentials")
                }, "\(file.path)")
        }
    }

    /// A pause is too short on a slow machine and too long on a fast one: wait for the condition, with a deadline.
    @Test func `no test sleeps`() {
        for file in sources("Tests") where !file.path.hasSuffix("TidyTests.swift") {
            #expect(
                !file.lines.contains { $0.contains(" sleep(") || $0.contains("usleep(") || $0.contains("Task.sleep(") },
                "\(file.path)")
        }
    }

    @Test func `what other modules may use says what it is for`() {
        for file in sources("Sources") {
            for (number, line) in file.lines.enumerated().dropFirst() {
                let words = line.split(separator: " ")
                guard line.hasPrefix("package ") || line.hasPrefix("public "),
                    words.contains(where: { ["struct", "class", "enum", "protocol"].contains($0) })
                else { continue }
                let above = file.lines[..<number].last { !$0.hasPrefix("@") } ?? ""
                #expect(above.hasPrefix("///"), "\(file.path):\(number + 1): \(line)")
            }
        }
    }

    /// The compiler finds every module that has been built, whether it was asked for or not.
    @Test func `a module imports only what Package.swift lets it depend on`() throws {
        let manifest = text(ofFile: "\(repositoryFolder)/Package.swift")
        var allowed: [String: Set<String>] = [:]
        let targets = manifest.matches(
            of: /(?:module\(|(?:[tT]arget|Library)\(\s*name: )"(\w+)"(?:,\s*dependencies: \[|(?=[,)]))([^\])]*)/)
        for target in targets {
            allowed[String(target.1)] = Set(target.2.matches(of: /"(\w+)"/).map { String($0.1) })
        }
        try #require(allowed.count > 20 && allowed["Server"] == ["Bytes", "HTTP", "Linux"], "\(allowed)")
        for file in sources("Sources") {
            let target = String(file.path.split(separator: "/")[1])
            for line in file.lines {
                guard let name = line.firstMatch(of: /^(?:\w+ )?import (\w+)/).map({ String($0.1) }),
                    allowed[name] != nil
                else { continue }
                #expect(allowed[target]?.contains(name) == true, "\(file.path): \(line)")
            }
        }
    }

    /// A longer one is more than one idea.
    @Test func `no file is longer than 400 lines`() {
        for file in sources("Sources", "Tests") { #expect(file.lines.count <= 400, "\(file.path)") }
    }

    @Test func `the change log and the guides are there, and name no file that is not`() throws {
        for guide in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
            let words = text(ofFile: "\(repositoryFolder)/\(guide)")
            try #require(words.utf8.count > 500, "\(guide)")
            for link in words.matches(of: /\]\((?!https?:)([^)#]+)\)/) {
                #expect(!contents(ofFile: "\(repositoryFolder)/\(link.1)").isEmpty, "\(guide) names \(link.1)")
            }
        }
    }
}

private struct SourceFile {
    let path: String
    let lines: [String]
}

/// The Swift files of these folders of the package.
private func sources(_ folders: String...) -> [SourceFile] {
    let find = ["find"] + folders.map { "\(repositoryFolder)/\($0)" } + ["-name", "*.swift", "-type", "f"]
    let paths = (try? output(of: find))?.split(separator: "\n").map(String.init) ?? []
    precondition(!paths.isEmpty, "no sources found")
    return paths.sorted().map { path in
        SourceFile(
            path: String(path.dropFirst(repositoryFolder.count + 1)),
            lines: text(ofFile: path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
}
