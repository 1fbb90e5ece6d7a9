/// What a key opens.
///
/// Scopes do not contain each other: a key that may read may not predict unless it says so.
package enum Scope: UInt8, CaseIterable, Sendable {
    /// `POST /predict`.
    case predict
    /// What was stored about customers, and the models.
    case read
    /// What shows how the service runs.
    case admin

    /// As key files, the command line and problem documents write it.
    package var name: StaticString {
        switch self {
        case .predict: "predict"
        case .read: "read"
        case .admin: "admin"
        }
    }

    package init?(name: some StringProtocol) {
        guard let scope = Self.allCases.first(where: { "\($0.name)" == name }) else { return nil }
        self = scope
    }
}

/// Some scopes; where a route needs one, any of its set will do.
package struct ScopeSet: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package init(_ scope: Scope) { rawValue = 1 << scope.rawValue }

    package static let predict = ScopeSet(.predict)
    package static let read = ScopeSet(.read)
    package static let admin = ScopeSet(.admin)

    /// Its scopes, in the order of their declaration.
    package var scopes: [Scope] { Scope.allCases.filter { contains(ScopeSet($0)) } }

    /// `predict,read`.
    package var text: String { scopes.map { "\($0.name)" }.joined(separator: ",") }

    /// Reads `predict,read`; nil for nothing, and for what is no scope.
    package init?(text: some StringProtocol) {
        var set: ScopeSet = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let scope = Scope(name: word) else { return nil }
            set.insert(ScopeSet(scope))
        }
        self = set
    }
}
