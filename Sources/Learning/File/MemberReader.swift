import JSON

/// Takes the members of a JSON object one by one and says, with its path, which one is missing, wrong or too many.
struct MemberReader {
    let path: String
    /// Whether a member that may be null may also be absent: in files from before there was that member.
    var takesAbsentForNull: Bool
    private var members: [JSONValue.Member]

    init(_ value: JSONValue, _ path: String, takesAbsentForNull: Bool = false) throws(ModelFileError) {
        guard let members = value.members else { throw .member(path: path, problem: "is not an object") }
        self.path = path
        self.takesAbsentForNull = takesAbsentForNull
        self.members = members
    }

    /// Fails if a member is left that nobody took.
    consuming func finish() throws(ModelFileError) {
        if let stranger = members.first { throw fault(stranger.key, "is not a member of this format") }
    }

    func fault(_ key: String, _ problem: String) -> ModelFileError {
        .member(path: path.isEmpty ? key : "\(path).\(key)", problem: problem)
    }

    mutating func value(_ key: String) throws(ModelFileError) -> JSONValue {
        guard let index = members.firstIndex(where: { $0.key == key }) else { throw fault(key, "is missing") }
        return members.remove(at: index).value
    }

    /// The value of a member that may be null.
    private mutating func optionalValue(_ key: String) throws(ModelFileError) -> JSONValue {
        if takesAbsentForNull, !members.contains(where: { $0.key == key }) { return .null }
        return try value(key)
    }

    /// A reader of a member's own members.
    private func reader(_ value: JSONValue, _ key: String) throws(ModelFileError) -> MemberReader {
        try MemberReader(value, path.isEmpty ? key : "\(path).\(key)", takesAbsentForNull: takesAbsentForNull)
    }

    mutating func object(_ key: String) throws(ModelFileError) -> MemberReader { try reader(try value(key), key) }

    /// Nil for `null`.
    mutating func optionalObject(_ key: String) throws(ModelFileError) -> MemberReader? {
        let value = try optionalValue(key)
        return value == .null ? nil : try reader(value, key)
    }

    mutating func array(_ key: String) throws(ModelFileError) -> [JSONValue] {
        guard let elements = try value(key).elements else { throw fault(key, "is not an array") }
        return elements
    }

    /// The objects of an array.
    mutating func objects(_ key: String) throws(ModelFileError) -> [MemberReader] {
        var readers: [MemberReader] = []
        for (index, element) in try array(key).enumerated() {
            readers.append(try reader(element, "\(key)[\(index)]"))
        }
        return readers
    }

    mutating func number(_ key: String) throws(ModelFileError) -> Double {
        guard let number = try value(key).number else { throw fault(key, "is not a number") }
        return number
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) throws(ModelFileError) -> Double {
        let number = try number(key)
        guard range.contains(number) else { throw fault(key, "is not in \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    mutating func optionalNumber(_ key: String) throws(ModelFileError) -> Double? {
        let value = try optionalValue(key)
        if value == .null { return nil }
        guard let number = value.number else { throw fault(key, "is not a number") }
        return number
    }

    mutating func numbers(_ key: String) throws(ModelFileError) -> [Double] {
        var numbers: [Double] = []
        for element in try array(key) {
            guard let number = element.number else { throw fault(key, "holds something that is not a number") }
            numbers.append(number)
        }
        return numbers
    }

    /// An integer that is not negative.
    mutating func count(_ key: String) throws(ModelFileError) -> Int {
        guard let integer = try value(key).integer, integer >= 0 else { throw fault(key, "is not a count") }
        return integer
    }

    mutating func optionalCount(_ key: String) throws(ModelFileError) -> Int? {
        let value = try optionalValue(key)
        if value == .null { return nil }
        guard let integer = value.integer, integer >= 0 else { throw fault(key, "is not a count") }
        return integer
    }

    mutating func string(_ key: String) throws(ModelFileError) -> String {
        guard let string = try value(key).string else { throw fault(key, "is not a string") }
        return string
    }

    mutating func optionalString(_ key: String) throws(ModelFileError) -> String? {
        let value = try optionalValue(key)
        if value == .null { return nil }
        guard let string = value.string else { throw fault(key, "is not a string") }
        return string
    }

    mutating func strings(_ key: String) throws(ModelFileError) -> [String] {
        var strings: [String] = []
        for element in try array(key) {
            guard let string = element.string else { throw fault(key, "holds something that is not a string") }
            strings.append(string)
        }
        return strings
    }

    mutating func boolean(_ key: String) throws(ModelFileError) -> Bool {
        guard let boolean = try value(key).boolean else { throw fault(key, "is not true or false") }
        return boolean
    }

    /// One of a closed list of words.
    mutating func word<Word: RawRepresentable>(
        _ key: String, _: Word.Type = Word.self
    ) throws(ModelFileError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try string(key)) else { throw fault(key, "is none of its words") }
        return word
    }
}
