"""An Airflow of its own for the tests: its settings have to be there before it is imported for the first time."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DAGS = REPOSITORY / "airflow/dags"
HOME = Path(tempfile.mkdtemp(prefix="churn-airflow-"))
HOME.chmod(0o755)

os.environ.update(
    {
        "AIRFLOW_HOME": str(HOME),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME}/airflow.db",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
)
sys.path[:0] = [str(DAGS), str(REPOSITORY / "Tests/StackTests"), str(Path(__file__).parent)]

from stand_in import StandIn  # noqa: E402  (found by the path above)


@pytest.fixture(scope="session", autouse=True)
def _database() -> None:
    """Airflow's own tables."""
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """In place of the executable: answers what a test wants to hear."""
    stand_in = StandIn(tmp_path)
    monkeypatch.setenv("CHURN_BIN", str(stand_in.path))
    monkeypatch.setenv("CHURN_INCOMING", str(stand_in.incoming))
    return stand_in
