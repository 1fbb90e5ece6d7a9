package import Bytes

extension ByteBuffer {
    /// Appends the two lines that stand above the samples of a metric, for those whose labels no layout knows beforehand.
    ///
    /// - Parameter help: without line feed and backslash, which the format would have escaped.
    package mutating func append(metric name: StaticString, _ type: StaticString, _ help: StaticString) {
        append("# HELP ")
        append(name)
        append(byte: 0x20)
        append(help)
        append("\n# TYPE ")
        append(name)
        append(byte: 0x20)
        append(type)
        append(byte: 0x0A)
    }
}
