"""Closed-loop load by wrk, and single requests whose answers are read word for word."""

import json
import math
import subprocess
import time
import urllib.request
import uuid
from dataclasses import dataclass

from harness.machine import ROOT

SAMPLE = {"customer_id": "C-17", "features": {
    "purchase_frequency": 1.5, "average_check": 42.1, "days_since_last_activity": 12, "services_used": 3}}
SETTLE_SECONDS = 0.3  # answers that wrk no longer waits for


@dataclass
class Round:
    """One run of wrk against one server."""

    requests: int
    rate: float
    server_us: float  # CPU a request
    database_us: float
    p50_ms: float
    p99_ms: float


def wrk(url, connections, seconds, script, cores=None):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
               str(ROOT / "bench" / "load" / script), url]
    if cores:
        command = ["taskset", "-c", ",".join(map(str, sorted(cores))), *command]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 30).stdout
    for line in output.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[7:])
    raise SystemExit(f"bench: wrk said nothing:\n{output}")


def run(server, path, connections, seconds, script, database=None, pinned=False):
    """One round; stops the bench when an answer was not 2xx, got lost, or is not in the table."""
    if database:
        database.clear()
    time.sleep(SETTLE_SECONDS)
    if pinned:
        server.process.pin({0})
    before, database_before = server.process.cpu_us(), database.cpu_us() if database else 0
    result = wrk(server.url(path), connections, seconds, script, {1} if pinned else None)
    time.sleep(SETTLE_SECONDS)
    spent, database_spent = server.process.cpu_us() - before, (database.cpu_us() if database else 0) - database_before
    requests = result["requests"]
    if requests == 0 or result["not_2xx"] or result["lost"]:
        raise SystemExit(f"bench: {server.name} {path}: not every answer was 2xx: {result}")
    if database:
        rows = database.rows()
        if not requests <= rows <= requests + connections:
            raise SystemExit(f"bench: {server.name} answered {requests} times and stored {rows} rows")
    return Round(requests, requests / (result["microseconds"] / 1e6), spent / requests, database_spent / requests,
                 result["p50"] / 1e3, result["p99"] / 1e3)


def check_answer(server, path, database=None):
    """Reads one answer: all fields, a UUIDv7, contributions that explain the probability, a row when it is to be kept."""
    request = urllib.request.Request(server.url(path), json.dumps(SAMPLE, separators=(",", ":")).encode(),
                                     {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=5) as reply:
        raw, status = reply.read(), reply.status
    answer = json.loads(raw)
    probability = answer["probability"]
    logit = answer["base"] + sum(part["contribution"] for part in answer["contributions"])
    faults = [fault for fault, found in {
        "status": status != 200,
        "customer": answer["customer_id"] != SAMPLE["customer_id"],
        "id": uuid.UUID(answer["prediction_id"]).version != 7 if database else answer["prediction_id"] is not None,
        "features": {part["feature"]: part["value"] for part in answer["contributions"]} != SAMPLE["features"],
        "contributions": abs(math.log(probability / (1 - probability)) - logit) > 1e-9,
        "decision": answer["churn"] != (probability >= answer["threshold"]),
        "row": database and database.sql(
            f"SELECT count(*) FROM predictions WHERE id = '{answer['prediction_id']}'") != "1",
    }.items() if found]
    if faults:
        raise SystemExit(f"bench: {server.name} {path} is wrong about: {', '.join(faults)}\n{raw.decode()}")
    return len(raw)
