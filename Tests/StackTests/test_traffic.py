"""The demo's company by Kafka: what it asks is answered on the service's topic, as in the containers."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import REPOSITORY
from support.processes import Child, eventually
from support.service import Service

TOPICS = ["churn.predictions:6", "churn.alerts:6", "churn.requests:6", "churn.events:6", "churn.dead-letter:6"]
#: Debian's, as in the image: its client of Kafka is that of the system.
PYTHON = "/usr/bin/python3"


class Brokers(Child):
    """A Kafka that speaks the real protocol: the mock cluster of librdkafka, which the tests in Swift use, too."""

    def __init__(self, folder: Path) -> None:
        program = REPOSITORY / ".build/debug/mockcluster"
        assert program.exists(), f"{program} is missing: swift build --product mockcluster makes it"
        pipe = folder / "commands"
        os.mkfifo(pipe)
        super().__init__([str(program), str(pipe), "1", *TOPICS], folder / "brokers.log")
        self.address: str = self.wait_for("the brokers", self._address)

    def _address(self) -> str | None:
        lines = [line for line in self.text().splitlines() if line.startswith("bootstrap ")]
        return lines[0].removeprefix("bootstrap ") if lines else None


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[Brokers]:
    """One broker for one test."""
    with Brokers(tmp_path) as brokers:
        yield brokers


def test_what_comes_by_kafka_is_answered_or_stored(brokers: Brokers, folder: Path) -> None:
    home = folder / "traffic"
    home.mkdir()
    settings = {"KAFKA_BROKERS": brokers.address, "KAFKA_TOPIC_REQUESTS": "churn.requests"}
    settings["KAFKA_TOPIC_EVENTS"] = "churn.events"
    with Service(home, environment=settings) as service:
        service.wait_until_ready()
        command = [PYTHON, "demo/traffic.py", "--url", service.address, "--rate", "5", "--stream-rate", "20"]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        result = subprocess.run(
            [*command, "--seconds", "12"],
            cwd=REPOSITORY,
            env={**environment, "KAFKA_BROKERS": brokers.address},
            text=True,
            capture_output=True,
            timeout=90,
        )
        assert result.returncode == 0, result.stderr
        counts = json.loads(result.stdout.strip().splitlines()[-1])
        assert counts["requests"] > 50
        assert counts["answers"] > counts["requests"] / 2, counts
        happened = eventually("what happened to be stored", lambda: stored(service) >= counts["events"] / 2)
        assert happened
        rows = service.get("/history?limit=1000")["predictions"]
        assert {row["source"] for row in rows} == {"http", "kafka"}
        eventually("everything to be published", lambda: published(service) >= len(rows))


def stored(service: Service) -> int:
    """How many events of the company's regular customers the service has taken in."""
    return sum(len(service.get(f"/customers/C-{number:07}/events")["events"]) for number in range(1, 101))


def published(service: Service) -> float:
    """How many predictions the broker has acknowledged."""
    lines = service.text_of("/metrics").splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("churn_events_total") and '"sent"' in line)
