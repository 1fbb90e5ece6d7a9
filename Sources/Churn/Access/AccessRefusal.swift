import HTTP

/// Why a request is not let in.
///
/// The raw value is its label in the metrics.
enum AccessRefusal: String, CaseIterable {
    /// No key came.
    case missing
    /// A key that the service does not know: wrong, revoked, or no key at all.
    case unknown
    case expired
    /// The key opens other routes.
    case scope
    /// The key has asked for as much as it may.
    case rate
}

extension Problem {
    /// 401 with a challenge (RFC 6750 §3): no key, or none that is known.
    static func unauthorized(_ refusal: AccessRefusal) -> Problem {
        let (name, detail): (StaticString, String) =
            switch refusal {
            case .expired: ("expired-key", "This key has expired; ask for a new one.")
            case .missing: ("no-key", "This path needs a key: Authorization: Bearer KEY.")
            default: ("unknown-key", "The service does not know this key.")
            }
        let challenge: StaticString =
            refusal == .missing ? "Bearer realm=\"churn\"" : "Bearer realm=\"churn\", error=\"invalid_token\""
        return Problem(.unauthorized, name, detail, challenge: challenge)
    }

    /// 403: a key that opens other routes.
    static func forbidden(_ needed: ScopeSet) -> Problem {
        let names = needed.scopes.map { "\($0.name)" }.joined(separator: " or ")
        let challenge: StaticString =
            switch needed.scopes.first {
            case .predict: "Bearer realm=\"churn\", error=\"insufficient_scope\", scope=\"predict\""
            case .admin: "Bearer realm=\"churn\", error=\"insufficient_scope\", scope=\"admin\""
            default: "Bearer realm=\"churn\", error=\"insufficient_scope\", scope=\"read\""
            }
        return Problem(
            .forbidden, "insufficient-scope", "This path needs a key with the scope \(names).", challenge: challenge)
    }

    /// 429: until a token is back.
    static func limited(_ bucket: TokenBucket, wait: Int) -> Problem {
        Problem(
            .tooManyRequests, "rate-limited",
            "This key may ask for \(bucket.rate.text); nothing was done. See Retry-After.",
            retryAfterSeconds: max((wait + 999_999_999) / 1_000_000_000, 1))
    }
}
