/// A request that cannot be served because of how it is written or how long it is.
///
/// The connection ends with the answer: once one message is doubtful, so is where the next one begins (RFC 9112 §6.3).
public struct RequestError: Error, Equatable, Sendable {
    public let rule: RequestRule

    public init(_ rule: RequestRule) { self.rule = rule }

    public var status: Status { rule.status }
}

/// The rule that a refused request broke.
///
/// The raw value is the label by which refusals are counted.
public enum RequestRule: String, Sendable, CaseIterable {
    // MARK: Octets
    case bareLineFeed = "bare_lf"
    case bareCarriageReturn = "bare_cr"
    case controlCharacter = "control_character"
    case tooManyBlankLines = "blank_lines"

    // MARK: Sizes
    case requestLineTooLong = "request_line_too_long"
    case headTooLarge = "head_too_large"
    case tooManyFields = "too_many_fields"
    case bodyTooLarge = "body_too_large"

    // MARK: Request line
    case malformedRequestLine = "request_line"
    case malformedMethod = "method"
    case unknownMethod = "unknown_method"
    case malformedTarget = "target"
    case malformedAuthority = "authority"
    case malformedVersion = "version"
    case unsupportedVersion = "unsupported_version"

    // MARK: Fields
    case malformedField = "field"
    case spaceBeforeColon = "space_before_colon"
    case lineFolding = "line_folding"
    case repeatedField = "repeated_field"
    case missingHost = "missing_host"
    case repeatedHost = "repeated_host"
    case malformedHost = "host"
    case unknownExpectation = "expectation"

    // MARK: Body framing
    case malformedContentLength = "content_length"
    case repeatedContentLength = "repeated_content_length"
    case transferEncodingInOldVersion = "transfer_encoding_1_0"
    case bothLengths = "transfer_encoding_and_content_length"
    case malformedTransferEncoding = "transfer_encoding"
    case chunkedIsNotLast = "chunked_not_last"
    case chunkedTwice = "chunked_twice"
    case unknownTransferCoding = "unknown_transfer_coding"

    // MARK: Body
    case malformedChunkSize = "chunk_size"
    case malformedChunkExtension = "chunk_extension"
    case chunkExtensionsTooLong = "chunk_extensions_too_long"
    case chunkWithoutEnd = "chunk_end"
    case malformedTrailer = "trailer"
    case forbiddenTrailer = "forbidden_trailer"
    case trailersTooLong = "trailers_too_long"
    case unknownContentCoding = "content_coding"
    case malformedContentCoding = "content_coding_data"

    // MARK: Time
    case headTooSlow = "head_timeout"
    case bodyTooSlow = "body_timeout"

    // MARK: Memory
    case tooMuchHeld = "memory"
}

extension RequestRule {
    public var status: Status {
        switch self {
        case .requestLineTooLong: .uriTooLong
        case .headTooLarge, .tooManyFields, .trailersTooLong: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .unknownMethod, .unknownTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        case .unknownExpectation: .expectationFailed
        case .unknownContentCoding: .unsupportedMediaType
        case .headTooSlow, .bodyTooSlow: .requestTimeout
        case .tooMuchHeld: .serviceUnavailable
        default: .badRequest
        }
    }

