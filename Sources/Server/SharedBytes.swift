/// Bytes that many answers end with.
///
/// They are sent from where they are: two thousand clients that ask for a large answer and do not take it hold two
/// thousand references to it, not two thousand copies.
package final class SharedBytes: Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var count: Int { bytes.count }
}
