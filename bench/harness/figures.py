"""The figures of the table, each measured against its peers in one run."""

import contextlib
import http.client
import json
import os
import resource
import socket
import statistics
import struct
import threading
import time

from harness.load import SAMPLE, check_answer, run, wrk
from harness.machine import fetch, say, until

STORED, WHAT_IF, LIVE = "/predict", "/predict?record=false", "/health/live"
IDLE_CONNECTIONS = 10_000
BODY = json.dumps(SAMPLE, separators=(",", ":")).encode()


def median(rounds, field):
    return statistics.median(getattr(each, field) for each in rounds)


def race(servers, path, connections, plan, script, database=None, pinned=False):
    """Rounds of every server in turn, forth and back (A B B A), after one that does not count."""
    results = {server.name: [] for server in servers}
    for server in servers:
        run(server, path, connections, plan.warm_seconds, script, database, pinned)
    for number in range(plan.rounds):
        for server in servers if number % 2 == 0 else reversed(servers):
            found = run(server, path, connections, plan.seconds, script, database, pinned)
            results[server.name].append(found)
            say(f"  {path} {connections} {server.name:8} {found.rate:9,.0f}/s, {found.server_us:6.2f} µs server, "
                f"{found.database_us:6.2f} µs PostgreSQL, p50 {found.p50_ms:.2f} ms, p99 {found.p99_ms:.2f} ms")
    return results


def rates(ours, peers):
    return [our.rate / peer.rate for our, peer in zip(ours, peers)]


def savings(ours, peers):
    return [peer.server_us / our.server_us for our, peer in zip(ours, peers)]


def both_rates(ours, peers):
    return f"{median(ours, 'rate'):,.0f}/s against {median(peers, 'rate'):,.0f}/s"


def both_costs(ours, peers):
    return f"{median(ours, 'server_us'):.2f} µs against {median(peers, 'server_us'):.2f} µs"


def durable(stand, subject, plan, report):
    """Stored predictions: against C and against FastAPI."""
    with contextlib.ExitStack() as stack:
        servers = []
        for start in (subject, stand.peer, stand.fastapi):
            servers.append(start())
            stack.callback(servers[-1].end)
            size = check_answer(servers[-1], STORED, stand.database)
            say(f"  {servers[-1].name}: {size} bytes of answer")
        ours, c, fastapi = servers
        for connections in (64, 256):
            found = race(servers, STORED, connections, plan, "post.lua", stand.database)
            mine, theirs, python = found[ours.name], found[c.name], found[fastapi.name]
            title = f"durable `/predict`, {connections} connections"
            report.at_least(f"{title}, against FastAPI", 25, rates(mine, python), both_rates(mine, python))
            report.at_least(f"{title}, against C", 0.90, rates(mine, theirs), both_rates(mine, theirs))
            report.at_least(f"{title}, against C: server CPU a request, the other way round", 0.90, savings(mine, theirs),
                            both_costs(mine, theirs))
            report.note(f"Durable, {connections} connections: PostgreSQL's CPU a request "
                        f"{median(mine, 'database_us'):.1f} µs under the service, {median(theirs, 'database_us'):.1f} µs under C, "
                        f"{median(python, 'database_us'):.1f} µs under FastAPI; p50/p99 {median(mine, 'p50_ms'):.2f}/"
                        f"{median(mine, 'p99_ms'):.2f} ms, {median(theirs, 'p50_ms'):.2f}/{median(theirs, 'p99_ms'):.2f} ms, "
                        f"{median(python, 'p50_ms'):.1f}/{median(python, 'p99_ms'):.1f} ms (closed loop).")


