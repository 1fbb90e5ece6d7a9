"""More than can be served, and clients that take their time: what everybody else feels of it."""

import contextlib
import json
import math
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass

from harness.figures import STORED
from harness.load import wrk
from harness.machine import compile_c, fetch, need, say

CONNECTIONS = 4_000  # so many that the server, and not the generator, decides what waits
# As many as make full batches, and not one that waits behind them: what a closed loop stores then is all that can be.
PEAK_CONNECTIONS = 1_000
SLOW = 2_000
VICTIM_RATE, VICTIM_CONNECTIONS = 2_000, 64


def result_of(output):
    for line in output.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[7:])
    raise SystemExit(f"bench: the generator said nothing:\n{output}")


def open_loop(server, rate, seconds, connections, warm):
    """`load/open.c` at a constant rate; latencies count from the moment that a request was due."""
    command = [compile_c("load/open.c", "open"), server.port, STORED, rate, seconds, connections, warm]
    output = subprocess.run([str(each) for each in command], check=True, capture_output=True, text=True, timeout=seconds + 60)
    return result_of(output.stdout)


def served(client):
    """p99 of an ordinary client in µs; without end where a request was refused, lost or never sent."""
    hurt = {name: client[name] for name in ("refused", "other", "lost", "unsent") if client[name]}
    if hurt:
        say(f"  an ordinary client was hurt: {hurt}")
    return math.inf if hurt else client["ok_p99"]


class Attack:
    """`load/slow.c` or slowhttptest, for as long as the `with` block lasts."""

    def __init__(self, command, log):
        self.command, self.log = [str(each) for each in command], log

    def __enter__(self):
        self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT)
        time.sleep(2)  # all connections are there
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait(20)


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


def overload(stand, subject, plan, report):
    """Twice as many requests as can be stored, for a minute, against as many as can be."""
    seconds = 10 if plan.is_quick else 60
    server = subject()
    try:
        wrk(server.url(STORED), PEAK_CONNECTIONS, plan.warm_seconds, "post.lua")
        stand.database.clear()
        closed = wrk(server.url(STORED), PEAK_CONNECTIONS, max(plan.seconds, 5), "post.lua")
        peak = closed["requests"] / (closed["microseconds"] / 1e6)
        stand.database.clear()
        with Memory(server.process) as memory:
            at_capacity = open_loop(server, 0.95 * peak, max(seconds / 3, 10), CONNECTIONS, 2)
        before = memory.most
        say(f"  peak {peak:,.0f}/s ({PEAK_CONNECTIONS:,} connections, closed loop); at 0.95×: {at_capacity}")
        stand.database.clear()
        with Memory(server.process) as memory:
            above = open_loop(server, 2 * peak, seconds, CONNECTIONS, 2)
        say(f"  at 2×: {above}")
        goodput = above["ok"] / above["seconds"]
        offered = f"{2 * peak:,.0f}/s offered for {seconds} s over {CONNECTIONS:,} connections, {above['refused'] / above['seconds']:,.0f}/s refused"
        report.add("overload at twice the peak: goodput over peak", "≥ 0.9×", f"{goodput / peak:.2f}×",
                   f"{goodput:,.0f}/s against {peak:,.0f}/s; {offered}; other answers {above['other']}, lost {above['lost']}, "
                   f"never sent {above['unsent']}", goodput >= 0.9 * peak and above["other"] + above["lost"] == 0)
        ratio = above["ok_p99"] / at_capacity["ok_p99"]
        report.add("the same: p99 of stored ones over p99 at 0.95 of the peak", "≤ 2×", f"{ratio:.2f}×",
                   f"{above['ok_p99'] / 1e3:.1f} ms against {at_capacity['ok_p99'] / 1e3:.1f} ms; p50 {above['ok_p50'] / 1e3:.1f} ms "
                   f"against {at_capacity['ok_p50'] / 1e3:.1f} ms; from the moment a request is due", ratio <= 2)
        report.add("the same: p99 of refusals", "≤ 10 ms", f"{above['refused_p99'] / 1e3:.1f} ms",
                   f"p50 {above['refused_p50'] / 1e3:.1f} ms; from the moment of sending "
                   f"{above['refused_sent_p99'] / 1e3:.1f} ms", 0 < above["refused_p99"] <= 10_000)
        growth = memory.most / before
        report.add("the same: most memory over that at 0.95 of the peak", "≤ 1.1×", f"{growth:.2f}×",
                   f"{memory.most:.1f} MiB against {before:.1f} MiB", growth <= 1.1)
        if fetch(server.url("/health/ready")) is None:
            raise SystemExit("bench: not ready after the overload")
    finally:
        server.end()


