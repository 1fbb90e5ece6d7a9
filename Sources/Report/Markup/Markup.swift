package import Bytes

/// A piece of HTML or SVG: a tree, so that tags cannot be left open and every text is escaped on its way out.
package struct Markup: Sendable, Equatable {
    indirect enum Piece: Sendable, Equatable {
        case text(String)
        case element(Tag, [Attribute], [Markup])
        case several([Markup])
        /// A text of this program's own that HTML does not read as markup: the style sheet.
        case literal(String)
    }

    let piece: Piece

    init(_ piece: Piece) { self.piece = piece }

    package init(_ text: String) { piece = .text(text) }

    /// The pieces one behind the other.
    package init(@MarkupBuilder _ content: () -> [Markup]) { piece = .several(content()) }

    /// The text of a `style` element, in which nothing is escaped: a literal, so that no value gets into it.
    package static func styleSheet(_ text: StaticString) -> Markup { Markup(.literal("\(text)")) }

    /// Nothing at all.
    ///
    /// Made anew each time, as every constant of this type: in one that lives as long as the process LeakSanitizer takes what it
    /// points to for lost, for its enums keep their case in spare bits of those pointers.
    package static var nothing: Markup { Markup(.several([])) }

    /// Appends the piece as UTF-8.
    package func write(into buffer: inout ByteBuffer) {
        switch piece {
        case .text(let text): buffer.append(escaped: text)
        case .literal(let text): buffer.append(text: text)
        case .several(let pieces): for piece in pieces { piece.write(into: &buffer) }
        case .element(let tag, let attributes, let content):
            buffer.append(byte: 0x3C)
            buffer.append(text: tag.rawValue)
            for attribute in attributes {
                buffer.append(byte: 0x20)
                buffer.append(text: attribute.name)
                buffer.append("=\"")
                buffer.append(escaped: attribute.value)
                buffer.append(byte: 0x22)
            }
            buffer.append(byte: 0x3E)
            if tag.isVoid { return }
            for piece in content { piece.write(into: &buffer) }
            buffer.append("</")
            buffer.append(text: tag.rawValue)
            buffer.append(byte: 0x3E)
            if tag.endsLine { buffer.append(byte: 0x0A) }
        }
    }

    /// The piece as text.
    package var text: String {
        var buffer = ByteBuffer(capacity: 1024)
        write(into: &buffer)
        return buffer.text
    }
}

extension Tag {
    /// Whether a line ends behind it, so that the file can be read and compared line by line.
    fileprivate var endsLine: Bool {
        switch self {
        case .head, .title, .style, .header, .nav, .section, .footer, .div, .figure, .h1, .h2, .h3, .p, .ul, .ol, .li,
            .table, .thead, .tr, .caption, .svg, .dl, .dd:
            true
        default: false
        }
    }
}
