"""Gives the demo a past: a simulated company's events, a model learned from them, every customer scored as of today.

Each step is a command of churn, and each may be run again: what is done already stays as it is.
"""

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CUSTOMERS = 3000
#: Two of the model's windows, then a date to learn from, one to validate and one to judge, and their horizons.
HISTORY_DAYS = 400
#: How far apart the dates are that the model learns from.
STEP_DAYS = 10
SEED = 4


def churn(*arguments: str) -> dict[str, Any]:
    """Runs a command; its last line is an object that tells what it did. Its log is this process's."""
    command = [os.environ.get("CHURN_BIN", "churn"), *arguments, "--json"]
    print("+", *command, file=sys.stderr, flush=True)
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    lines = result.stdout.strip().splitlines()
    if result.returncode != 0:
        raise SystemExit(f"churn {arguments[0]} exited with {result.returncode}: {lines[-1] if lines else ''}")
    return json.loads(lines[-1])


def split(events: Path, day: str, before: Path, since: Path) -> None:
    """Cuts a file of events in two: those before a day, and those from it on."""
    with gzip.open(events, "rt") as lines, gzip.open(before, "wt") as past, since.open("w") as rest:
        header = next(lines)
        column = header.rstrip("\n").split(",").index("occurred_at")
        past.write(header)
        rest.write(header)
        for line in lines:
            (past if line.split(",")[column] < day else rest).write(line)


def prepare(folder: Path, incoming: Path) -> None:
    """From nothing to a champion and a scoring run.

    Yesterday's events are left for the schedule: they are put where it looks for them.
    """
    today = datetime.now(UTC).date()
    first, last = ((today - timedelta(days=days)).isoformat() for days in (HISTORY_DAYS, 1))
    everything, history, partial = folder / "events.csv.gz", folder / "history.csv.gz", incoming / ".partial"
    period = ("--from", first, "--to", today.isoformat())
    churn("simulate", "--customers", str(CUSTOMERS), *period, "--seed", str(SEED), "--output", str(everything))
    split(everything, last, history, partial)
    partial.rename(incoming / f"{last}-events.csv")  # whole or not there: the schedule waits for the name
    churn("load", str(history), "--complete-to", last)
    dates = [today - timedelta(days=1 + STEP_DAYS * count) for count in range((HISTORY_DAYS - 100) // STEP_DAYS)]
    churn("features", "--from", min(dates).isoformat(), "--to", last, "--every", f"{STEP_DAYS}d")
    churn("train", "--from-database")
    # By hand, without the gate: the model that comes with the service has learned from a larger shop of the same maker,
    # and would stay. The company's nights ask the gate.
    churn("promote", "--candidate")
    # Twice, so that there is a change to look at.
    for day in (dates[1], dates[0]):
        churn("score", "--as-of", day.isoformat())