def what_if(stand, subject, plan, report):
    """Predictions that are not stored, against C: the server on one core, the load on the other."""
    with contextlib.ExitStack() as stack:
        servers = []
        for start in (subject, lambda: stand.peer(durable=False)):
            servers.append(start())
            stack.callback(servers[-1].end)
            check_answer(servers[-1], WHAT_IF)
        found = race(servers, WHAT_IF, 64, plan, "post.lua", pinned=True)
        mine, theirs = found[servers[0].name], found[servers[1].name]
        report.at_least("`/predict?record=false`, 64 connections, against C", 0.85, rates(mine, theirs), both_rates(mine, theirs))
        report.at_least("the same: server CPU a request, the other way round", 0.85, savings(mine, theirs),
                        both_costs(mine, theirs))


def health(stand, subject, plan, report):
    """/health/live against nginx: the same bytes, one worker each."""
    with contextlib.ExitStack() as stack:
        ours = subject()
        stack.callback(ours.end)
        body = fetch(ours.url(LIVE))
        nginx = stand.nginx(body.decode())
        stack.callback(nginx.end)
        if fetch(nginx.url(LIVE)) != body:
            raise SystemExit("bench: nginx answers other bytes")
        found = race([ours, nginx], LIVE, 64, plan, "get.lua", pinned=True)
        mine, theirs = found[ours.name], found[nginx.name]
        report.at_least("`/health/live`, 64 connections, against nginx `return 200`", 1.0, rates(mine, theirs),
                        both_rates(mine, theirs))
        report.note(f"`/health/live`: server CPU a request {both_costs(mine, theirs)}.")


class AllocationTable:
    """The counters of `load/allocations.c` in a running process."""

    def __init__(self, path, process):
        self.path, self.process = path, process

    def read(self):
        """(name of thread, thread) -> (libpq, other)"""
        words = struct.unpack("<1024Q", self.path.read_bytes()[:8192])
        found = {}
        for slot in range(min(words[1], 255)):
            thread, libpq, other, _ = words[4 + slot * 4: 8 + slot * 4]
            with contextlib.suppress(OSError):
                name = open(f"/proc/{self.process.pid}/task/{thread}/comm").read().strip()
                found[name, thread] = (libpq, other)
        return found

    def trace(self):
        with open(self.path, "r+b") as table:
            table.write(struct.pack("<Q", 1))


def busiest(process):
    """The thread that has used most CPU: the worker."""
    def spent(thread):
        fields = open(f"/proc/{process.pid}/task/{thread}/stat").read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return max((int(name) for name in os.listdir(f"/proc/{process.pid}/task")), key=spent)


def allocations(stand, subject, plan, report):
    """Heap allocations of the worker thread in the middle of a run, libpq's own apart."""
    for path, title in ((STORED, "durable `/predict`"), (WHAT_IF, "`/predict?record=false`")):
        file = stand.work / "allocations"
        server = subject(environment={"LD_PRELOAD": str(stand.counter), "ALLOCATIONS": str(file)})
        try:
            table = AllocationTable(file, server.process)
            wrk(server.url(path), 64, plan.seconds, "post.lua")
            samples = []

            def sample():
                time.sleep(1)
                samples.append((time.monotonic(), table.read()))
                time.sleep(plan.seconds)
                samples.append((time.monotonic(), table.read()))
                table.trace()

            sampler = threading.Thread(target=sample)
            sampler.start()
            result = wrk(server.url(path), 64, plan.seconds + 2, "post.lua")
            sampler.join()
            (start, before), (end, after) = samples
            worker = busiest(server.process)
        finally:
            server.end()
        requests = result["requests"] / (result["microseconds"] / 1e6) * (end - start)
        libpq, other, elsewhere = 0, 0, 0
        for key, (libpq_after, other_after) in after.items():
            libpq_before, other_before = before.get(key, (0, 0))
            if key[1] == worker:
                libpq, other = libpq_after - libpq_before, other_after - other_before
            else:
                elsewhere += libpq_after - libpq_before + other_after - other_before
        report.add(f"heap allocations a request, {title}", "0", f"{other / requests:.4g}",
                   f"{other} in about {requests:,.0f} requests; libpq {libpq / requests:.3f} a request; "
                   f"other threads {elsewhere} in all", other == 0)
        stacks = file.with_suffix(".stacks")
        if other and stacks.exists():
            say(f"  stacks of the worker's allocations:\n{stacks.read_text()[:6000]}")


