"""More than can be served: what still is, how long it takes, and what it costs."""

import threading
import time
from dataclasses import dataclass

from harness import open_loop
from harness.machine import compile_c, fetch, say, until

CONNECTIONS = 4_000  # so many that the server, and not the generator, decides what waits
# Closed loops: from as many rows as fill half a batch to as many as fill one and the one behind; the best is the peak.
PEAK_ROWS = (512, 1_024, 2_048)
SLOW_FLUSH_US = 60_000


class Memory(threading.Thread):
    """The most resident memory of a process, looked at every second."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.most, self.stop = process, 0, threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.join()

    def run(self):
        while not self.stop.wait(1):
            self.most = max(self.most, self.process.resident_mib())


class Share:
    """How much of their core the server and PostgreSQL took."""

    def __init__(self, server, database):
        self.server, self.database = server, database

    def __enter__(self):
        self.begin = time.monotonic(), self.server.process.cpu_us(), self.database.cpu_us()
        return self

    def __exit__(self, *_):
        seconds = time.monotonic() - self.begin[0]
        self.server_us = self.server.process.cpu_us() - self.begin[1]
        self.database_us = self.database.cpu_us() - self.begin[2]
        self.text = f"service {self.server_us / seconds / 1e4:.0f} %, PostgreSQL {self.database_us / seconds / 1e4:.0f} % of their core"


@dataclass
class Shortage:
    """What there is too little of."""

    title: str
    instances: int  # in a request
    environment: dict  # of PostgreSQL


def overload(stand, subject, plan, report):
    """Where the database is what is short, and where the processor is."""
    delay = compile_c("load/flush.c", "flush.so", "-fPIC", "-shared", "-ldl")
    slow = {"LD_PRELOAD": str(delay), "FLUSH_DELAY_US": str(SLOW_FLUSH_US)}
    with open_loop.apart(stand.database):
        for shortage in (Shortage(f"flushes {SLOW_FLUSH_US // 1000} ms slower", 1, slow), Shortage("16 predictions a request", 16, {})):
            restart(stand.database, shortage.environment)
            measure(stand, plan, report, shortage)
        restart(stand.database, {})


def restart(database, environment):
    database.end()
    database.start(environment)
    until(database.accepts, 20, "PostgreSQL")
    database.process.pin({open_loop.SERVER_CORE})


def find_peak(server, database, seconds, instances):
    """The most requests that are stored in a closed loop, a second, in as long a time: a table that grows slows down."""
    found = {}
    for rows in PEAK_ROWS:
        database.clear()
        found[rows // instances] = closed_loop(server, 5, rows // instances, instances)
    say(f"  closed loops: {', '.join(f'{rate:,.0f}/s over {count:,}' for count, rate in found.items())}")
    database.clear()
    return closed_loop(server, seconds, max(found, key=found.get), instances)


def closed_loop(server, seconds, connections, instances):
    closed = open_loop.run(server, 0, seconds, connections, 1, instances)
    return closed["ok"] / closed["seconds"]


def measure(stand, plan, report, shortage):
    """Twice as many requests as can be stored, for a minute, against as many as can be."""
    seconds = 10 if plan.is_quick else 60
    database, server = stand.database, stand.service(prefix=open_loop.SERVER)
    try:
        open_loop.run(server, 0, plan.warm_seconds + 1, PEAK_ROWS[0] // shortage.instances, 1, shortage.instances)
        peak = find_peak(server, database, seconds, shortage.instances)
        database.clear()
        with Memory(server.process) as memory, Share(server, database) as share:
            below = open_loop.run(server, 0.95 * peak, max(seconds / 2, 10), CONNECTIONS, 2, shortage.instances)
        before = memory.most
        say(f"  {shortage.title}: peak {peak:,.0f}/s; at 0.95×: {share.text}; {below}")
        database.clear()
        with Memory(server.process) as memory, Share(server, database) as share:
            above = open_loop.run(server, 2 * peak, seconds, CONNECTIONS, 2, shortage.instances)
        say(f"  at 2×: {share.text}; {above}")
        tell(report, shortage.title, peak, below, above, (before, memory.most), share)
        if fetch(server.url("/health/ready")) is None:
            raise SystemExit("bench: not ready after the overload")
    finally:
        server.end()


def tell(report, title, peak, below, above, memory, share):
    goodput, refused = above["ok"] / above["seconds"], above["refused"] / above["seconds"]
    is_valid = min(below["on_time"], above["on_time"]) >= open_loop.ON_TIME_MIN
    void = "" if is_valid else "**void, the generator was late**; "
    report.add(f"overload at twice the peak, {title}: goodput over peak", "≥ 0.9×", f"{goodput / peak:.2f}×",
               f"{void}{goodput:,.0f}/s against {peak:,.0f}/s; {refused:,.0f}/s refused over {CONNECTIONS:,} connections; "
               f"generator on time for {above['on_time']:.2%}; other answers {above['other']}, lost {above['lost']}, never "
               f"sent {above['unsent']}; {share.text}",
               is_valid and goodput >= 0.9 * peak and above["other"] + above["lost"] == 0)
    ratio = above["ok_p99"] / below["ok_p99"]
    report.add("the same: p99 of stored ones over p99 at 0.95 of the peak", "≤ 2×", f"{ratio:.2f}×",
               f"{void}{above['ok_p99'] / 1e3:.1f} ms against {below['ok_p99'] / 1e3:.1f} ms; p50 {above['ok_p50'] / 1e3:.1f} ms "
               f"against {below['ok_p50'] / 1e3:.1f} ms; from the moment a request is due", is_valid and ratio <= 2)
    report.add("the same: p99 of refusals", "≤ 10 ms", f"{above['refused_p99'] / 1e3:.1f} ms",
               f"{void}p50 {above['refused_p50'] / 1e3:.1f} ms; from the moment of sending "
               f"{above['refused_sent_p99'] / 1e3:.1f} ms", is_valid and 0 < above["refused_p99"] <= 10_000)
    before, most = memory
    report.add("the same: most memory over that at 0.95 of the peak", "≤ 1.1×", f"{most / before:.2f}×",
               f"{most:.1f} MiB against {before:.1f} MiB", most <= 1.1 * before)
