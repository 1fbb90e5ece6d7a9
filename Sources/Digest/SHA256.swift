import CCrypto

/// A SHA-256 in the making (FIPS 180-4), for bytes that come in pieces, or for one text after another in the same memory.
///
/// The C functions are `EVP_DigestInit_ex`, `EVP_DigestUpdate` and `EVP_DigestFinal_ex`; with a valid context they fail
/// only for want of memory, which traps.
@safe
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
        unsafe self.context = context
        let began = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(began == 1, "libcrypto offers no SHA-256")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: Span<UInt8>) {
        let updated = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(updated == 1, "SHA-256 could not go on")
    }

    /// The digest of all bytes so far.
    package consuming func finish() -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        let finished = unsafe bytes.withUnsafeMutableBufferPointer {
            unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
        }
        precondition(finished == 1, "SHA-256 could not be finished")
        return SHA256Digest(bytes: bytes)
    }

    /// The digest of `bytes` alone, whatever came before: after the first no memory is taken.
    ///
    /// `EVP_DigestInit_ex` without a type keeps the one that the context has.
    package mutating func digest(of bytes: Span<UInt8>) -> DigestWords {
        var output = SIMD4<UInt64>()
        let began = unsafe EVP_DigestInit_ex(context, nil, nil)
        update(bytes)
        let finished = unsafe withUnsafeMutableBytes(of: &output) { output in
            unsafe EVP_DigestFinal_ex(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        precondition(began == 1 && finished == 1, "SHA-256 could not be made")
        return DigestWords(SIMD4(output.x.bigEndian, output.y.bigEndian, output.z.bigEndian, output.w.bigEndian))
    }
}
