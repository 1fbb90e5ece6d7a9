#!/usr/bin/env python3
"""Measures the service against its peers on this machine, in one run, and prints one table in markdown.

Every comparison is a ratio taken between rounds that stand next to each other (A B B A ...), after one round that does
not count. Peers are built or installed by the bench itself. The table goes to stdout, what happens to stderr.
"""

import argparse
import contextlib
import pathlib
import signal
import sys
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import events, figures, kafka, learning, overload, servers, slow  # noqa: E402
from harness.database import Database  # noqa: E402
from harness.machine import say, tracks_loopback, work_directory  # noqa: E402
from harness.report import Report, machine  # noqa: E402

FIGURES = {
    "durable": figures.durable,
    "what-if": figures.what_if,
    "health": figures.health,
    "allocations": figures.allocations,
    "memory": figures.memory,
    "recovery": figures.recovery,
    "overload": overload.overload,
    "slow": slow.slow,
    "slowhttptest": slow.slowhttptest,
    "descriptors": slow.descriptors,
    "load": events.load,
    "features": events.features,
    "kafka": kafka.cost,
    "backlog": kafka.backlog,
    "outage": kafka.outage,
    "consume": kafka.consume,
}

LEARNING = {
    "fit": learning.fit,
    "elastic": learning.elastic,
    "agreement": learning.agreement,
    "score-csv": learning.score_csv,
    "fit-memory": learning.fit_memory,
}


@dataclass
class Plan:
    rounds: int
    seconds: int
    warm_seconds: int
    is_quick: bool = False
    outage_seconds: int = 600


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two rounds of 2 s: shows that the bench works, proves nothing")
    parser.add_argument("--rounds", type=int, help="rounds of each server (default 5)")
    parser.add_argument("--seconds", type=int, help="length of a round (default 5)")
    parser.add_argument("--outage-seconds", type=int, help="length of Kafka's outage (default 600)")
    parser.add_argument("--only", help=f"some of: {','.join([*FIGURES, *LEARNING])}")
    parser.add_argument("--binary", type=pathlib.Path, help="the service to measure (default: built here, release)")
    parser.add_argument("--peer-as-service", action="store_true", help="C in the service's place: checks the bench itself")
    return parser.parse_args()


def serve(names, chosen, plan, report, work, binary, stack):
    """The figures of the service, on a PostgreSQL of their own."""
    database = Database(work)
    stack.callback(database.end)
    stand = servers.Stand(work, database, binary)
    if chosen.peer_as_service:
        database.migrate()

        def subject(environment=None):
            return stand.peer(environment, name="C again")
    else:
        subject = stand.service
        subject().end()  # applies the migrations
    for name in names:
        say(f"{name}:")
        FIGURES[name](stand, subject, plan, report)
    report.note(f"PostgreSQL {database.sql('SHOW server_version')}.")


def main():
    chosen = options()
    plan = Plan(2, 2, 1, is_quick=True, outage_seconds=20) if chosen.quick else Plan(5, 5, 2)
    plan.outage_seconds = chosen.outage_seconds or plan.outage_seconds
    plan.rounds, plan.seconds = chosen.rounds or plan.rounds, chosen.seconds or plan.seconds
    names = chosen.only.split(",") if chosen.only else [*FIGURES, *LEARNING]
    if unknown := [name for name in names if name not in FIGURES and name not in LEARNING]:
        raise SystemExit(f"bench: no figure is called {unknown[0]}; there are {', '.join([*FIGURES, *LEARNING])}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    servers.install_tools()
    binary = chosen.binary.resolve() if chosen.binary else None
    if not binary and not chosen.peer_as_service:
        binary = servers.build_service()
    report = Report()
    with contextlib.ExitStack() as stack:
        work = work_directory(stack)
        if serving := [name for name in names if name in FIGURES]:
            serve(serving, chosen, plan, report, work, binary, stack)
        for name in names:
            if name in LEARNING:
                say(f"{name}:")
                LEARNING[name](learning.Stand(work, binary), plan, report)
        if tracks_loopback():
            report.note("A packet filter tracks connections over loopback: figures of other days may be without one.")
        report.note(f"{machine()}; {plan.rounds} rounds, those of a server {plan.seconds} s.")
    print(report.markdown())


if __name__ == "__main__":
    main()
