import Glibc

/// An open file descriptor.
///
/// Owning one means being the only code that may close it; it is closed when its owner ends.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number by which the kernel knows it, or -1.
    package let number: CInt

    /// Takes over `number`, which nothing else may close from now on.
    package init(owning number: CInt) {
        precondition(number >= 0, "\(number) is not a file descriptor")
        self.number = number
    }

    private init(closed: Void) { number = -1 }

    /// What a place for a descriptor holds while there is none.
    package static var none: FileDescriptor { FileDescriptor(closed: ()) }

    package var isOpen: Bool { number >= 0 }

    /// An error of close is not an error to anybody: the descriptor is gone after it in every case (close(2)), and what
    /// must reach the disk was synchronised before.
    deinit {
        if number < 0 { return }
        precondition(close(number) == 0 || errno != EBADF, "file descriptor \(number) was closed twice")
    }

    /// Gives the descriptor away: the caller has to close it.
    package consuming func relinquish() -> CInt {
        let number = number
        discard self
        return number
    }
}

/// Reading and writing of files and pipes, off the request path.
extension FileDescriptor {
    /// Reads what there is, at most `buffer.count` bytes.
    ///
    /// - Returns: 0 at the end of the file; nil when a non-blocking descriptor has nothing now.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
        try systemCall("read") { unsafe Glibc.read(number, buffer.baseAddress, buffer.count) }
    }

    /// Reads what there is over the first elements of `bytes`.
    ///
    /// - Returns: how many were replaced; otherwise as the other one.
    package func read(into bytes: inout [UInt8]) throws(SystemError) -> Int? {
        try systemCall("read") { unsafe Glibc.read(number, &bytes, bytes.count) }
    }

    /// Writes all of `bytes` to a blocking descriptor.
    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written..<bytes.count)
            written += try unsafe rest.withUnsafeBufferPointer { (source) throws(SystemError) in
                try immediately("write") { unsafe Glibc.write(number, source.baseAddress, source.count) }
            }
        }
    }

    /// Waits until all that was written is on the disk.
    package func synchronize() throws(SystemError) { try immediately("fsync") { fsync(number) } }
}
