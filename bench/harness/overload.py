"""More than can be served: what still is, how long it takes, and what it costs."""

import contextlib
import statistics
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


def best_closed_loop(server, database, instances):
    """Over how many connections a closed loop stores most."""
    found = {}
    for rows in PEAK_ROWS:
        database.clear()
        found[rows // instances] = closed_loop(server, 5, rows // instances, instances)
    say(f"  closed loops: {', '.join(f'{rate:,.0f}/s over {count:,}' for count, rate in found.items())}")
    return max(found, key=found.get)


def closed_loop(server, seconds, connections, instances):
    closed = open_loop.run(server, 0, seconds, connections, 1, instances)
    return closed["ok"] / closed["seconds"]


@dataclass
class Round:
    """One server at its peak, a little below it, and offered twice as much."""

    peak: float = 0  # requests stored a second in a closed loop
    below: dict = None
    above: dict = None
    memory_below: float = 0
    memory_above: float = 0
    share: str = ""  # at twice the peak

    @property
    def goodput(self):
        """Nothing where a request was lost, or got an answer that is neither a prediction nor a refusal."""
        return 0 if self.above["other"] + self.above["lost"] else self.above["ok"] / self.above["seconds"] / self.peak


class Trial:
    """A database that is short of something, and services in front of it, a new one for each round."""

    def __init__(self, stand, shortage, seconds):
        self.stand, self.database, self.shortage, self.seconds = stand, stand.database, shortage, seconds
        with self.service() as server:
            self.connections = best_closed_loop(server, self.database, shortage.instances)

    @contextlib.contextmanager
    def service(self):
        server = self.stand.service(prefix=open_loop.SERVER)
        try:
            open_loop.run(server, 0, 3, PEAK_ROWS[0] // self.shortage.instances, 1, self.shortage.instances)
            yield server
            if fetch(server.url("/health/ready")) is None:
                raise SystemExit("bench: not ready after the overload")
        finally:
            server.end()

    def offer(self, server, rate, seconds):
        """A rate from outside, over many connections: its outcome, the most memory, the shares of the core."""
        for _ in range(open_loop.VOID_MAX):
            self.database.clear()
            with Memory(server.process) as memory, Share(server, self.database) as share:
                found = open_loop.run(server, rate, seconds, CONNECTIONS, 2, self.shortage.instances)
            if found["on_time"] >= open_loop.ON_TIME_MIN:
                return found, memory.most, share.text
            say(f"  void: the generator was on time for {found['on_time']:.2%} only")
        raise SystemExit("bench: the generator does not keep its schedule")

    def peak(self, server):
        self.database.clear()
        return closed_loop(server, self.seconds, self.connections, self.shortage.instances)

    def round(self, number, known):
        """The peak, then twice as much; in every other round the peak comes last, and the one of the round before sets the rate."""
        with self.service() as server:
            one = Round(peak=known if number % 2 else self.peak(server))
            one.below, one.memory_below, _ = self.offer(server, 0.95 * one.peak, max(self.seconds / 2, 10))
            one.above, one.memory_above, one.share = self.offer(server, 2 * one.peak, self.seconds)
            if number % 2:
                one.peak = self.peak(server)
        say(f"  peak {one.peak:,.0f}/s, goodput {one.goodput:.2f} of it; at 2×: {one.share}; {one.above}; at 0.95×: {one.below}")
        return one


def measure(stand, plan, report, shortage):
    """Twice as many requests as can be stored, for a minute, against as many as can be."""
    say(f"  {shortage.title}:")
    trial = Trial(stand, shortage, 10 if plan.is_quick else 60)
    rounds = []
    for number in range(plan.rounds):
        rounds.append(trial.round(number, rounds[-1].peak if rounds else 0))
    tell(report, shortage.title, rounds)


def tell(report, title, rounds):
    """Medians of the rounds."""

    def middle(figure):
        return statistics.median(figure(one) for one in rounds)

    failed = sum(one.above["other"] + one.above["lost"] for one in rounds)
    report.at_least(
        f"overload at twice the peak, {title}: goodput over peak", 0.9, [one.goodput for one in rounds],
        f"{middle(lambda one: one.goodput * one.peak):,.0f}/s against {middle(lambda one: one.peak):,.0f}/s; "
        f"{middle(lambda one: one.above['refused'] / one.above['seconds']):,.0f}/s refused over {CONNECTIONS:,} connections; "
        f"generator on time for {min(one.above['on_time'] for one in rounds):.2%}; other answers and lost ones {failed}, "
        f"never sent {sum(one.above['unsent'] for one in rounds)}; {rounds[-1].share}")
    report.at_most(
        "the same: p99 of stored ones over p99 at 0.95 of the peak", 2,
        [one.above["ok_p99"] / one.below["ok_p99"] for one in rounds],
        f"{middle(lambda one: one.above['ok_p99']) / 1e3:.1f} ms against {middle(lambda one: one.below['ok_p99']) / 1e3:.1f} "
        f"ms; p50 {middle(lambda one: one.above['ok_p50']) / 1e3:.1f} ms against "
        f"{middle(lambda one: one.below['ok_p50']) / 1e3:.1f} ms; from the moment a request is due")
    refusals = [one.above["refused_p99"] / 1e3 for one in rounds]
    report.add(
        "the same: p99 of refusals", "≤ 10 ms", f"{statistics.median(refusals):.1f} ms",
        f"{min(refusals):.1f}–{max(refusals):.1f} in {len(rounds)} rounds; p50 "
        f"{middle(lambda one: one.above['refused_p50']) / 1e3:.1f} ms; from the moment of sending "
        f"{middle(lambda one: one.above['refused_sent_p99']) / 1e3:.1f} ms", 0 < statistics.median(refusals) <= 10)
    report.at_most(
        "the same: most memory over that at 0.95 of the peak", 1.1, [one.memory_above / one.memory_below for one in rounds],
        f"{middle(lambda one: one.memory_above):.1f} MiB against {middle(lambda one: one.memory_below):.1f} MiB")
