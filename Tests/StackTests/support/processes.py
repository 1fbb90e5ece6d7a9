"""Owners of processes: what a test starts ends with the test, whatever happens to the test."""

import ctypes
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self, TypeVar

from . import REPOSITORY

T = TypeVar("T")

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def die_with_the_tests() -> None:
    """Runs in the child: a test runner that is killed takes its children along."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def eventually(what: str, condition: Callable[[], T | None], within: float = 20) -> T:
    """Waits until the condition gives something true, and returns it."""
    deadline = time.monotonic() + within
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within} s")
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(url: str) -> int | None:
    """The status of a GET; nothing where nobody answers.

    That a server answers is asked of its port: a line of its log may come before it listens.
    """
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def let_others_in(folder: Path) -> None:
    """Lets other users look into a folder: PostgreSQL does not run as root.

    The place of all temporary files stays as it is: others, too, have to write there.
    """
    for one in (folder, *folder.parents):
        mode = one.stat().st_mode
        if one == Path(tempfile.gettempdir()) or mode & stat.S_ISVTX:
            return
        if not mode & stat.S_IXOTH:
            one.chmod(mode | stat.S_IXOTH | stat.S_IROTH)


def program(*names: str) -> str:
    """The path of the first of these programs that is installed; Debian renames some."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise AssertionError(f"{' or '.join(names)} is missing: scripts/dependencies --stack installs it")


class Child:
    """A process with its output in a file; ends with the `with` block."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        environment: dict[str, str] | None = None,
        directory: Path = REPOSITORY,
    ) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                preexec_fn=die_with_the_tests,
                start_new_session=True,
            )

    def text(self) -> str:
        """What it has printed until now."""
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        """False once it has ended."""
        return self.process.poll() is None

    def wait_for(self, what: str, condition: Callable[[], T | None], within: float = 30) -> T:
        """Like `eventually`, but does not wait for a process that has ended."""

        def check() -> T | None:
            if not self.is_running():
                raise AssertionError(
                    f"{what}: the process ended with {self.process.returncode}:\n{self.text()[-2000:]}"
                )
            return condition()

        return eventually(what, check, within)

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        self.process.kill()
        self.process.wait(timeout=10)

    def stop(self, within: float = 30) -> int:
        """Asks it to end, and waits for that; what does not end is killed with all it has started."""
        if self.is_running():
            self.process.terminate()
        try:
            return self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait(timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
