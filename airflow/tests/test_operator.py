"""The operator and its process: one does not outlive the other."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException
from churn_tasks.operator import ChurnOperator, flat, words
from stand_in import StandIn

# As the support of the stack's tests has it.
from support.processes import eventually


@pytest.fixture
def sleeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command that would run for a minute; the file it writes holds its process id."""
    script = tmp_path / "churn"
    script.write_text(f'#!/bin/sh\necho $$ > "{tmp_path}/pid"\nexec sleep 60\n')
    script.chmod(0o755)
    monkeypatch.setenv("CHURN_BIN", str(script))
    return tmp_path / "pid"


def pid_in(path: Path) -> int | None:
    """The process id, once it is there."""
    return int(path.read_text()) if path.exists() and path.read_text().strip() else None


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that waits to be buried has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def execute() -> None:
    """Runs the operator as a task's process does."""
    ChurnOperator(task_id="train", argv=["train"]).execute({})


def test_lists_among_the_arguments_are_their_elements() -> None:
    assert list(flat(["load", ["a.csv", "b.csv"], "--complete-to", 1])) == [
        "load",
        "a.csv",
        "b.csv",
        "--complete-to",
        "1",
    ]


def test_flags_are_words_as_one_types_them_and_nothing_is_run() -> None:
    assert words("") == []
    typed = """--mapping "customer_id=No,kind='a purchase'" --rejects $HOME/`id`;x"""
    assert words(typed) == ["--mapping", "customer_id=No,kind='a purchase'", "--rejects", "$HOME/`id`;x"]
    with pytest.raises(AirflowFailException, match="No closing quotation"):
        words("--mapping 'a")


def test_the_object_at_the_end_is_the_result(stand_in: StandIn) -> None:
    assert ChurnOperator(task_id="train", argv=["train"]).execute({})["version"] == "3f9c2a1b7d04"


@pytest.mark.parametrize(("code", "kind"), [(64, AirflowFailException), (78, AirflowFailException), (69, RuntimeError)])
def test_the_exit_code_decides_whether_to_try_again(stand_in: StandIn, code: int, kind: type[Exception]) -> None:
    stand_in.answers("train", {"status": "failed", "error": {"message": "because"}}, code=code)
    with pytest.raises(kind, match="because") as raised:
        ChurnOperator(task_id="train", argv=["train"]).execute({})
    assert isinstance(raised.value, AirflowFailException) == (kind is AirflowFailException)


def test_a_task_that_is_stopped_stops_its_process(sleeper: Path) -> None:
    operator = ChurnOperator(task_id="train", argv=["train"])
    failures: list[BaseException] = []

    def work() -> None:
        try:
            operator.execute({})
        except RuntimeError as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    pid = eventually("the process", lambda: pid_in(sleeper))
    start = time.monotonic()
    operator.on_kill()
    thread.join(timeout=10)
    assert is_gone(pid)
    assert time.monotonic() - start < 10
    assert failures


def test_a_task_that_is_killed_leaves_no_process(sleeper: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=execute)
    child.start()
    pid = eventually("the process", lambda: pid_in(sleeper))
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join(timeout=10)
    eventually("the end of the process", lambda: is_gone(pid), within=10)
