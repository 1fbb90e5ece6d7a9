/// What is fed with bytes: a parser, and a property that holds for every input or traps.
struct Subject: Sendable {
    let name: String
    /// Inputs to begin with: valid ones, and ones that reach far before they fail.
    let seeds: [[UInt8]]
    let check: @Sendable ([UInt8]) -> Void

    init(_ name: String, seeds: String..., check: @escaping @Sendable ([UInt8]) -> Void) {
        self.init(name, binarySeeds: seeds.map { Array($0.utf8) }, check: check)
    }

    init(_ name: String, binarySeeds: [[UInt8]], check: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        seeds = binarySeeds
        self.check = check
    }

    static let all = [requestHead, chunkedBody, json, gzip, csv, modelFile, cursor]

    /// The subject of this name.
    static func named(_ name: String) -> Subject? { all.first { $0.name == name } }
}
