"""Fixtures of all tests of the stack."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from support.processes import let_others_in  # noqa: E402
from support.service import Service, churn_binary  # noqa: E402

from demo.prepare import prepare  # noqa: E402  (found by the path above, as is the next)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that other users may look into: PostgreSQL does not run as root."""
    path = tmp_path_factory.mktemp("stack")
    let_others_in(path)
    return path


@pytest.fixture(scope="session")
def service(folder: Path) -> Iterator[Service]:
    """One service for all tests that do not hurt it; its Kafka is away, which changes no answer."""
    with Service(folder, environment={"KAFKA_BROKERS": "127.0.0.1:1", "KAFKA_TOPIC_EVENTS": "churn.events"}) as service:
        yield service.wait_until_ready()


@pytest.fixture(scope="session")
def company(folder: Path) -> Iterator[Service]:
    """A service with the demo's company: its past, a champion learned from it, every customer scored."""
    home = folder / "company"
    incoming = home / "incoming"
    incoming.mkdir(parents=True)
    with Service(home, environment={"KAFKA_BROKERS": "127.0.0.1:1"}) as service, pytest.MonkeyPatch.context() as patch:
        service.wait_until_ready()
        patch.setenv("CHURN_BIN", str(churn_binary()))
        patch.setenv("CHURN_DATA", str(home / "postgres"))
        patch.delenv("DATABASE_URL", raising=False)
        prepare(home, incoming)
        assert os.listdir(incoming)
        yield service
