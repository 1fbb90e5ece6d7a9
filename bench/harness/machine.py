"""What the bench needs from the machine: packages, ports, processes and their CPU time and memory."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-bench"
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1


def say(text):
    print(text, file=sys.stderr, flush=True)


def tracks_loopback():
    """Whether a packet filter keeps a record of every connection over loopback; a rule that dockerd has left is enough for it.

    Each packet is then looked up, whoever sends it.
    """
    records = pathlib.Path("/proc/sys/net/netfilter/nf_conntrack_count")
    if not records.exists():
        return False
    before = int(records.read_text())
    with socket.create_server(("127.0.0.1", 0)) as server:
        clients = [socket.create_connection(server.getsockname()) for _ in range(32)]
        added = int(records.read_text()) - before
        for client in clients:
            client.close()
    return added > 16


def need(command, package):
    """Installs a Debian package when its command is missing."""
    if not shutil.which(command, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
        install(package)


# A package that brings a service must not start it: this machine's port 80 is not ours.
INSTALL = """set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT
    printf '#!/bin/sh\\nexit 101\\n' > $policy
    chmod +x $policy
fi
apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$1" >/dev/null
"""


def install(package):
    say(f"installing {package}")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*sudo, "sh", "-c", INSTALL, "install", package], check=True)


def virtual_environment(name):
    """The Python of a virtual environment beside the sources, with what bench/NAME/requirements.txt pins."""
    place, requirements = ROOT / f".venv-bench-{name}", ROOT / "bench" / name / "requirements.txt"
    mark = place / "requirements.txt"
    if not mark.exists() or mark.read_text() != requirements.read_text():
        say(f"installing the Python packages of bench/{name} from PyPI")
        if subprocess.run([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL).returncode:
            install("python3-venv")
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", "-r", str(requirements)],
                       check=True)
        mark.write_text(requirements.read_text())
    return place / "bin" / "python"


def compile_c(source, output, *flags):
    """Compiles one C file, which may include others of its folder, unless its output is newer than all of them."""
    BUILD.mkdir(exist_ok=True)
    source, output = ROOT / "bench" / source, BUILD / output
    newest = max(each.stat().st_mtime for each in (source, *source.parent.glob("*.h")))
    if not output.exists() or output.stat().st_mtime < newest:
        subprocess.run(["cc", "-O2", str(source), "-o", str(output), *flags], check=True)
    return output


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def work_directory(stack):
    """A directory on a real disk (a commit must cost a flush), removed at the end, that PostgreSQL's user may enter."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="churn-bench-", dir="/var/tmp"))
    path.chmod(0o755)
    stack.callback(shutil.rmtree, path, ignore_errors=True)
    return path


def fetch(url, timeout=5):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def until(condition, seconds, what):
    """Waits for a condition, for a bounded time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.05)
    raise SystemExit(f"bench: {what} did not come within {seconds} s")


def children(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_us(pid):
    """User and system time of one process, in microseconds; none of one that has just ended, as a backend may."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) * TICK_US


class Process:
    """A child that is ended by its pid, and dies with the bench."""

    def __init__(self, arguments, log, environment=None, user=None, directory=None):
        libc = ctypes.CDLL(None)
        self.log = log
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                [str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(environment or {})}, user=user, group=user, extra_groups=[] if user else None,
                cwd=directory, start_new_session=True,
                preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT))
        self.pid = self.child.pid

    def pids(self):
        return [self.pid, *children(self.pid)]

    def cpu_us(self):
        return sum(cpu_us(pid) for pid in self.pids())

    def resident_mib(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("bench: no VmRSS")

    def pin(self, core):
        for pid in self.pids():
            with contextlib.suppress(OSError):  # some end by themselves
                for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                    os.sched_setaffinity(int(task.name), core)

    def is_alive(self):
        return self.child.poll() is None

    def end(self, first=signal.SIGTERM, patience=15):
        if self.child.poll() is not None:
            return
        self.child.send_signal(first)
        try:
            self.child.wait(patience)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait(5)
