import HTTP

/// Each rule with streams that break it, and no other.
let refusals: [(RequestRule, [String])] = {
    let host = "Host: localhost\r\n"
    let get = "GET / HTTP/1.1\r\n"
    let post = "POST / HTTP/1.1\r\nHost: localhost\r\n"
    let chunked = "\(post)Transfer-Encoding: chunked\r\n\r\n"
    return [
        (
            .bareLineFeed,
            [
                "\n", "GET / HTTP/1.1\n\(host)\r\n", "\(get)Host: localhost\n\r\n", "\(get)\(host)\n", "\r\n\nGET",
                "\(get)A: b\r\n\nC: d",
                "\(chunked)5\nhello", "\(chunked)5;a\nhello", "\(chunked)0\r\n\n", "\(chunked)0\r\na: b\n",
                "\(chunked)\n",
            ]
        ),
        (
            .bareCarriageReturn,
            [
                "\rG", "\r\rG", "GET /\r HTTP/1.1\r\n\(host)\r\n", "\(get)Host: local\rhost\r\n\r\n",
                "\(get)\(host)\r\r\n", "\r\n\r\r\n",
                "\(chunked)5\rX", "\(chunked)5;a\rb", "\(chunked)0\r\n\rX", "\(chunked)0\r\na: b\rc",
            ]
        ),
        (
            .controlCharacter,
            [
                "\0", "\u{16}\u{3}\u{1}", "GET /\u{1F} HTTP/1.1\r\n", "GET /\u{7F} HTTP/1.1\r\n", "\(get)A: \0\r\n",
                "\(get)A\u{7}: b\r\n",
                "\(get)Host: a\u{B}\r\n", "\(get)0123456: 89abcdef\t\u{8}\r\n",
            ]
        ),
        (.tooManyBlankLines, ["\r\n\r\n\r\n", "\r\n\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n"]),
        (
            .malformedMethod,
            [
                " / HTTP/1.1\r\n\(host)\r\n", "GET\r\n\r\n", "G(T / HTTP/1.1\r\n\(host)\r\n",
                "GET\t/ HTTP/1.1\r\n\(host)\r\n",
                "\u{C3}\u{9F} / HTTP/1.1\r\n\(host)\r\n", "GET: / HTTP/1.1\r\n\(host)\r\n",
            ]
        ),
        (
            .unknownMethod,
            [
                "get / HTTP/1.1\r\n\(host)\r\n", "TRACES / HTTP/1.1\r\n\(host)\r\n",
                "CONNECT a:1 HTTP/1.1\r\n\(host)\r\n",
                "-x / HTTP/1.1\r\n\(host)\r\n", "GETS / HTTP/1.1\r\n\(host)\r\n",
                "\(filler(500)) / HTTP/1.1\r\n\(host)\r\n",
                "PUS / HTTP/1.1\r\n\(host)\r\n", "POSX / HTTP/1.1\r\n\(host)\r\n", "XOST / HTTP/1.1\r\n\(host)\r\n",
            ]
        ),
        (
            .malformedTarget,
            [
                "GET  HTTP/1.1\r\n\(host)\r\n", "GET  / HTTP/1.1\r\n\(host)\r\n", "GET \r\n\r\n",
                "GET a HTTP/1.1\r\n\(host)\r\n",
                "GET * HTTP/1.1\r\n\(host)\r\n", "OPTIONS ** HTTP/1.1\r\n\(host)\r\n",
                "GET /\u{E9} HTTP/1.1\r\n\(host)\r\n",
                "GET /# HTTP/1.1\r\n\(host)\r\n", "GET /\" HTTP/1.1\r\n\(host)\r\n", "GET /% HTTP/1.1\r\n\(host)\r\n",
                "GET /%1 HTTP/1.1\r\n\(host)\r\n", "GET /%1g HTTP/1.1\r\n\(host)\r\n",
                "GET ftp://a/ HTTP/1.1\r\n\(host)\r\n",
                "GET http:/a HTTP/1.1\r\n\(host)\r\n", "GET a:1 HTTP/1.1\r\n\(host)\r\n",
                "GET ?a HTTP/1.1\r\n\(host)\r\n",
                "GET /\t HTTP/1.1\r\n\(host)\r\n", "GET /%4 1 HTTP/1.1\r\n\(host)\r\n",
            ]
        ),
        (
            .malformedAuthority,
            [
                "GET http:// HTTP/1.1\r\n\(host)\r\n", "GET http:///a HTTP/1.1\r\n\(host)\r\n",
                "GET http://:80/ HTTP/1.1\r\n\(host)\r\n",
                "GET http://u@h/ HTTP/1.1\r\n\(host)\r\n", "GET http://h:x/ HTTP/1.1\r\n\(host)\r\n",
                "GET https://[::1/ HTTP/1.1\r\n\(host)\r\n",
            ]
        ),
        (.malformedRequestLine, ["GET /\r\n\r\n", "GET http://a/\r\n\(host)\r\n"]),
        (
            .malformedVersion,
            [
                "GET / \r\n\r\n", "GET / HTTP/1.1 \r\n\(host)\r\n", "GET /  HTTP/1.1\r\n\(host)\r\n",
                "GET / / HTTP/1.1\r\n\(host)\r\n",
                "GET / http/1.1\r\n\(host)\r\n", "GET / HTTP/1\r\n\(host)\r\n", "GET / HTTP/11\r\n\(host)\r\n",
                "GET / HTTP/1.10\r\n\(host)\r\n",
                "GET / HTTP/1,1\r\n\(host)\r\n", "GET / HTTP/a.1\r\n\(host)\r\n", "GET / HTTP/1.a\r\n\(host)\r\n",
            ]
        ),
        (
            .unsupportedVersion,
            [
                "GET / HTTP/0.9\r\n\r\n", "GET / HTTP/1.2\r\n\(host)\r\n", "GET / HTTP/2.0\r\n\(host)\r\n",
                "PRI * HTTP/2.0\r\n\r\n",
                "GET / HTTP/3.1\r\n\(host)\r\n",
            ]
        ),
        (
            .malformedField,
            [
                "\(get)\(host)A\r\n\r\n", "\(get)\(host): b\r\n\r\n", "\(get)\(host)A{}: b\r\n\r\n",
                "\(get)\(host)A b: c\r\n\r\n",
                "\(get)\(host)\u{C3}: c\r\n\r\n", "\(get)\(host)A \r\n\r\n",
            ]
        ),
        (
            .spaceBeforeColon,
            ["\(get)Host : a\r\n\r\n", "\(get)\(host)A\t: b\r\n\r\n", "\(get)\(host)A \t : b\r\n\r\n"]
        ),
        (
            .lineFolding,
            [
                "\(get) \(host)\r\n", "\(get)\(host)\tb\r\n\r\n", "\(get)\(host)A: b\r\n c\r\n\r\n",
                "\(get)\(host) \r\n\r\n",
            ]
        ),
        (
            .repeatedField,
            [
                "\(post)Content-Type: a/b\r\nContent-Type: a/b\r\n\r\n",
                "\(post)Idempotency-Key: 1\r\nidempotency-key: 2\r\n\r\n",
                "\(post)Authorization: a\r\nAuthorization: b\r\n\r\n",
            ]
        ),
        (.unknownContentCoding, ["\(post)Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n"]),
        (.missingHost, ["\(get)\r\n", "\(get)X: y\r\n\r\n", "GET http://a/ HTTP/1.1\r\n\r\n"]),
        (.repeatedHost, ["\(get)\(host)\(host)\r\n", "GET / HTTP/1.0\r\n\(host)host:\r\n\r\n"]),
        (
            .malformedHost,
            [
                "\(get)Host: a b\r\n\r\n", "\(get)Host: a/b\r\n\r\n", "\(get)Host: u@a\r\n\r\n",
                "\(get)Host: a:1:2\r\n\r\n",
                "\(get)Host: [::1\r\n\r\n", "\(get)Host: a, b\r\n\r\n", "GET / HTTP/1.0\r\nHost: \u{E9}\r\n\r\n",
            ]
        ),
        (.unknownExpectation, ["\(post)Expect: 200-ok\r\n\r\n", "\(post)Expect: 100-continue, x\r\n\r\n"]),
        (
            .malformedContentLength,
            [
                "\(post)Content-Length:\r\n\r\n", "\(post)Content-Length: +1\r\n\r\n",
                "\(post)Content-Length: -1\r\n\r\n",
                "\(post)Content-Length: 1 1\r\n\r\n", "\(post)Content-Length: 1, 1\r\n\r\n",
                "\(post)Content-Length: 0x1\r\n\r\n",
                "\(post)Content-Length: 1.0\r\n\r\n", "\(post)Content-Length: \u{B2}\r\n\r\n",
                "\(post)Content-Length: 1_0\r\n\r\n",
            ]
        ),
        (.repeatedContentLength, ["\(post)Content-Length: 1\r\nContent-Length: 1\r\n\r\n"]),
        (
            .bodyTooLarge,
            [
                "\(post)Content-Length: 1048577\r\n\r\n", "\(post)Content-Length: 9223372036854775807\r\n\r\n",
                "\(post)Content-Length: 18446744073709551617\r\n\r\n",
                "\(post)Content-Length: \(String(repeating: "9", count: 400))\r\n\r\n",
                "\(chunked)100001\r\n", "\(chunked)1\r\nx\r\n100000\r\n", "\(chunked)ffffffffffffffffff\r\n",
            ]
        ),
        (.transferEncodingInOldVersion, ["POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"]),
        (
            .bothLengths,
            [
                "\(post)Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "\(post)Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
            ]
        ),
        (
            .malformedTransferEncoding,
            [
                "\(post)Transfer-Encoding: (), chunked\r\n\r\n", "\(post)Transfer-Encoding: a=b, chunked\r\n\r\n",
                "\(post)Transfer-Encoding:\r\n\r\n", "\(post)Transfer-Encoding: ,chunked\r\n\r\n",
                "\(post)Transfer-Encoding: chunked,\r\n\r\n", "\(post)Transfer-Encoding: a, ,chunked\r\n\r\n",
            ]
        ),
        (
            .chunkedIsNotLast,
            [
                "\(post)Transfer-Encoding: gzip\r\n\r\n",
                "\(post)Transfer-Encoding: chunked, gzip\r\n\r\n",
                "\(post)Transfer-Encoding: xchunked\r\n\r\n", "\(post)Transfer-Encoding: chunked;a=b\r\n\r\n",
                "\(post)Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
            ]
        ),
        (
            .chunkedTwice,
            [
                "\(post)Transfer-Encoding: chunked, chunked\r\n\r\n",
                "\(post)Transfer-Encoding: chunked, a, CHUNKED\r\n\r\n",
            ]
        ),
        (
            .unknownTransferCoding,
            [
                "\(post)Transfer-Encoding: gzip, chunked\r\n\r\n",
                "\(post)Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n",
            ]
        ),
        (
            .malformedChunkSize,
            [
                "\(chunked)\r\n", "\(chunked) 5\r\n", "\(chunked)g\r\n", "\(chunked)-5\r\n", "\(chunked)+5\r\n",
                "\(chunked)0x5\r\n", "\(chunked)5_0\r\n",
                "\(chunked);a\r\n", "\(chunked)1\0\r\n", "\(chunked)1\r\nx\r\n\r\n",
            ]
        ),
        (
            .malformedChunkExtension,
            [
                "\(chunked)5 \r\n", "\(chunked)5;\r\n", "\(chunked)5;a=\r\n", "\(chunked)5;a b\r\n",
                "\(chunked)5;=b\r\n", "\(chunked)5;a=\"b\r\n",
                "\(chunked)5;a=\"\\\r\n", "\(chunked)5;a=\"b\"c\r\n", "\(chunked)5 6\r\n", "\(chunked)5;a \r\n",
                "\(chunked)5;a=b \r\n", "\(chunked)5;a=b=c\r\n",
            ]
        ),
        (.chunkWithoutEnd, ["\(chunked)3\r\nabcd", "\(chunked)3\r\nabc\rd", "\(chunked)3\r\nabc\n"]),
        (
            .forbiddenTrailer,
            [
                "\(chunked)0\r\nHost: a\r\n\r\n", "\(chunked)0\r\nA: b\r\ncontent-LENGTH: 1\r\n\r\n",
                "\(chunked)0\r\nTransfer-Encoding: chunked\r\n\r\n",
            ]
        ),
        (
            .malformedTrailer,
            [
                "\(chunked)0\r\n: a\r\n", "\(chunked)0\r\na\r\n", "\(chunked)0\r\n a: b\r\n",
                "\(chunked)0\r\na : b\r\n", "\(chunked)0\r\na: \0",
            ]
        ),
    ]
}()