    /// What was wrong, for the person who wrote the client; it repeats nothing of what the client sent.
    public var explanation: StaticString {
        switch self {
        case .bareLineFeed: "A line ends in LF without CR."
        case .bareCarriageReturn: "A CR is not followed by LF."
        case .controlCharacter: "There is a control character in the head."
        case .tooManyBlankLines: "There are too many empty lines before the request line."
        case .requestLineTooLong: "The request line is too long."
        case .headTooLarge: "The request line and the fields together are too long."
        case .tooManyFields: "There are too many fields."
        case .bodyTooLarge: "The body is too large."
        case .malformedRequestLine: "The request line is not 'method target version', each one space apart."
        case .malformedMethod: "The method is not a token."
        case .unknownMethod: "This method is not implemented."
        case .malformedTarget: "The request target is neither a path, nor an http URI, nor * with OPTIONS."
        case .malformedAuthority: "The authority in the request target is not host:port."
        case .malformedVersion: "The version is not HTTP/digit.digit."
        case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .malformedField: "A field is not 'name: value' with a token as its name."
        case .spaceBeforeColon: "There is white space between a field name and its colon."
        case .lineFolding: "A line of the head begins with white space."
        case .repeatedField: "A field that may appear once appears more often."
        case .missingHost: "HTTP/1.1 needs a Host field."
        case .repeatedHost: "There is more than one Host field."
        case .malformedHost: "The Host field is not host:port."
        case .unknownExpectation: "The only expectation that can be met is 100-continue."
        case .malformedContentLength: "Content-Length is not a decimal number."
        case .repeatedContentLength: "There is more than one Content-Length."
        case .transferEncodingInOldVersion: "HTTP/1.0 has no Transfer-Encoding."
        case .bothLengths: "There are both Transfer-Encoding and Content-Length."
        case .malformedTransferEncoding: "Transfer-Encoding is not a list of codings."
        case .chunkedIsNotLast: "The last transfer coding is not chunked."
        case .chunkedTwice: "The chunked coding is applied more than once."
        case .unknownTransferCoding: "The only transfer coding here is chunked."
        case .malformedChunkSize: "A chunk size is not a hexadecimal number of at most 16 digits."
        case .malformedChunkExtension: "A chunk extension is not ';name=value'."
        case .chunkExtensionsTooLong: "The chunk extensions are too long."
        case .chunkWithoutEnd: "There is no CRLF behind the data of a chunk."
        case .malformedTrailer: "A trailer is not 'name: value' with a token as its name."
        case .forbiddenTrailer: "A trailer has a name that belongs into the head."
        case .trailersTooLong: "The trailers are too long."
        case .unknownContentCoding: "The only content coding here is gzip."
        case .malformedContentCoding: "The body is not what its Content-Encoding says."
        case .headTooSlow: "The head did not arrive in time."
        case .bodyTooSlow: "The body did not arrive in time."
        case .tooMuchHeld: "Too many requests are arriving slowly at a time, and this one has taken longest."
        }
    }

    /// Where the rule is written.
    public var clause: StaticString {
        switch self {
        case .bareLineFeed, .bareCarriageReturn, .tooManyBlankLines: "RFC 9112 §2.2"
        case .controlCharacter: "RFC 9110 §5.5"
        case .requestLineTooLong, .malformedRequestLine: "RFC 9112 §3"
        case .headTooLarge, .tooManyFields: "RFC 6585 §5"
        case .bodyTooLarge: "RFC 9110 §15.5.14"
        case .malformedMethod, .unknownMethod: "RFC 9110 §9.1"
        case .malformedTarget, .missingHost, .repeatedHost, .malformedHost: "RFC 9112 §3.2"
        case .malformedAuthority: "RFC 9110 §4.2"
        case .malformedVersion: "RFC 9112 §2.3"
        case .unsupportedVersion: "RFC 9110 §15.6.6"
        case .malformedField: "RFC 9112 §5"
        case .spaceBeforeColon: "RFC 9112 §5.1"
        case .lineFolding: "RFC 9112 §5.2"
        case .repeatedField: "RFC 9110 §5.3"
        case .unknownExpectation: "RFC 9110 §10.1.1"
        case .malformedContentLength, .repeatedContentLength: "RFC 9110 §8.6"
        case .transferEncodingInOldVersion, .bothLengths, .unknownTransferCoding: "RFC 9112 §6.1"
        case .malformedTransferEncoding, .chunkedIsNotLast: "RFC 9112 §6.3"
        case .chunkedTwice: "RFC 9112 §6.1"
        case .malformedChunkSize, .chunkWithoutEnd: "RFC 9112 §7.1"
        case .malformedChunkExtension, .chunkExtensionsTooLong: "RFC 9112 §7.1.1"
        case .malformedTrailer, .trailersTooLong: "RFC 9112 §7.1.2"
        case .forbiddenTrailer: "RFC 9110 §6.5.1"
        case .unknownContentCoding, .malformedContentCoding: "RFC 9110 §8.4"
        case .headTooSlow, .bodyTooSlow: "RFC 9110 §15.5.9"
        case .tooMuchHeld: "RFC 9110 §15.6.4"
        }
    }
}
