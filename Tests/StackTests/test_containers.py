"""Containers: what can be checked without an engine always is; the stack is started where images can be had.

Where no image registry is reachable the base images are stand-ins of the same names, made by scripts/standins. What
runs on them is reported as run on stand-ins, not as run on the official images.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from support import REPOSITORY
from support.containers import COMPOSE, ONCE, TOOLS, Stack, compose, image_of, why_not
from support.page import opened
from support.processes import eventually
from support.schedule import Schedule

from grafana.check import live
from grafana.source.__main__ import files

# Found by the path that support.page adds.
from page.parts import service as client  # isort: skip

#: How long a demo may take to show something, counted from when all is healthy.
SECONDS_TO_SHOW = 60


def test_the_dockerfile_is_clean() -> None:
    result = subprocess.run([TOOLS / "hadolint", "Dockerfile"], cwd=REPOSITORY, text=True, capture_output=True)
    assert result.returncode == 0, result.stdout


def test_compose_reads_the_file() -> None:
    assert set(json.loads(compose("config", "--format", "json"))["services"]) == set(COMPOSE["services"])


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_has_bounds_and_is_not_reachable_from_elsewhere(name: str) -> None:
    service = json.loads(compose("config", "--format", "json"))["services"][name]
    limits = service["deploy"]["resources"]["limits"]
    assert limits["memory"]
    assert limits["pids"]
    assert all(port["host_ip"] == "127.0.0.1" for port in service.get("ports", []))
    assert "no-new-privileges:true" in service["security_opt"]
    assert "latest" not in service["image"]
    assert service["image"].partition(":")[2]
    if name in ONCE:
        assert service["restart"] == "no"


def test_the_password_of_postgresql_is_where_it_is_used_only() -> None:
    mounting = {
        name
        for name, service in COMPOSE["services"].items()
        if any(volume.startswith("secrets:") for volume in service.get("volumes", []))
    }
    assert mounting == {"secrets", "postgres", "migrate", "churn", "airflow", "traffic"}


def test_every_mounted_file_is_there() -> None:
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (REPOSITORY / source).exists(), f"{name} mounts {source}"


def test_every_image_that_is_not_built_here_is_asked_for_by_the_script() -> None:
    script = (REPOSITORY / "scripts/test-containers").read_text()
    others = {service["image"] for service in COMPOSE["services"].values() if "build" not in service}
    assert not {image for image in others if image not in script and "${CHURN_TAG" not in image}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The stack without what cannot be had here."""
    if reason := why_not():
        print(f"\n*** SKIPPED, the containers were not started: {reason} ***", file=sys.__stderr__)
        pytest.skip(reason)
    stack = Stack()
    left_out = sorted({image_of(name) for name in COMPOSE["services"]} - {image_of(name) for name in stack.services})
    print(f"\n*** LEFT OUT of the stack: {' '.join(left_out) or 'nothing'} ***", file=sys.__stderr__)
    try:
        stack.up()
        yield stack
    finally:
        stack.run("down", "--volumes", "--timeout", "40")


def test_all_is_healthy_within_a_minute(stack: Stack) -> None:
    print(f"all is healthy after {stack.seconds_to_health:.0f} s", file=sys.__stderr__)
    assert stack.seconds_to_health < 120, "60 s are the aim; the machine of the tests may be busy"


