import HTTP
import Testing

@Suite struct RuleTests {
    /// These need a limit of their own, a clock, a decompressor, or other clients.
    private static let elsewhere: Set<RequestRule> = [
        .requestLineTooLong, .headTooLarge, .tooManyFields, .chunkExtensionsTooLong, .trailersTooLong,
        .unknownContentCoding, .malformedContentCoding, .headTooSlow, .bodyTooSlow, .tooMuchHeld,
    ]

    @Test func `every rule has streams that break it`() {
        #expect(Set(refusals.map(\.0)).union(Self.elsewhere) == Set(RequestRule.allCases))
        #expect(refusals.allSatisfy { !$0.1.isEmpty })
    }

    @Test func `every rule says what was wrong and where it is written`() {
        for rule in RequestRule.allCases {
            #expect("\(rule.explanation)".hasSuffix("."))
            #expect("\(rule.clause)".hasPrefix("RFC "))
            #expect((400...505).contains(rule.status.code))
            #expect(rule.rawValue.allSatisfy { $0.isLowercase || $0 == "_" || $0.isNumber })
        }
    }

    @Test func `the answers to what is not simply malformed`() {
        let statuses: [RequestRule: Status] = [
            .requestLineTooLong: .uriTooLong, .headTooLarge: .requestHeaderFieldsTooLarge,
            .tooManyFields: .requestHeaderFieldsTooLarge, .trailersTooLong: .requestHeaderFieldsTooLarge,
            .bodyTooLarge: .contentTooLarge, .unknownMethod: .notImplemented,
            .unknownTransferCoding: .notImplemented, .unsupportedVersion: .httpVersionNotSupported,
            .unknownExpectation: .expectationFailed, .unknownContentCoding: .unsupportedMediaType,
            .headTooSlow: .requestTimeout, .bodyTooSlow: .requestTimeout, .tooMuchHeld: .serviceUnavailable,
        ]
        for rule in RequestRule.allCases {
            #expect(RequestError(rule).status == statuses[rule] ?? .badRequest, "\(rule)")
        }
    }
}
