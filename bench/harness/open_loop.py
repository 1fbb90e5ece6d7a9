"""A constant rate of requests against a server that has a processor core to itself and PostgreSQL."""

import contextlib
import json
import os
import subprocess

from harness.figures import STORED
from harness.machine import compile_c

SERVER_CORE, CLIENT_CORE = 0, 1
ON_TIME_MIN = 0.99  # below it the generator was measured, not the server
VOID_MAX = 3  # such runs, one after the other
AT_ONCE = ("chrt", "--fifo", "10")  # before everything else on its core


@contextlib.contextmanager
def apart(database):
    """What the bench starts has a core to itself, and what serves has the other: PostgreSQL here, the server by `SERVER`."""
    before = os.sched_getaffinity(0)
    database.process.pin({SERVER_CORE})
    os.sched_setaffinity(0, {CLIENT_CORE})  # what the bench starts inherits it
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        database.process.pin(before)


SERVER = ("taskset", "-c", str(SERVER_CORE))


def result_of(output):
    for line in output.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[7:])
    raise SystemExit(f"bench: the generator said nothing:\n{output}")


class Run:
    """`load/open.c` at a constant rate; latencies count from the moment that a request was due."""

    def __init__(self, server, rate, seconds, connections, warm, instances=1, path=STORED, core=CLIENT_CORE):
        self.due, self.seconds = rate * (seconds - warm), seconds
        command = [*AT_ONCE, "taskset", "-c", core, compile_c("load/open.c", "open"),
                   server.port, path, rate, seconds, connections, warm, instances]
        self.child = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, text=True)

    def result(self):
        output, _ = self.child.communicate(timeout=self.seconds + 60)
        result = result_of(output)
        result["on_time"] = 1 - result["late"] / self.due if self.due else 1
        return result


def run(*arguments):
    return Run(*arguments).result()
