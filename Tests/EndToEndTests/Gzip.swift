import TestSupport

/// Packs with the `gzip` program.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try write(bytes, toFile: folder.path + "/file")
    _ = try output(of: ["gzip", "--no-name", folder.path + "/file"])
    return contents(ofFile: folder.path + "/file.gz")
}

/// Unpacks with the `gzip` program.
func gunzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try write(bytes, toFile: folder.path + "/file.gz")
    _ = try output(of: ["gzip", "--decompress", folder.path + "/file.gz"])
    return contents(ofFile: folder.path + "/file")
}
