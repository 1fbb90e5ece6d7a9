"""Two parsers of HTTP/1.1 that share no code with ours: h11, and llhttp (what Node.js reads with) by httptools."""

import h11
import httptools
from table import Reading


def read_with_h11(octets: bytes) -> Reading:
    """As a server that answers each request with an empty 200."""
    connection = h11.Connection(h11.SERVER)
    requests: list[tuple[str, str, int]] = []
    head, length = None, 0
    try:
        if octets:  # none would mean the end of the connection
            connection.receive_data(octets)
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                begun = head is not None or connection.trailing_data[0].strip(b"\r\n") != b""
                return Reading(tuple(requests), "incomplete" if begun else "idle")
            if isinstance(event, h11.Request):
                head, length = event, 0
            elif isinstance(event, h11.Data):
                length += len(event.data)
            elif isinstance(event, h11.EndOfMessage):
                requests.append((head.method.decode(), head.target.decode("latin-1"), length))
                head = None
                # CONNECT is refused, as by any server that is no proxy.
                status = 405 if requests[-1][0] == "CONNECT" else 200
                connection.send(h11.Response(status_code=status, headers=[("Content-Length", "0")]))
                connection.send(h11.EndOfMessage())
                if connection.our_state is not h11.DONE:
                    return Reading(tuple(requests), "closed")
                connection.start_next_cycle()
            else:
                return Reading(tuple(requests), "closed")
    except h11.RemoteProtocolError:
        return Reading(tuple(requests), "refused")


class Listener:
    """What httptools calls."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, int]] = []
        self.is_inside = False
        self.has_closed = False
        self.target, self.length = b"", 0
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        """The first octet of a request has come."""
        self.is_inside, self.target, self.length = True, b"", 0

    def on_url(self, url: bytes) -> None:
        """A part of the target."""
        self.target += url

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self.length += len(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.is_inside = False
        if self.has_closed:
            return
        self.requests.append((self.parser.get_method().decode(), self.target.decode("latin-1"), self.length))
        self.has_closed = not self.parser.should_keep_alive()


def read_with_llhttp(octets: bytes) -> Reading:
    """As a server that stops reading where the connection ends."""
    listener = Listener()
    try:
        listener.parser.feed_data(octets)
    except httptools.HttpParserUpgrade:
        # What follows is not HTTP any more, as far as this parser is concerned.
        return Reading(tuple(listener.requests), "closed")
    except httptools.HttpParserError:
        if not listener.has_closed:
            return Reading(tuple(listener.requests), "refused")
    if listener.has_closed:
        return Reading(tuple(listener.requests), "closed")
    return Reading(tuple(listener.requests), "incomplete" if listener.is_inside else "idle")
