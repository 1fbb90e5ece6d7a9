/// The settings of the server without which "committed" does not mean "kept".
package struct Durability: Equatable, Sendable {
    package let fsync: Bool
    package let fullPageWrites: Bool
    package let synchronousCommit: Bool

    package init(fsync: Bool, fullPageWrites: Bool, synchronousCommit: Bool) {
        self.fsync = fsync
        self.fullPageWrites = fullPageWrites
        self.synchronousCommit = synchronousCommit
    }

    package var isSafe: Bool { fsync && fullPageWrites && synchronousCommit }
}
