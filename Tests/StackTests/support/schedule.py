"""Airflow in the stack, asked over its own HTTP interface."""

import json
import urllib.parse
import urllib.request
from typing import Any

from .containers import Stack
from .processes import eventually

ENDED = {"success", "failed"}


class Schedule:
    """The stack's Airflow, as somebody sees it who looks at its pages."""

    def __init__(self, stack: Stack) -> None:
        self.address = stack.address("AIRFLOW_PORT")
        self.token = self._send("/auth/token")["access_token"]

    def ask(self, path: str, body: object = None) -> dict[str, Any]:
        """The JSON of an answer."""
        return self._send(f"/api/v2/{path}", body, {"Authorization": f"Bearer {self.token}"})

    def _send(self, path: str, body: object = None, fields: dict[str, str] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.address + path, data, {"Content-Type": "application/json", **(fields or {})}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def first_end(self, dag: str, within: float) -> tuple[dict[str, Any], dict[str, str]]:
        """The first run that ends, and how its tasks ended."""

        def ended() -> dict[str, Any] | None:
            runs = self.ask(f"dags/{dag}/dagRuns?order_by=run_after")["dag_runs"]
            return next((run for run in runs if run["state"] in ENDED), None)

        run = eventually(f"the end of a run of {dag}", ended, within)
        name = urllib.parse.quote(run["dag_run_id"])
        tasks = self.ask(f"dags/{dag}/dagRuns/{name}/taskInstances")["task_instances"]
        return run, {task["task_id"]: task["state"] for task in tasks}
