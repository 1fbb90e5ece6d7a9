/// One input of a model: a column of the training data, a member of `features` in a request.
public struct Feature: Sendable, Equatable {
    /// What a feature's values are.
    public enum Kind: Sendable, Equatable {
        /// A real number; nil when no training row had a value.
        case number(NumberSummary?)
        /// One of a closed list of levels, in the order of their UTF-8 bytes.
        case category(levels: [String])
    }

    public var name: String
    /// What people read, in English and Russian.
    public var title: Title
    public var unit: String?
    public var kind: Kind
    public var missing: MissingPolicy
    /// Whether a level that training never saw is refused; else it contributes nothing and a warning says so.
    public var refusesUnseen = false
    /// Why the feature has weight 0 in the model, if it has: `constant`, `redundant`, `empty`.
    public var unused: String?

    public struct Title: Sendable, Equatable {
        public var english: String
        public var russian: String

        public init(english: String, russian: String) {
            self.english = english
            self.russian = russian
        }
    }

    public init(
        name: String, title: Title? = nil, unit: String? = nil, kind: Kind, missing: MissingPolicy,
        refusesUnseen: Bool = false, unused: String? = nil
    ) {
        self.name = name
        self.title = title ?? Title(english: name, russian: name)
        self.unit = unit
        self.kind = kind
        self.missing = missing
        self.refusesUnseen = refusesUnseen
        self.unused = unused
    }

    public var isCategory: Bool {
        if case .category = kind { return true }
        return false
    }

    /// The levels that a caller may name; empty for a number.
    public var levels: [String] {
        if case .category(let levels) = kind { return levels }
        return []
    }

    /// The number of weights: one for a number, one a level for a category, one more for its missing values.
    package var columnCount: Int {
        guard case .category(let levels) = kind else { return 1 }
        return levels.count + (missing == .level ? 1 : 0)
    }
}
