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


def write_days(history: Path, incoming: Path, days: int) -> None:
    """The last days once more as the files that a company drops every night, for the schedule to find."""
    since = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    by_day: dict[str, list[str]] = {}
    with gzip.open(history, "rt") as lines:
        header = next(lines)
        column = header.rstrip("\n").split(",").index("occurred_at")
        for line in lines:
            day = line.split(",")[column][:10]
            if day >= since:
                by_day.setdefault(day, []).append(line)
    for day, events in by_day.items():
        partial = incoming / f".{day}-events.csv"
        partial.write_text(header + "".join(events))
        partial.rename(incoming / f"{day}-events.csv")  # complete or not there: the schedule waits for the name


def prepare(folder: Path, incoming: Path | None) -> None:
    """From nothing to a champion and a scoring run."""
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=HISTORY_DAYS), today - timedelta(days=1 if incoming else 0)
    history = folder / "history.csv.gz"
    period = ("--from", first.isoformat(), "--to", last.isoformat())
    churn("simulate", "--customers", str(CUSTOMERS), *period, "--seed", str(SEED), "--output", str(history))
    churn("load", str(history), "--complete-to", last.isoformat())
    dates = ("--from", (first + timedelta(days=100)).isoformat(), "--to", last.isoformat(), "--every", "10d")
    churn("features", *dates)
    churn("features", "--as-of", last.isoformat())
    churn("train", "--from-database")
    churn("promote", "--candidate", "--if-better")
    churn("score", "--as-of", last.isoformat())
