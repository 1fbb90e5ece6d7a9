import Glibc

/// Files of the folder `shared/data` beside the package or beside a folder that holds it.
enum ReferenceData {
    /// The bytes of `name`; nil where the folder is not at hand.
    static func bytes(_ name: String) -> [UInt8]? {
        var folder = #filePath.split(separator: "/").dropLast(3)
        while !folder.isEmpty {
            folder.removeLast()
            let path = "/" + folder.joined(separator: "/") + "/shared/data/" + name
            if let bytes = read(path) { return bytes }
        }
        return nil
    }

    /// The bytes of a file of this package.
    static func packageFile(_ path: String) -> [UInt8]? {
        read("/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/" + path)
    }

    static var isMissing: Bool { bytes("telco.csv") == nil }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[0..<count])
        }
    }
}
