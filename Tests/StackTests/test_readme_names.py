"""What the README names is there: metrics, flags, commands, variables; and its backup brings everything back."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import REPOSITORY
from support.service import Service, churn_binary
from test_readme import BLOCKS

README = (REPOSITORY / "README.md").read_text()
#: Flags of other programs.
OTHERS = {"--product", "--scale", "--volumes", "--format", "--file", "--no-owner", "--dbname", "--requirement"}
#: Where a variable may be read.
READERS = ("Sources", "airflow/dags", "ui", "scripts", "docker-compose.yml")


def words(*command: str) -> str:
    """The help of a command."""
    result = subprocess.run([churn_binary(), *command, "--help"], text=True, capture_output=True)
    assert result.returncode == 0, f"churn {' '.join(command)} is no command"
    return result.stdout


def commands() -> set[tuple[str, ...]]:
    """Every command that the README types, such as `models list`."""
    typed = re.findall(r"(?:^|`|\| )churn ([a-z]+)(?: ([a-z]+)\b(?![./*]))?", README, re.MULTILINE)
    return {(first, *([second] if first in ("keys", "models", "events") and second else [])) for first, second in typed}


def test_every_command_and_flag_is_there() -> None:
    found = commands()
    assert {("serve",), ("models", "list"), ("keys", "create"), ("events", "status")} <= found
    known = set(re.findall(r"--[a-z][a-z0-9-]+", "".join(words(*command) for command in found)))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+(?![a-z0-9-]*…)", README))
    assert named - known - OTHERS == set()


def test_every_metric_is_there(service: Service) -> None:
    named = set(re.findall(r"`(churn_[a-z_]+)(?:\{[^`]*)?`", README)) - {"churn_retraining", "churn_report"}
    assert len(named) > 10
    assert named - set(re.findall(r"^# TYPE (\S+)", service.text_of("/metrics"), re.MULTILINE)) == set()


def test_every_variable_is_read_somewhere() -> None:
    paths = [path for reader in READERS for path in [REPOSITORY / reader, *(REPOSITORY / reader).rglob("*")]]
    texts = (path for path in paths if path.is_file() and path.suffix in (".swift", ".py", ".yml", ""))
    sources = "\n".join(path.read_text() for path in texts)
    for name in set(re.findall(r"`(CHURN_[A-Z_]+[A-Z])\b", README)):
        # The schedule puts the names of its flags together.
        assert name in sources or re.fullmatch("CHURN_[A-Z]+_FLAGS", name), name


@pytest.fixture
def restored(service: Service, folder: Path) -> Iterator[Service]:
    """The service anew, on what the README's backup has brought into an empty database."""
    block = next(block for block in BLOCKS if "pg_dump" in block)
    address = re.search(r'`"(host=\$\(sed [^`]*)"`', README)[1]
    home = folder / "restored"
    home.mkdir()
    service.post("/predict", {"customer_id": "backed-up", "features": {"services_used": 2}})
    script = f"""set -eu
        ln -s {folder}/postgres .churn
        export DATABASE_URL="{address}"
        createdb --host="$(sed -n 5p .churn/data/postmaster.pid)" --username=churn restored
        export NEW_DATABASE_URL="${{DATABASE_URL/dbname=postgres/dbname=restored}}"
        {block}
        echo "$NEW_DATABASE_URL" >address"""
    subprocess.run(["bash", "-c", script], check=True, cwd=home)
    with Service(home, environment={"DATABASE_URL": (home / "address").read_text().strip()}) as restored:
        yield restored.wait_until_ready()


def test_a_backup_brings_everything_back(service: Service, restored: Service) -> None:
    assert restored.get("/model") == service.get("/model")
    kept = service.get("/history?customer_id=backed-up")["predictions"]
    assert len(kept) == 1
    assert restored.get("/history?customer_id=backed-up")["predictions"] == kept
    # It is a service of its own from here on.
    restored.post("/predict", {"customer_id": "afterwards", "features": {"services_used": 2}})
    assert len(restored.get("/history?customer_id=afterwards")["predictions"]) == 1
    assert service.get("/history?customer_id=afterwards")["predictions"] == []
