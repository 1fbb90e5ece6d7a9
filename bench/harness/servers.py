"""The service and its peers, each started the same way: a process, a port, and a condition that says it answers."""

import subprocess
import sys

from harness.machine import ROOT, Process, compile_c, fetch, free_port, need, say, until, virtual_environment

ROUTE_LIVE = "/health/live"


class Server:
    """A running server on loopback."""

    def __init__(self, name, process, port, ready_path):
        self.name, self.process, self.port = name, process, port

        def answers():
            if not process.is_alive():
                raise SystemExit(f"bench: {name} ended; its log says:\n{open(process.log).read()[-2000:]}")
            return fetch(self.url(ready_path))

        try:
            until(answers, 40, name)
        except SystemExit:
            process.end()
            raise

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def end(self):
        self.process.end()


class Stand:
    """Where servers are started: the work directory, the database, and what was built."""

    def __init__(self, work, database, binary):
        self.work, self.database, self.binary = work, database, binary
        include = subprocess.run(["pkg-config", "--cflags", "--libs", "libpq"], check=True, capture_output=True, text=True)
        self.peer_binary = compile_c("peer/peer.c", "peer", *include.stdout.split(), "-lm")
        self.counter = compile_c("load/allocations.c", "allocations.so", "-fPIC", "-shared")

    def log(self, name):
        return self.work / f"{name}.log"

    def service(self, environment=None, name="churn", prefix=()):
        port = free_port()
        arguments = [*prefix, self.binary, "serve", "--host", "127.0.0.1", "--port", port, "--workers", "1",
                     "--database-url", self.database.url, "--model", ROOT / "Models" / "demo.json"]
        process = Process(arguments, self.log(name), environment, directory=self.work)
        return Server(name, process, port, "/health/ready")

    def peer(self, environment=None, name="C", durable=True):
        port = free_port()
        arguments = [self.peer_binary, port] + ([self.database.url] if durable else [])
        return Server(name, Process(arguments, self.log("peer"), environment), port, ROUTE_LIVE)

    def fastapi(self):
        port = free_port()
        python = virtual_environment("fastapi")
        environment = {"BENCH_SOCKET": str(self.database.socket), "BENCH_DATABASE": self.database.name,
                       "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        arguments = [python, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", port, "--workers", "1",
                     "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
        process = Process(arguments, self.log("fastapi"), environment, directory=ROOT / "bench" / "fastapi")
        return Server("FastAPI", process, port, "/health/ready")

    def nginx(self, body, openapi=b"", prefix=()):
        """One worker that answers with the bytes that the service answers: /health/live, /openapi.json from a file."""
        if "'" in body:
            raise SystemExit("bench: a quote in the body of /health/live")
        port, root = free_port(), self.work / "nginx-root"
        root.mkdir(exist_ok=True)
        (root / "openapi.json").write_bytes(openapi)
        text = (ROOT / "bench" / "nginx" / "nginx.conf").read_text()
        for word, value in (("PORT", str(port)), ("DIRECTORY", str(self.work)), ("BODY", body)):
            text = text.replace(f"@{word}@", value)
        configuration = self.work / "nginx.conf"
        configuration.write_text(text)
        arguments = [*prefix, "/usr/sbin/nginx", "-c", configuration, "-e", self.work / "nginx.error.log"]
        return Server("nginx", Process(arguments, self.log("nginx")), port, ROUTE_LIVE)


def build_service():
    say("building the service, release")
    subprocess.run(["swift", "build", "-c", "release", "--product", "churn"], cwd=ROOT, check=True, stdout=sys.stderr)
    return ROOT / ".build" / "release" / "churn"


def install_tools():
    subprocess.run([str(ROOT / "scripts" / "dependencies")], check=True, stdout=sys.stderr)
    for command, package in (("wrk", "wrk"), ("nginx", "nginx-light"), ("cc", "gcc"), ("pkg-config", "pkg-config")):
        need(command, package)
