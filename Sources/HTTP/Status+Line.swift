/// Status lines, whole, because they are the first thing that every answer copies.
extension Status {
    /// `HTTP/1.1 SP status-code SP reason-phrase CRLF` (RFC 9112 §4); the version is the server's own, whatever the client's
    /// (RFC 9110 §6.2).
    var line: StaticString {
        switch self {
        case .ok: "HTTP/1.1 200 OK\r\n"
        case .created: "HTTP/1.1 201 Created\r\n"
        case .accepted: "HTTP/1.1 202 Accepted\r\n"
        case .noContent: "HTTP/1.1 204 No Content\r\n"
        case .notModified: "HTTP/1.1 304 Not Modified\r\n"
        case .badRequest: "HTTP/1.1 400 Bad Request\r\n"
        case .unauthorized: "HTTP/1.1 401 Unauthorized\r\n"
        case .forbidden: "HTTP/1.1 403 Forbidden\r\n"
        case .notFound: "HTTP/1.1 404 Not Found\r\n"
        case .methodNotAllowed: "HTTP/1.1 405 Method Not Allowed\r\n"
        case .notAcceptable: "HTTP/1.1 406 Not Acceptable\r\n"
        case .requestTimeout: "HTTP/1.1 408 Request Timeout\r\n"
        case .conflict: "HTTP/1.1 409 Conflict\r\n"
        case .gone: "HTTP/1.1 410 Gone\r\n"
        case .lengthRequired: "HTTP/1.1 411 Length Required\r\n"
        case .preconditionFailed: "HTTP/1.1 412 Precondition Failed\r\n"
        case .contentTooLarge: "HTTP/1.1 413 Content Too Large\r\n"
        case .uriTooLong: "HTTP/1.1 414 URI Too Long\r\n"
        case .unsupportedMediaType: "HTTP/1.1 415 Unsupported Media Type\r\n"
        case .expectationFailed: "HTTP/1.1 417 Expectation Failed\r\n"
        case .unprocessableContent: "HTTP/1.1 422 Unprocessable Content\r\n"
        case .preconditionRequired: "HTTP/1.1 428 Precondition Required\r\n"
        case .tooManyRequests: "HTTP/1.1 429 Too Many Requests\r\n"
        case .requestHeaderFieldsTooLarge: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case .internalServerError: "HTTP/1.1 500 Internal Server Error\r\n"
        case .notImplemented: "HTTP/1.1 501 Not Implemented\r\n"
        case .badGateway: "HTTP/1.1 502 Bad Gateway\r\n"
        case .serviceUnavailable: "HTTP/1.1 503 Service Unavailable\r\n"
        case .gatewayTimeout: "HTTP/1.1 504 Gateway Timeout\r\n"
        case .httpVersionNotSupported: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
        }
    }
}
