"""A service without a model, and the environment in which the schedule runs churn on its database."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.service import Service, churn_binary


@contextmanager
def office(folder: Path) -> Iterator[Service]:
    """The service, whose database the commands share; files for the nights go to `folder`/incoming."""
    folder.mkdir()
    with Service(folder, model=False) as service, pytest.MonkeyPatch.context() as patch:
        service.wait_until_a_model_is_missing()
        patch.setenv("CHURN_BIN", str(churn_binary()))
        patch.setenv("CHURN_DATA", str(folder / "postgres"))
        patch.setenv("CHURN_INCOMING", str(folder / "incoming"))
        patch.setenv("CHURN_REPORTS", str(folder / "pages/of/champions"))
        patch.delenv("DATABASE_URL", raising=False)
        (folder / "incoming").mkdir()
        yield service


def churn(*arguments: str) -> dict:
    """Runs a command as the schedule would."""
    result = subprocess.run([str(churn_binary()), *arguments, "--json"], text=True, capture_output=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout.strip().splitlines()[-1])


def cut(events: Path, day: str) -> tuple[str, str]:
    """The lines of a file before a day, and those of that day, each with the header."""
    header, *lines = events.read_text().splitlines(keepends=True)
    column = header.rstrip("\n").split(",").index("occurred_at")
    before = [line for line in lines if line.split(",")[column] < day]
    of_day = [line for line in lines if line.split(",")[column].startswith(day)]
    assert of_day, "nothing happened on the day"
    return header + "".join(before), header + "".join(of_day)
