"""The whole night with the real executable on a real PostgreSQL, beside a service that answers meanwhile."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import HOME
from office import churn, cut, office
from runs import dag, run
from support.processes import eventually
from support.service import Service

FIRST, DAYS = date(2026, 1, 1), 260
DAY = FIRST + timedelta(days=DAYS)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The service, whose database the commands share; it has no model yet."""
    with office(HOME / "service") as service:
        yield service


def simulate(path: Path) -> None:
    """The events of a made-up shop up to the day of the run; then those of the day, with another name of a column."""
    end = DAY + timedelta(days=1)
    period = ("--from", FIRST.isoformat(), "--to", end.isoformat())
    churn("simulate", "--customers", "1500", *period, "--seed", "4", "--output", str(path))
    before, of_day = cut(path, DAY.isoformat())
    path.write_text(before)
    assert of_day.startswith("customer_id,")
    Path(os.environ["CHURN_INCOMING"], f"{DAY}-shop.csv").write_text(of_day.replace("customer_id", "CUST NO", 1))


def test_a_night_ends_with_a_champion_that_has_scored_every_customer(service: Service, tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    simulate(history)
    churn("load", str(history), "--complete-to", DAY.isoformat())
    first = (FIRST + timedelta(days=95)).isoformat()
    churn("features", "--from", first, "--to", DAY.isoformat(), "--every", "10d")

    mapping = "--mapping 'customer_id=CUST NO'"
    state, tasks = run(dag("churn_retraining"), DAY.isoformat(), load_flags=mapping)
    assert state == "success"
    assert set(tasks.values()) == {"success"}, tasks
    champion = next(model for model in service.get("/models")["models"] if model["state"] == "champion")
    eventually("the new champion to serve", lambda: service.get("/model")["version"] == champion["version"])
    scored = service.get("/history?limit=1000")["predictions"]
    assert {row["source"] for row in scored} == {"score"}
    assert {row["as_of"][:10] for row in scored} == {(DAY + timedelta(days=1)).isoformat()}

    # The same night again changes nothing and fails nothing.
    count = len(scored)
    state, tasks = run(dag("churn_retraining"), DAY.isoformat(), load_flags=mapping)
    assert state == "success", tasks
    assert tasks["score"] == "success"
    assert len(service.get("/history?limit=1000")["predictions"]) == count
    again = next(model for model in service.get("/models")["models"] if model["state"] == "champion")
    assert again["version"] == champion["version"]


def test_the_new_champion_is_reported(service: Service) -> None:
    state, _ = run(dag("churn_report"))
    assert state == "success"
    pages = list(Path(os.environ["CHURN_REPORTS"]).glob("*.html"))
    assert len(pages) == 1
    assert "<html" in pages[0].read_text()[:500].lower()
