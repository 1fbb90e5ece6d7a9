import Glibc
import Linux

/// The programs of one installed version of PostgreSQL.
struct ServerPrograms: Equatable, Sendable {
    let version: Int
    let folder: String

    static let oldestVersion = 15

    /// Those for the version that made some data, or, for new data, those of the newest version.
    ///
    /// - Parameter dataVersion: the first line of the file PG_VERSION.
    static func choose(
        dataVersion: Int?, data: String, from installed: [ServerPrograms]
    ) throws(PrivateServerError) -> ServerPrograms {
        guard let dataVersion else {
            guard let newest = installed.max(by: { $0.version < $1.version }), newest.version >= oldestVersion else {
                throw PrivateServerError(
                    "no PostgreSQL \(oldestVersion) or newer is installed: install one, or set DATABASE_URL")
            }
            return newest
        }
        if let programs = installed.first(where: { $0.version == dataVersion }) { return programs }
        throw PrivateServerError(
            """
            the data in \(data) belongs to PostgreSQL \(dataVersion), which is not installed; install it, or move the \
            data to another version with pg_upgrade -d \(data), or with pg_dumpall | psql where both are installed
            """)
    }

    /// What is installed: the folders of Debian and of Red Hat, that of the sources, and those on PATH.
    static func installed(path: String, scratch: String) -> [ServerPrograms] {
        var folders: [String] = []
        for name in list("/usr/lib/postgresql") { folders.append("/usr/lib/postgresql/\(name)/bin") }
        for name in list("/usr") where name.hasPrefix("pgsql-") { folders.append("/usr/\(name)/bin") }
        folders.append("/usr/local/pgsql/bin")
        folders += path.split(separator: ":").map(String.init)
        return folders.compactMap { folder in
            guard isFile("\(folder)/initdb"), isFile("\(folder)/postgres"),
                let version = version(of: "\(folder)/postgres", scratch)
            else { return nil }
            return ServerPrograms(version: version, folder: folder)
        }
    }

    /// Reads `postgres (PostgreSQL) 15.20 (Debian …)`: 15.
    private static func version(of program: String, _ scratch: String) -> Int? {
        let path = "\(scratch)/version.\(getpid())"
        defer { try? File.remove(path) }
        do throws(SystemError) {
            let output = try File.open(path, .replace, mode: 0o600)
            guard try ChildProcess.run(.init(program, ["--version"]), output: output.number) == .exited(0) else {
                return nil
            }
            let words = try File.readText(path).split(separator: " ")
            return words.count > 2 ? Int(words[2].prefix { $0.isNumber }) : nil
        } catch {
            return nil
        }
    }

    private static func list(_ folder: String) -> [String] { (try? File.list(folder)) ?? [] }

    private static func isFile(_ path: String) -> Bool { ((try? File.status(path)) ?? nil)?.isDirectory == false }
}