@dataclass
class Siege:
    """A kind of attack: what is started, and with which limits the server runs."""

    title: str
    commands: list
    prefix: tuple = ()


def sieges(server_port, work, seconds):
    slow = compile_c("load/slow.c", "slow")
    test = ["slowhttptest", "-u", f"http://127.0.0.1:{server_port}/openapi.json", "-r", 500, "-l", seconds, "-p", 3]
    post = ["slowhttptest", "-u", f"http://127.0.0.1:{server_port}{STORED}", "-r", 500, "-l", seconds, "-p", 3]
    return [
        Siege(f"{SLOW:,} slow senders of heads", [[slow, "head", server_port, SLOW, seconds]]),
        Siege(f"{SLOW:,} slow senders of bodies", [[slow, "body", server_port, SLOW, seconds]]),
        Siege(f"{SLOW:,} slow readers", [[slow, "read", server_port, SLOW, seconds]]),
        Siege(f"{SLOW:,} slow senders and {SLOW:,} slow readers",
              [[slow, "head", server_port, SLOW, seconds], [slow, "read", server_port, SLOW, seconds]]),
        Siege("1,000 new connections a second", [[slow, "flood", server_port, 1_000, seconds]]),
        Siege("slowhttptest, heads (-H)", [[*test, "-c", SLOW, "-H", "-i", 1]]),
        Siege("slowhttptest, bodies (-B)", [[*post, "-c", SLOW, "-B", "-i", 1, "-s", 8_192]]),
        Siege("slowhttptest, readers (-X)", [[*test, "-c", SLOW, "-X", "-n", 1, "-z", 32, "-k", 3]]),
    ]


def besieged(stand, server, commands, seconds, rounds):
    """p99 of an ordinary client, in µs: [(alone, under attack)]."""
    pairs = []
    for number in range(rounds):
        found = {}
        for attacked in (False, True) if number % 2 == 0 else (True, False):
            with contextlib.ExitStack() as stack:
                for index, command in enumerate(commands if attacked else []):
                    stack.enter_context(Attack(command, stand.work / f"attack-{index}.log"))
                victim = open_loop(server, VICTIM_RATE, seconds, VICTIM_CONNECTIONS, 1)
            found[attacked] = served(victim)
            time.sleep(1)
        pairs.append((found[False], found[True]))
    return pairs


def slow(stand, subject, plan, report):
    """Slow senders, slow readers and floods, and p99 of an ordinary client beside them."""
    need("slowhttptest", "slowhttptest")
    seconds, rounds = (4, 1) if plan.is_quick else (12, plan.rounds)
    server = subject()
    try:
        open_loop(server, VICTIM_RATE, 3, VICTIM_CONNECTIONS, 1)
        for siege in sieges(server.port, stand.work, seconds + 6):
            tell(report, siege.title, besieged(stand, server, siege.commands, seconds, rounds))
    finally:
        server.end()
    # Descriptors run out: whoever has a connection keeps it.
    server = stand.service(prefix=["prlimit", "--nofile=256"], name="churn-256")
    try:
        open_loop(server, VICTIM_RATE, 3, VICTIM_CONNECTIONS, 1)
        tell(report, "`ulimit -n 256`, 1,000 new connections a second", beside_flood(stand, server, seconds, rounds))
        fetch(server.url("/health/live"))
    finally:
        server.end()


def beside_flood(stand, server, seconds, rounds):
    """Like `besieged`, but the client has its connections before the flood comes."""
    pairs = []
    flood = [compile_c("load/slow.c", "slow"), "flood", server.port, 1_000, seconds]
    for _ in range(rounds):
        alone = open_loop(server, VICTIM_RATE, seconds, VICTIM_CONNECTIONS, 1)
        timer = threading.Timer(1, lambda: subprocess.run([str(each) for each in flood], capture_output=True))
        timer.start()
        victim = open_loop(server, VICTIM_RATE, seconds, VICTIM_CONNECTIONS, 2)
        timer.join()
        pairs.append((served(alone), served(victim)))
        time.sleep(1)
    return pairs


def tell(report, title, pairs):
    ratios = [attacked / alone for alone, attacked in pairs]
    say(f"  {title}: {', '.join(f'{ratio:.2f}×' for ratio in ratios)}")
    alone, attacked = (statistics.median(pair[side] for pair in pairs) / 1e3 for side in (0, 1))
    report.at_most(f"p99 of others: {title}", 1.2, ratios,
                   f"{attacked:.2f} ms against {alone:.2f} ms, {VICTIM_RATE:,}/s stored over {VICTIM_CONNECTIONS} connections")
