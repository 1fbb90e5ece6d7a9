"""nginx in front of a server that keeps what nginx made of each request."""

import os
import re
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Self

from table import FOLDER, Reading

QUIET_SECONDS = 0.5
SENTINEL = b"GET /sentinel HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Backend(socketserver.ThreadingTCPServer):
    """Answers each request with a mark that nginx does not make, and keeps its method, target and length of body."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Recorder)
        self.seen: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Recorder(socketserver.StreamRequestHandler):
    """One connection of nginx: one request."""

    def handle(self) -> None:
        """Reads what nginx wrote, which is well-formed."""
        line = self.rfile.readline().decode("latin-1").split(" ")
        fields = {}
        while (field := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = field.partition(":")
            fields[name.lower()] = value.strip()
        length = len(self.rfile.read(int(fields.get("content-length", 0))))
        self.server.seen[int(fields["x-client-port"])].append((line[0], line[1], length))
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Backend: 1\r\nContent-Length: 0\r\n\r\n")


class Nginx:
    """nginx on a port of its own, for the length of a `with` block."""

    def __init__(self, folder: Path) -> None:
        self.backend = Backend()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        words = {"FOLDER": folder, "PORT": self.port, "BACKEND": self.backend.server_address[1]}
        text = re.sub("@([A-Z]+)@", lambda match: str(words[match[1]]), (FOLDER / "nginx.conf").read_text())
        (folder / "nginx.conf").write_text(text)
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "nginx is missing: scripts/dependencies --hostile installs it"
        self.process = subprocess.Popen([program, "-c", folder / "nginx.conf", "-e", folder / "error.log"])

    def __enter__(self) -> Self:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                with suppress(subprocess.TimeoutExpired):
                    raise AssertionError(f"nginx ended: {self.process.wait(0.05)}") from None
        raise AssertionError("nginx does not listen")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.backend.shutdown()

    def read(self, octets: bytes) -> Reading:
        """What nginx made of a stream: what it passed on, and what it did in the end."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            port = client.getsockname()[1]
            # An earlier client may have had this port.
            self.backend.seen.pop(port, None)
            received, has_ended = exchange(client, octets)
            seen = list(self.backend.seen[port])
            end = "closed"
            if not has_ended:
                # Whoever takes the next request for a request was done with the stream.
                received, _ = exchange(client, SENTINEL, received)
                end = "idle" if self.backend.seen[port][-1:] == [("GET", "/sentinel", 0)] else "incomplete"
        if has_ended and own_refusal(received):
            end = "refused"
        return Reading(tuple(seen), end)


def exchange(client: socket.socket, octets: bytes, received: bytes = b"") -> tuple[bytes, bool]:
    """Sends and reads until nothing comes for a while; also whether the other side has ended the connection."""
    try:
        client.sendall(octets)
        client.settimeout(QUIET_SECONDS)
        while True:
            part = client.recv(65_536)
            if part == b"":
                return received, True
            received += part
    except TimeoutError:
        return received, False
    except OSError:
        return received, True


def own_refusal(received: bytes) -> bool:
    """Whether the last answer is nginx's own, or the connection ended without any."""
    head = received[received.rfind(b"HTTP/1.1 ") :].partition(b"\r\n\r\n")[0]
    return b"X-Backend" not in head
