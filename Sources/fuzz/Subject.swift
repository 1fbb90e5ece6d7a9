/// What is fed with bytes: a parser, and a property that holds for every input or traps.
struct Subject: Sendable {
    let name: String
    /// Inputs to begin with: valid ones, and ones that reach far before they fail.
    let seeds: [[UInt8]]
    let check: @Sendable ([UInt8]) -> Void

    init(_ name: String, seeds: String..., check: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.seeds = seeds.map { Array($0.utf8) }
        self.check = check
    }

    static let all = [requestHead, chunkedBody, json]
}
