"""Events and features: files into PostgreSQL against psql, and snapshots against plain SQL."""

import datetime
import json
import math
import subprocess
import time

from harness.machine import say

EVENTS_A_CUSTOMER = 35
SEED = 1
FIRST, LAST = "2024-11-22", "2026-11-22"
WINDOW, HORIZON, DATES = 90, 30, 12
COLUMNS = "customer_id, occurred_at, kind, service, amount"


def churn(stand, *words):
    """Runs a command; what it says of itself, and how long it took from start to end."""
    started = time.monotonic()
    done = subprocess.run([str(stand.binary), *map(str, words), "--json", "--quiet"], capture_output=True, text=True)
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"bench: churn {words[0]}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1]), seconds


def simulated(stand, events):
    """A file of about so many events."""
    path = stand.work / f"events-{events}.csv"
    if not path.exists():
        churn(stand, "simulate", "--customers", round(events / EVENTS_A_CUSTOMER), "--from", FIRST, "--to", LAST, "--seed", SEED,
              "--output", path)
    return path


def empty(database):
    """The same empty tables for whoever is next, with nothing left to flush."""
    database.sql("TRUNCATE events, loads, event_days, feature_snapshots, snapshot_dates, bare_events")
    database.sql("CHECKPOINT")


def timed(body):
    started = time.monotonic()
    body()
    return time.monotonic() - started


def load(stand, subject, plan, report):
    """`churn load` against `psql \\copy` of the same file."""
    database = stand.database
    path = simulated(stand, 1_000_000)
    rows = sum(1 for _ in open(path)) - 1
    database.sql(f"CREATE TABLE IF NOT EXISTS bare_events AS SELECT {COLUMNS} FROM events WITH NO DATA")

    def ours():
        churn(stand, "load", path, "--database-url", database.url)

    def copy(table):
        return lambda: database.sql(f"\\copy {table} ({COLUMNS}) FROM '{path}' CSV HEADER")

    ways = {"churn load": (ours, "events"), "psql into a bare table": (copy("bare_events"), "bare_events"),
            "psql into events": (copy("events"), "events")}
    times = {name: [] for name in ways}
    for number in range(plan.rounds + 1):
        for name in ways if number % 2 == 0 else reversed(ways):
            body, table = ways[name]
            empty(database)
            seconds = timed(body)
            if (found := int(database.sql(f"SELECT count(*) FROM {table}"))) != rows:
                raise SystemExit(f"bench: {name} left {found} of {rows} rows")
            if number:
                times[name].append(seconds)
            say(f"  {name:24} {seconds:6.2f} s, {rows / seconds:10,.0f} rows/s")
    for name, bar in (("psql into a bare table", 0.7), ("psql into events", 1.0)):
        ratios = [peer / our for our, peer in zip(times["churn load"], times[name])]
        report.at_least(f"`load`, {rows:,} events, against `\\copy`: {name}", bar, ratios,
                        f"{min(times['churn load']):.2f} s against {min(times[name]):.2f} s at best")


def days():
    first = datetime.date(2025, 11, 1)
    return [first + datetime.timedelta(days=30 * number) for number in range(DATES)]


def plain_sql():
    """What somebody writes who wants the four numbers of one date after the other: no labels, nothing kept."""
    for number, day in enumerate(days()):
        start, active = day - datetime.timedelta(days=WINDOW), day - datetime.timedelta(days=HORIZON)
        yield (f"CREATE TEMPORARY TABLE plain_{number} AS SELECT customer_id, "
               f"count(*) FILTER (WHERE kind = 'purchase') / 3.0 AS purchase_frequency, "
               f"avg(amount) FILTER (WHERE kind = 'purchase') AS average_check, max(occurred_at) AS last, "
               f"count(DISTINCT service) AS services_used FROM events WHERE occurred_at >= '{start}' AND occurred_at < '{day}' "
               f"GROUP BY customer_id HAVING max(occurred_at) >= '{active}';")


def features(stand, subject, plan, report):
    """`churn features` at 12 dates: how it grows, and against one GROUP BY a date."""
    database = stand.database
    database.sql(f"CREATE TABLE IF NOT EXISTS bare_events AS SELECT {COLUMNS} FROM events WITH NO DATA")
    sizes = [100_000, 1_000_000] if plan.seconds < 5 else [100_000, 1_000_000, 10_000_000]
    best = {}
    for size in sizes:
        empty(database)
        churn(stand, "load", simulated(stand, size), "--database-url", database.url)
        database.sql("VACUUM ANALYZE events")
        script = "\n".join(plain_sql())
        ours, plain = [], []
        for number in range(plan.rounds + 1):
            database.sql("TRUNCATE feature_snapshots, snapshot_dates")
            database.sql("CHECKPOINT")
            said, seconds = churn(stand, "features", "--from", days()[0], "--to", days()[-1], "--every", "30d",
                                  "--database-url", database.url)
            other = timed(lambda: database.sql(script))
            say(f"  {size:,} events: {said['snapshots']['inserted']:,} snapshots in {seconds:.2f} s, plain SQL {other:.2f} s")
            if number:
                ours.append(seconds)
                plain.append(other)
        best[size] = min(ours)
        ratio = sorted(our / other for our, other in zip(ours, plain))
        middle = ratio[len(ratio) // 2]
        report.add(f"`features`, {size:,} events, 12 dates, against one GROUP BY a date", "≤ 1.5×", f"{middle:.2f}×",
                   f"{ratio[0]:.2f}–{ratio[-1]:.2f} in {len(ratio)} rounds; {min(ours):.2f} s against {min(plain):.2f} s at best",
                   middle <= 1.5)
    slope = math.log(best[sizes[-1]] / best[sizes[0]]) / math.log(sizes[-1] / sizes[0])
    report.add(f"`features`: slope of log time from {sizes[0]:,} to {sizes[-1]:,} events", "≤ 1.1", f"{slope:.2f}",
               ", ".join(f"{size:,}: {seconds:.2f} s" for size, seconds in best.items()), slope <= 1.1)
