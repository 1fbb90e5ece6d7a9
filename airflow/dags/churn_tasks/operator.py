"""Runs a command of churn as a process of the task."""

from __future__ import annotations

import ctypes
import json
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

#: By sysexits.h: usage, data, missing file, bug, configuration. The same command would fail again.
FINAL = {64, 65, 66, 70, 78}
#: How long a command that was asked to end may take: it rolls its transaction back.
END_SECONDS = 30

PR_SET_PDEATHSIG = 1


def end_with_the_task() -> None:
    """Runs in the child: a task that is killed without a chance to clean up takes its process along."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def flat(arguments: Sequence[Any]) -> Iterator[str]:
    """The arguments of the process: a list among them, as one that another task gave, stands for its elements."""
    for argument in arguments:
        if isinstance(argument, (list, tuple)):
            yield from flat(argument)
        else:
            yield str(argument)


def words(flags: str) -> list[str]:
    """The words of a text, as a shell would part them; a quote that does not end is no better at the next try."""
    try:
        return shlex.split(flags)
    except ValueError as error:
        raise AirflowFailException(f"{flags!r} are no flags: {error}") from None


class ChurnOperator(BaseOperator):
    """Runs `churn ARGV --json`, without a shell.

    What the command logs goes to the task's log; the object that it ends with is what the task returns. Exit codes that
    say that the same would fail again fail the task at once, others are tried again. With `skip_on` a status such as
    `refused` skips the task: it did its work, but nothing follows from it. `flags` are more of them as one would type
    them: quotes hold words together, and mean nothing else.
    """

    template_fields: Sequence[str] = ("argv", "flags")

    def __init__(self, *, argv: Sequence[Any], flags: str = "", skip_on: Sequence[str] = (), **keywords: Any) -> None:
        super().__init__(**keywords)
        self.argv = argv
        self.flags = flags
        self.skip_on = skip_on
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Context) -> dict[str, Any]:
        """Runs the command to its end."""
        command = [os.environ.get("CHURN_BIN", "churn"), *flat(self.argv), *words(self.flags), "--json"]
        self.log.info("%s", shlex.join(command))
        self._process = process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_the_task,
        )
        pump = threading.Thread(target=self._log, args=(process,), daemon=True)
        pump.start()
        assert process.stdout is not None
        output = process.stdout.read()
        code = process.wait()
        pump.join(timeout=5)
        return self._result(code, output)

    def _log(self, process: subprocess.Popen[str]) -> None:
        for line in process.stderr or ():
            self.log.info("%s", line.rstrip())

    def _result(self, code: int, output: str) -> dict[str, Any]:
        lines = output.strip().splitlines()
        try:
            result = json.loads(lines[-1]) if lines else {}
        except ValueError:
            result = {}
        if code != 0:
            why = result.get("error", {}).get("message", "it did not say why")
            text = f"churn {next(flat(self.argv))} exited with {code}: {why}"
            raise AirflowFailException(text) if code in FINAL else RuntimeError(text)
        if result.get("status") in self.skip_on:
            self.log.info("%s", lines[-1])
            raise AirflowSkipException(f"status is {result['status']}")
        return result

    def on_kill(self) -> None:
        """Ends the command with the task: first it is asked, so that it rolls back, then it is made to."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
