"""A night on real customers: the purchases of CDNOW's 23,570, where the data set lies beside the repository."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HOME, REPOSITORY
from office import churn, cut, office
from runs import dag, run
from support.processes import eventually
from support.service import Service, churn_binary

#: The last day of the data, and dates to learn from before it.
DAY, FIRST, LAST = "1998-06-30", "1997-04-02", "1998-06-01"
SECONDS_MAX = 120


@pytest.fixture(scope="module")
def events() -> Path:
    """The data set; it is nobody's to give away, so it is not part of the repository."""
    for folder in REPOSITORY.parents:
        path = folder / "shared/data/cdnow.csv"
        if path.exists():
            return path
    print("\n*** SKIPPED: the night on CDNOW's data: there is no shared/data/cdnow.csv ***", file=sys.__stderr__)
    pytest.skip("the data set is not here")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A service with a database of its own."""
    with office(HOME / "cdnow") as service:
        yield service


def test_from_an_empty_database_to_scores_within_two_minutes(events: Path, service: Service, tmp_path: Path) -> None:
    before, of_day = cut(events, DAY)
    history = tmp_path / "history.csv"
    history.write_text(before)
    (HOME / f"cdnow/incoming/{DAY}.csv").write_text(of_day)

    start = time.monotonic()
    churn("load", str(history), "--complete-to", DAY)
    churn("features", "--from", FIRST, "--to", LAST, "--every", "30d")
    loaded = time.monotonic()
    state, tasks = run(dag("churn_retraining"), DAY)
    end = time.monotonic()

    assert state == "success"
    assert set(tasks.values()) == {"success"}, tasks
    champion = next(model for model in service.get("/models")["models"] if model["state"] == "champion")
    eventually("the new champion to serve", lambda: service.get("/model")["version"] == champion["version"])
    assert service.get("/customers?limit=1")["as_of"] == "1998-07-01"
    build = "release" if "release" in str(churn_binary().resolve()) else "debug"
    times = f"the past in {loaded - start:.1f} s, the night in {end - loaded:.1f} s"
    print(f"CDNOW, {build} build: {times}", file=sys.__stderr__)
    assert build == "debug" or end - start < SECONDS_MAX
