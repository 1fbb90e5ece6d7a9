/// JSON Schema (draft 2020-12), as much of it as the description uses.
///
/// A keyword that is not known here is a fault, so that none goes unchecked.
struct OpenAPISchema {
    /// The document that a `$ref` points into.
    let root: Document

    /// What is wrong with `value`, each with its place; empty when it conforms.
    func faults(of value: Document, against schema: Document, at place: String = "") -> [String] {
        guard case .object(let keywords) = schema else {
            return schema == .boolean(true) ? [] : ["\(place): is not allowed"]
        }
        return keywords.keys.sorted().flatMap { keyword -> [String] in
            let argument = keywords[keyword]!
            return combined(value, keyword, argument, place) ?? object(value, keyword, argument, schema, place)
                ?? array(value, keyword, argument, place) ?? text(value, keyword, argument, place)
                ?? plain(value, keyword, argument, place)
        }
    }

    /// Follows a reference within the document.
    func resolved(_ part: Document) -> Document {
        guard let reference = part["$ref"]?.string else { return part }
        let tokens = reference.split(separator: "/").dropFirst()
        let target = tokens.reduce(root) { found, token in
            found[String(token.replacing("~1", with: "/").replacing("~0", with: "~"))] ?? .null
        }
        precondition(reference.hasPrefix("#/") && target != .null, "\(reference) leads nowhere")
        return resolved(target)
    }

    // MARK: Keywords

    private func combined(_ value: Document, _ keyword: String, _ argument: Document, _ place: String) -> [String]? {
        let branches = argument.elements.map { faults(of: value, against: $0, at: place) }
        let fitting = branches.count(where: \.isEmpty)
        switch keyword {
        case "$ref":
            return faults(of: value, against: resolved(.object(["$ref": argument])), at: place)
        case "anyOf": return fitting > 0 ? [] : ["\(place): fits none of \(branches)"]
        case "oneOf": return fitting == 1 ? [] : ["\(place): fits \(fitting) of \(branches)"]
        case "allOf": return branches.flatMap(\.self)
        default: return nil
        }
    }

    private func object(
        _ value: Document, _ keyword: String, _ argument: Document, _ schema: Document, _ place: String
    ) -> [String]? {
        switch keyword {
        case "required":
            let missing = argument.elements.compactMap(\.string).filter { value[$0] == nil }
            return value.isOf(type: "object") ? missing.map { "\(place)/\($0): is missing" } : []
        case "properties":
            return value.keys.sorted().flatMap { key in
                argument[key].map { faults(of: value[key]!, against: $0, at: "\(place)/\(key)") } ?? []
            }
        case "additionalProperties":
            return value.keys.subtracting(schema["properties"]?.keys ?? []).sorted().flatMap {
                faults(of: value[$0]!, against: argument, at: "\(place)/\($0)")
            }
        default: return nil
        }
    }

    private func array(_ value: Document, _ keyword: String, _ argument: Document, _ place: String) -> [String]? {
        let elements = value.elements
        let isArray = value.isOf(type: "array")
        switch keyword {
        case "items":
            return elements.indices.flatMap { faults(of: elements[$0], against: argument, at: "\(place)/\($0)") }
        case "minItems": return !isArray || Double(elements.count) >= argument.number! ? [] : ["\(place): too few"]
        case "maxItems": return !isArray || Double(elements.count) <= argument.number! ? [] : ["\(place): too many"]
        default: return nil
        }
    }

    private func text(_ value: Document, _ keyword: String, _ argument: Document, _ place: String) -> [String]? {
        let length = value.string.map { Double($0.unicodeScalars.count) }
        switch keyword {
        case "minLength": return length ?? .infinity >= argument.number! ? [] : ["\(place): too short"]
        case "maxLength": return length ?? 0 <= argument.number! ? [] : ["\(place): too long"]
        case "pattern", "format":
            guard let string = value.string else { return [] }
            let name = argument.string ?? ""
            guard let pattern = keyword == "pattern" ? name : formats[name], let regex = try? Regex(pattern) else {
                return ["\(place): the \(keyword) \(name) is not known here"]
            }
            return string.contains(regex) ? [] : ["\(place): does not look like \(name)"]
        default: return nil
        }
    }

    private func plain(_ value: Document, _ keyword: String, _ argument: Document, _ place: String) -> [String] {
        switch keyword {
        case "type":
            let types = argument.string.map { [$0] } ?? argument.elements.compactMap(\.string)
            return types.contains { value.isOf(type: $0) } ? [] : ["\(place): is not of type \(types)"]
        case "const": return value == argument ? [] : ["\(place): is not \(argument)"]
        case "enum": return argument.elements.contains(value) ? [] : ["\(place): is none of \(argument)"]
        case "minimum": return value.number ?? .infinity >= argument.number! ? [] : ["\(place): is too small"]
        case "maximum": return value.number ?? -.infinity <= argument.number! ? [] : ["\(place): is too large"]
        case "description", "default": return []
        default: return ["\(place): the keyword \(keyword) is not known here"]
        }
    }
}

private let formats = [
    "uuid": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$",
]

extension Document {
    fileprivate func isOf(type: String) -> Bool {
        switch self {
        case .object: type == "object"
        case .array: type == "array"
        case .string: type == "string"
        case .number(let value): type == "number" || type == "integer" && value == value.rounded()
        case .boolean: type == "boolean"
        case .null: type == "null"
        }
    }
}