def test_every_page_and_dashboard_has_something_to_show_within_a_minute(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURN_URL", stack.address("CHURN_PORT"))
    client.clear()
    kafka = "kafka" in stack.services
    missing: list[str] = []

    def shown() -> bool:
        missing[:] = empty_panels(stack.address("PROMETHEUS_PORT"), kafka) or empty_pages()
        return not missing

    try:
        eventually("something to show", shown, within=SECONDS_TO_SHOW - (time.monotonic() - stack.healthy_at))
    except AssertionError:
        pytest.fail(f"nothing to show after {SECONDS_TO_SHOW} s:\n" + "\n".join(missing))
    seconds = time.monotonic() - stack.healthy_at
    print(f"every page and panel has something to show {seconds:.0f} s after all is healthy", file=sys.__stderr__)


def empty_panels(prometheus: str, kafka: bool) -> list[str]:
    """The panels without a value; those of Kafka are wanted where there is one."""
    faults = [fault for dashboard in files().values() for fault in live.faults(dashboard, prometheus)]
    return faults if kafka else [fault for fault in faults if "kafka" not in fault and "consume" not in fault]


def empty_pages() -> list[str]:
    """The pages that say that there is nothing yet, or show a table without lines."""
    empty = []
    for view in ("at_risk", "predict", "history", "model", "service"):
        app = opened(view)
        assert not app.exception
        said = [*app.info, *app.warning, *app.error]
        if said or any(len(table.value) == 0 for table in app.dataframe):
            empty.append(f"page {view}: {' '.join(one.value for one in said)}")
    return empty


def test_the_company_has_a_past_and_callers(stack: Stack) -> None:
    def scored() -> bool:
        # A champion that the night has made scores a few seconds later.
        return stack.ask("/customers?risk=high&limit=1")["model"] == stack.ask("/model")["version"]

    eventually("the champion's scores", scored, within=60)
    sources = {"http", "kafka"} if "kafka" in stack.services else {"http"}

    def callers() -> bool:
        return sources <= {row["source"] for row in stack.ask("/history?limit=1000")["predictions"]}

    eventually("callers", callers, within=60)


def test_the_schedule_takes_in_yesterday_and_scores_every_customer(stack: Stack) -> None:
    schedule = Schedule(stack)
    eventually("the DAGs", lambda: schedule.ask("dags")["total_entries"] == 2, within=60)
    assert schedule.ask("importErrors")["import_errors"] == []
    # Airflow makes the run of the last night by itself. Before the hour of the next one its day is the one before
    # yesterday, of which the company has left no file.
    day = (datetime.now(UTC) - timedelta(hours=3)).date() - timedelta(days=1)
    line = f"customer_id,occurred_at,kind\\nC-0000001,{day}T12:00:00Z,usage\\n"
    command = f"ls /srv/incoming/{day}* || printf '{line}' >/srv/incoming/{day}-by-hand.csv"
    stack.run("exec", "--no-TTY", "airflow", "sh", "-c", command)
    run, tasks = schedule.first_end("churn_retraining", within=240)
    assert run["state"] == "success", tasks
    assert set(tasks.values()) == {"success"}, tasks
    assert stack.ask("/model")["number"] == 3, "one came along, one was learned from the past, one at night"
    assert stack.ask("/customers?limit=1")["as_of"] == (day + timedelta(days=1)).isoformat()


def test_a_promotion_lets_the_schedule_write_a_page_about_the_champion(stack: Stack) -> None:
    run, tasks = Schedule(stack).first_end("churn_report", within=120)
    assert (run["run_type"], run["state"]) == ("asset_triggered", "success"), tasks
    page = stack.run("exec", "--no-TTY", "airflow", "sh", "-c", "cat /srv/reports/*.html")
    assert stack.ask("/model")["version"] in page


def test_the_stack_predicts_is_scraped_and_survives_a_restart_of_postgresql(stack: Stack) -> None:
    assert stack.predicts("K-1")
    query = "/api/v1/query?query=up%7Bjob%3D%22churn%22%7D"

    def scraped() -> bool:
        found = stack.ask(query, port="PROMETHEUS_PORT")["data"]["result"]
        return [one["value"][1] for one in found] == ["1"]

    eventually("the scrape", scraped, within=60)
    with urllib.request.urlopen(f"{stack.address('UI_PORT')}/_stcore/health", timeout=10) as answer:
        assert answer.read() == b"ok"
    stack.run("restart", "postgres")
    eventually("a prediction after the restart", lambda: stack.predicts("K-2"), within=60)
    for customer in ("K-1", "K-2"):
        eventually(f"{customer} in the history", lambda customer=customer: stack.stored(customer) == 1, within=20)


def test_the_service_runs_as_nobody_on_a_root_that_cannot_be_written(stack: Stack) -> None:
    container = stack.run("ps", "--quiet", "churn").strip()
    facts = json.loads(subprocess.run(["docker", "inspect", container], text=True, capture_output=True).stdout)[0]
    assert facts["Config"]["User"] == "10001:10001"
    assert facts["HostConfig"]["ReadonlyRootfs"] is True
    assert facts["HostConfig"]["CapDrop"] == ["ALL"]
    assert facts["HostConfig"]["Memory"] == 512 << 20
    assert not any("assword" in line for line in facts["Config"]["Env"])


def test_the_image_is_small(stack: Stack) -> None:
    inspect = ["docker", "image", "inspect", image_of("churn")]
    facts = json.loads(subprocess.run(inspect, text=True, capture_output=True).stdout)
    megabytes = facts[0]["Size"] / 1e6
    print(f"churn:dev has {megabytes:.0f} MB", file=sys.__stderr__)
    assert megabytes <= 230
