"""Fixtures of all tests of the stack."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from support.service import Service  # noqa: E402  (found by the path above)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that other users may look into: PostgreSQL does not run as root."""
    path = tmp_path_factory.mktemp("stack")
    for parent in (path, *path.parents[:2]):
        parent.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def service(folder: Path) -> Iterator[Service]:
    """One service for all tests that do not hurt it; its Kafka is away, which changes no answer."""
    with Service(folder, environment={"KAFKA_BROKERS": "127.0.0.1:1"}) as service:
        yield service.wait_until_ready()
