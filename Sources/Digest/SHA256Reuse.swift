import CCrypto

/// Makes one SHA-256 after another in the same place: after the first no memory is taken.
///
/// The C functions are those of `SHA256`; `EVP_DigestInit_ex` without a type keeps the one that the context has.
@safe
package struct SHA256Reuse: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
        unsafe self.context = context
        let began = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(began == 1, "libcrypto offers no SHA-256")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// The digest of `bytes`.
    package mutating func digest(of bytes: Span<UInt8>) -> DigestWords {
        var output = SIMD4<UInt64>()
        let began = unsafe EVP_DigestInit_ex(context, nil, nil)
        let updated = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        let finished = unsafe withUnsafeMutableBytes(of: &output) { output in
            unsafe EVP_DigestFinal_ex(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        precondition(began == 1 && updated == 1 && finished == 1, "SHA-256 could not be made")
        return DigestWords(SIMD4(output.x.bigEndian, output.y.bigEndian, output.z.bigEndian, output.w.bigEndian))
    }
}
