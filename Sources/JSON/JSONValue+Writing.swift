public import Bytes

extension JSONValue {
    /// The value as JSON on one line.
    public var text: String {
        var buffer = ByteBuffer(capacity: 1024)
        write(into: &buffer)
        return buffer.text
    }

    /// Appends the value as JSON.
    ///
    /// Numbers are printed in the shortest form that reads back as the same Double, integers without a fraction. A
    /// number that is not finite has no such form and traps.
    /// - Parameter pretty: a member or element a line, indented by two spaces; without it there is no white space.
    public func write(into buffer: inout ByteBuffer, pretty: Bool = false) {
        write(into: &buffer, indentation: pretty ? 0 : nil)
    }

    private func write(into buffer: inout ByteBuffer, indentation: Int?) {
        switch self {
        case .object(let members): write(members, into: &buffer, indentation: indentation)
        case .array(let elements): write(elements, into: &buffer, indentation: indentation)
        case .string(let string): buffer.append(jsonString: string)
        case .number(let number): buffer.append(shortest: number)
        case .boolean(let boolean): buffer.append(boolean ? "true" : "false")
        case .null: buffer.append("null")
        }
    }

    private func write(_ members: [Member], into buffer: inout ByteBuffer, indentation: Int?) {
        let inner = indentation.map { $0 + 2 }
        buffer.append(byte: 0x7B)
        for (index, member) in members.enumerated() {
            if index > 0 { buffer.append(byte: 0x2C) }
            buffer.append(lineIndentedBy: inner)
            buffer.append(jsonString: member.key)
            buffer.append(indentation == nil ? ":" : ": ")
            member.value.write(into: &buffer, indentation: inner)
        }
        if !members.isEmpty { buffer.append(lineIndentedBy: indentation) }
        buffer.append(byte: 0x7D)
    }

    private func write(_ elements: [JSONValue], into buffer: inout ByteBuffer, indentation: Int?) {
        let inner = indentation.map { $0 + 2 }
        buffer.append(byte: 0x5B)
        for (index, element) in elements.enumerated() {
            if index > 0 { buffer.append(byte: 0x2C) }
            buffer.append(lineIndentedBy: inner)
            element.write(into: &buffer, indentation: inner)
        }
        if !elements.isEmpty { buffer.append(lineIndentedBy: indentation) }
        buffer.append(byte: 0x5D)
    }
}

extension ByteBuffer {
    /// Begins a line; nothing where there is no indentation to speak of.
    fileprivate mutating func append(lineIndentedBy indentation: Int?) {
        guard let indentation else { return }
        append(byte: 0x0A)
        for _ in 0..<indentation { append(byte: 0x20) }
    }
}
