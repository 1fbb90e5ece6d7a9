/// A place within `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )` (RFC 9112 §7.1.1), where `chunk-ext-val`
/// is a token or a quoted string.
enum ChunkExtension: Sendable {
    case beforeSemicolon, beforeName, name, afterName, beforeValue, token, quoted, escaped, afterQuote

    enum Step {
        case part(ChunkExtension)
        /// The octet is the CR that ends the line.
        case lineEnd
        case malformed
    }

    func next(_ byte: UInt8) -> Step {
        switch self {
        case .beforeSemicolon: whitespace(byte, or: 0x3B, .beforeName)
        case .beforeName: isWhitespace(byte) ? .part(.beforeName) : first(byte, of: .name)
        case .name: more(byte, of: .name) ?? (byte == 0x3D ? .part(.beforeValue) : end(byte, whitespace: .afterName))
        case .afterName: byte == 0x3D ? .part(.beforeValue) : whitespace(byte, or: 0x3B, .beforeName, .afterName)
        case .beforeValue: valueStart(byte)
        case .token: more(byte, of: .token) ?? end(byte, whitespace: .beforeSemicolon)
        case .quoted: quoted(byte)
        // quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text ) (RFC 9110 §5.6.4)
        case .escaped: isText(byte) ? .part(.quoted) : .malformed
        case .afterQuote: end(byte, whitespace: .beforeSemicolon)
        }
    }

    private func first(_ byte: UInt8, of part: ChunkExtension) -> Step { more(byte, of: part) ?? .malformed }

    private func more(_ byte: UInt8, of part: ChunkExtension) -> Step? {
        ByteSet.token.contains(byte) ? .part(part) : nil
    }

    /// White space, which changes nothing, or one certain octet.
    private func whitespace(
        _ byte: UInt8, or other: UInt8, _ next: ChunkExtension, _ same: ChunkExtension = .beforeSemicolon
    ) -> Step {
        if byte == other { return .part(next) }
        return isWhitespace(byte) ? .part(same) : .malformed
    }

    /// Directly behind a name or value: the next extension, white space in front of it, or the end of the line.
    private func end(_ byte: UInt8, whitespace: ChunkExtension) -> Step {
        switch byte {
        case 0x0D: .lineEnd
        case 0x3B: .part(.beforeName)
        default: isWhitespace(byte) ? .part(whitespace) : .malformed
        }
    }

    private func valueStart(_ byte: UInt8) -> Step {
        if byte == 0x22 { return .part(.quoted) }
        return isWhitespace(byte) ? .part(.beforeValue) : first(byte, of: .token)
    }

    private func quoted(_ byte: UInt8) -> Step {
        switch byte {
        case 0x22: .part(.afterQuote)
        case 0x5C: .part(.escaped)
        default: isText(byte) ? .part(.quoted) : .malformed
        }
    }
}

/// Whether `byte` may stand in a field value: HTAB, SP, VCHAR and obs-text (RFC 9110 §5.5).
@inline(__always)
func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
