"""Clients that take their time, or come in numbers: what everybody else feels of it."""

import contextlib
import math
import statistics
import subprocess
import time
from dataclasses import dataclass

from harness import open_loop
from harness.figures import STORED, WHAT_IF
from harness.machine import compile_c, fetch, need, say

SLOW = 2_000
VICTIM_RATE, VICTIM_CONNECTIONS = 2_000, 64
#: What an ordinary client asks for. A what-if shows the service alone; a stored prediction is what most ask for, and waits for a disk
#: that takes longer one time than another.
VICTIMS = {"what-ifs": WHAT_IF, "stored predictions": STORED}
WARM_SECONDS, LONG_SECONDS = 1, 60  # attackers are ended before
PEER_ROUNDS = 2
# Attackers have a core of their own, as if they were elsewhere; the ordinary client shares that of the server, which then is the
# only one that can keep it waiting.
ATTACKER = ("taskset", "-c", str(open_loop.CLIENT_CORE))


@dataclass
class Siege:
    """A kind of attack: what is started."""

    title: str
    commands: list
    #: Whether an nginx can be besieged in the same way: it answers a body that is `return`ed without waiting for one.
    has_peer: bool = True


def attacker(kind, port, count):
    return [compile_c("load/slow.c", "slow"), kind, port, count, LONG_SECONDS]


def own(port):
    heads, readers = attacker("head", port, SLOW), attacker("read", port, SLOW)
    return [
        Siege("nobody, to know what chance does", [], has_peer=False),
        Siege(f"{SLOW:,} slow senders of heads", [heads]),
        Siege(f"{SLOW:,} slow senders of bodies", [attacker("body", port, SLOW)], has_peer=False),
        Siege(f"{SLOW:,} slow readers", [readers]),
        Siege(f"{SLOW:,} slow senders and {SLOW:,} slow readers", [heads, readers]),
        Siege("1,000 new connections a second", [attacker("flood", port, 1_000)]),
    ]


def few_descriptors(port):
    return [Siege("`ulimit -n 256`, 1,000 new connections a second", [attacker("flood", port, 1_000)], has_peer=False)]


def foreign(port):
    url = f"http://127.0.0.1:{port}"
    test = ["slowhttptest", "-r", 500, "-l", LONG_SECONDS, "-p", 3, "-c", SLOW]
    return [
        Siege("slowhttptest, heads (-H)", [[*test, "-u", f"{url}/openapi.json", "-H", "-i", 1]]),
        Siege("slowhttptest, bodies (-B)", [[*test, "-u", f"{url}{STORED}", "-B", "-i", 1, "-s", 8_192]],
              has_peer=False),
        Siege("slowhttptest, readers (-X)", [[*test, "-u", f"{url}/openapi.json", "-X", "-n", 1, "-z", 32, "-k", 3]]),
    ]


@contextlib.contextmanager
def attack(stand, commands):
    """Some attackers, for as long as the `with` block lasts."""
    children = []
    for index, command in enumerate(commands):
        with open(stand.log(f"attack-{index}"), "wb") as log:
            arguments = [str(each) for each in (*ATTACKER, *command)]
            children.append(subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT))
    try:
        yield
    finally:
        for child in children:
            child.terminate()
            child.wait(20)


def p99(stand, server, path, commands, seconds):
    """p99 of an ordinary client in µs; without end where a request was refused, lost or never sent.

    It has its connections before the attack begins, and the beginning counts.
    """
    for _ in range(open_loop.VOID_MAX):
        client = open_loop.Run(server, VICTIM_RATE, seconds + WARM_SECONDS, VICTIM_CONNECTIONS, WARM_SECONDS,
                              path=path, core=open_loop.SERVER_CORE)
        time.sleep(WARM_SECONDS)
        with attack(stand, commands):
            found = client.result()
        time.sleep(1)
        hurt = {name: found[name] for name in ("refused", "other", "lost", "unsent") if found[name]}
        if hurt:
            say(f"  an ordinary client was hurt: {hurt}")
        if found["on_time"] >= open_loop.ON_TIME_MIN:
            return math.inf if hurt else found["ok_p99"]
        say(f"  void: the ordinary client was on time for {found['on_time']:.2%} only")
    raise SystemExit("bench: the ordinary client does not keep its schedule")


def turns(stand, server, path, commands, rounds, seconds):
    """p99 of an ordinary client alone and under an attack, in turn."""
    found = []
    for number in range(rounds):
        attacks = ([], commands) if number % 2 == 0 else (commands, [])
        turn = [p99(stand, server, path, each, seconds) / 1e3 for each in attacks]
        found.append(turn if number % 2 == 0 else turn[::-1])
    return found


def summary(found):
    alone, under = (statistics.median(one[place] for one in found) for place in range(2))
    return f"{under:.2f} ms against {alone:.2f} ms"


def besiege(stand, servers, sieges, plan, report):
    """The service under an attack, and an nginx in its place under the same, where there is one."""
    seconds, rounds = (4, 1) if plan.is_quick else (6, plan.rounds)
    for kind, path in VICTIMS.items():
        found = turns(stand, servers[0], path, sieges[0].commands, rounds, seconds)
        ratios, detail = [under / alone for alone, under in found], summary(found)
        if path == WHAT_IF and sieges[0].has_peer and len(servers) > 1:
            detail += f"; nginx {summary(turns(stand, servers[1], path, sieges[1].commands, min(rounds, PEER_ROUNDS), seconds))}"
        say(f"  {sieges[0].title}, {kind}: {', '.join(f'{ratio:.2f}×' for ratio in ratios)}; {detail}")
        report.at_most(f"p99 of others ({kind}): {sieges[0].title}", 1.2, ratios, detail)
    stand.database.clear()


def withstand(stand, plan, report, sieges, limits=(), has_peer=True):
    """One service under one siege after the other."""
    with open_loop.apart(stand.database), contextlib.ExitStack() as stack:
        servers = [stand.service(prefix=(*open_loop.SERVER, *limits))]
        stack.callback(servers[0].end)
        if has_peer:
            live, openapi = (fetch(servers[0].url(path)) for path in ("/health/live", "/openapi.json"))
            servers.append(stand.nginx(live.decode(), openapi, open_loop.SERVER))
            stack.callback(servers[1].end)
        for server in servers:
            open_loop.run(server, VICTIM_RATE, 3, VICTIM_CONNECTIONS, 1, 1, WHAT_IF)
        for siege in zip(*(sieges(server.port) for server in servers)):
            besiege(stand, servers, siege, plan, report)
        fetch(servers[0].url("/health/live"))


def slow(stand, subject, plan, report):
    """Slow senders, slow readers and floods of our own make."""
    withstand(stand, plan, report, own)


def slowhttptest(stand, subject, plan, report):
    """Debian's slowhttptest in its three modes."""
    need("slowhttptest", "slowhttptest")
    withstand(stand, plan, report, foreign)


def descriptors(stand, subject, plan, report):
    """Descriptors run out: whoever has a connection keeps it."""
    withstand(stand, plan, report, few_descriptors, ("prlimit", "--nofile=256"), has_peer=False)