def memory(stand, subject, plan, report):
    """Resident memory: idle, and with 10,000 idle connections that have each asked once."""
    need = IDLE_CONNECTIONS + 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < need:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(need, hard), hard))
    server = subject()
    try:
        time.sleep(2)
        idle = server.process.resident_mib()
        report.add("memory, idle", "≤ 40 MiB", f"{idle:.1f} MiB", "VmRSS two seconds after the start", idle <= 40)
        request = b"GET /health/live HTTP/1.1\r\nHost: bench\r\n\r\n"
        with contextlib.ExitStack() as stack:
            sockets = []
            for _ in range(IDLE_CONNECTIONS):
                each = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
                sockets.append(each)
                ask(each, request)
            time.sleep(2)
            full = server.process.resident_mib()
            for each in sockets:
                ask(each, request)
            after = server.process.resident_mib()
        report.add("memory, 10,000 idle keep-alive connections", "≤ 64 MiB", f"{max(full, after):.1f} MiB",
                   f"{full:.1f} MiB, {after:.1f} MiB after each has asked again; all {len(sockets):,} answered", max(full, after) <= 64)
    finally:
        server.end()


def ask(connection, request):
    connection.sendall(request)
    answer = connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise SystemExit(f"bench: an idle connection got {answer[:60]!r}")


class Poller(threading.Thread):
    """POSTs one prediction after the other; keeps when each 2xx was asked for and came, and what else came."""

    def __init__(self, port, stop):
        super().__init__()
        self.port, self.stop, self.good, self.other = port, stop, [], {}

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.stop.is_set():
            try:
                connection.request("POST", STORED, BODY, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                status = type(error).__name__
            if status in (200, 201):
                self.good.append(time.monotonic())
            else:
                self.other[status] = self.other.get(status, 0) + 1
                time.sleep(0.005)


def recovery(stand, subject, plan, report):
    """PostgreSQL is stopped hard and started under load: how long until the first stored prediction."""
    server, stop = subject(), threading.Event()
    pollers = [Poller(server.port, stop) for _ in range(8)]
    delays = []
    try:
        for poller in pollers:
            poller.start()
        until(lambda: all(poller.good for poller in pollers), 10, "the first stored prediction")
        for _ in range(plan.rounds):
            time.sleep(0.5)
            stand.database.stop_immediately()
            time.sleep(1)
            marks = [len(poller.good) for poller in pollers]
            stand.database.start()
            deadline = time.monotonic() + 20
            while not stand.database.accepts():
                if time.monotonic() > deadline:
                    raise SystemExit("bench: PostgreSQL did not come back")
                time.sleep(0.002)
            accepted = time.monotonic()
            until(lambda: any(len(p.good) > mark for p, mark in zip(pollers, marks)), 20, "a stored prediction")
            first = min(p.good[mark] for p, mark in zip(pollers, marks) if len(p.good) > mark)
            delays.append(max(0, first - accepted))
            say(f"  recovered in {delays[-1] * 1e3:.0f} ms")
    finally:
        stop.set()
        for poller in pollers:
            poller.join()
        server.end()
    others = {}
    for poller in pollers:
        for status, count in poller.other.items():
            others[str(status)] = others.get(str(status), 0) + count
    stored, good = stand.database.rows(), sum(len(poller.good) for poller in pollers)
    report.add("first durable 2xx after PostgreSQL accepts again", "≤ 1 s", f"{statistics.median(delays):.2f} s",
               f"{min(delays):.2f}–{max(delays):.2f} s in {len(delays)} crashes; besides {good:,} stored answers: {others}; "
               f"{stored:,} rows", max(delays) <= 1 and stored >= good)
