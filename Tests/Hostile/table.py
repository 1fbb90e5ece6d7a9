"""The table of raw requests, and what a reader makes of one."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SIMPLE = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|\{(\d+)\*(.*?)\}|([rnt0\\]))")


def unescaped(text: str) -> bytes:
    """The octets that a field of the table stands for."""
    octets, start = b"", 0
    for match in ESCAPE.finditer(text):
        octets += text[start : match.start()].encode("ascii")
        hexadecimal, count, repeated, simple = match.groups()
        if hexadecimal:
            octets += bytes([int(hexadecimal, 16)])
        elif count:
            octets += int(count) * unescaped(repeated)
        else:
            octets += SIMPLE[simple]
        start = match.end()
    return octets + text[start:].encode("ascii")


@dataclass(frozen=True)
class Reading:
    """What came of a stream: the requests that were read (method, target, length of the body), and how it ended.

    The end is idle, incomplete, closed or refused.
    """

    requests: tuple[tuple[str, str, int], ...]
    end: str


@dataclass(frozen=True)
class Stream:
    """One line of the table."""

    line: int
    end: str
    octets: bytes
    ours: Reading

    @staticmethod
    def parse(line: int, text: str) -> "Stream":
        """Reads END REQUESTS STREAM."""
        end, listed, stream = text.split(" ", 2)
        requests = []
        for request in listed.split("|") if listed != "-" else []:
            method, rest = request.split(":", 1)
            target, length = rest.rsplit(":", 1)
            requests.append((method, unescaped(target).decode("latin-1"), int(length)))
        kind = end if end in ("idle", "incomplete", "closed") else "refused"
        return Stream(line, end, unescaped(stream), Reading(tuple(requests), kind))


def table() -> list[Stream]:
    """All streams of the table."""
    lines = (FOLDER / "requests.txt").read_text().split("\n")
    return [Stream.parse(n, text) for n, text in enumerate(lines, 1) if text and not text.startswith("#")]
