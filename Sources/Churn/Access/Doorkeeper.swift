import Linux
import Logging

/// The keys of a running service, from its start through every SIGHUP.
struct Doorkeeper {
    private let source: KeySource?
    /// Nil where none are asked for.
    private(set) var keys: KeySet?

    /// - Throws: where the keys cannot be read: a service that was told to ask for keys does not start without them.
    init(_ source: KeySource?, _ log: Logger) throws(CommandError) {
        self.source = source
        guard let source else { return }
        let keys = try source.load()
        self.keys = keys
        log.info("keys read", metadata: ["keys": "\(keys.count)"])
        warnIfOthersMayWrite(log)
    }

    /// Reads the keys again.
    ///
    /// - Returns: nil where that failed, or where there is no file: the keys from before stay.
    mutating func reload(_ log: Logger) -> KeySet? {
        guard let source, source.path != nil else {
            log.info("SIGHUP: there is nothing to read again without --keys")
            return nil
        }
        do throws(CommandError) {
            let keys = try source.load(after: self.keys)
            self.keys = keys
            log.info("keys read again", metadata: ["keys": "\(keys.count)"])
            warnIfOthersMayWrite(log)
            return keys
        } catch {
            log.error("the keys cannot be read again; those from before stay", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Who can write the file can give himself a key.
    private func warnIfOthersMayWrite(_ log: Logger) {
        guard let path = source?.path, let status = try? File.status(path), status.mode & 0o022 != 0 else { return }
        log.warning("other users may write the file of the keys", metadata: ["file": "\(path)"])
    }
}
