import Digest

/// All keys that a service takes, as one immutable value: workers change from one to the next between two requests.
package final class KeySet: Sendable {
    /// What a worker has to know of a key.
    struct Grant: Sendable {
        let digest: DigestWords
        let scopes: ScopeSet
        /// Microseconds since 1970; `Int.max` for never.
        let expiresAt: Int
    }

    /// Grows with each set of a process, so that what was found out by an older one is known to be old.
    let generation: Int
    let grants: [Grant]
    /// One for each grant; nil where the key has no rate.
    let buckets: [TokenBucket?]

    /// The keys that are not revoked.
    ///
    /// - Parameter earlier: the set before this one. A key whose rate stays keeps its bucket: reading the keys again gives
    ///   nobody new tokens.
    package init(_ records: [KeyRecord], after earlier: KeySet? = nil) {
        let valid = records.filter { $0.revokedAt == nil }
        generation = (earlier?.generation ?? 0) + 1
        let grants = valid.map { record in
            Grant(digest: record.digest.words, scopes: record.scopes, expiresAt: record.expiresAt ?? .max)
        }
        self.grants = grants
        buckets = zip(valid, grants).map { record, grant in
            guard let rate = record.rate else { return nil }
            if let index = earlier?.index(of: grant.digest), let bucket = earlier?.buckets[index], bucket.rate == rate {
                return bucket
            }
            return TokenBucket(rate)
        }
    }

    package var count: Int { grants.count }

    /// The place of the key with this digest.
    ///
    /// Looks at all of them and at every bit of each, wherever it is found: the time tells nothing.
    func index(of digest: DigestWords) -> Int? {
        var found = -1
        for index in grants.indices {
            let isFound = grants[index].digest.differences(from: digest) == 0
            found = isFound ? index : found
        }
        return found >= 0 ? found : nil
    }
}
