import Foundation

/// A JSON document, read by Foundation: a reader that shares no code with ours.
enum Document: Equatable, Sendable {
    case object([String: Document])
    case array([Document])
    case string(String)
    case number(Double)
    case boolean(Bool)
    case null

    init(_ bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Document.self, from: Data(bytes))
    }

    subscript(key: String) -> Document? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    subscript(index: Int) -> Document? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    var number: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    var elements: [Document] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var keys: Set<String> {
        guard case .object(let members) = self else { return [] }
        return Set(members.keys)
    }
}

extension Document: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Document].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Document].self))
        }
    }
}
