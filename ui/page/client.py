"""The service as the page sees it: its HTTP interface, and never its database."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import requests

JSON = dict[str, Any]

#: Connecting and answering; the service itself refuses what takes longer than a few seconds.
TIMEOUT_SECONDS = (2, 15)
#: The most instances of one request.
INSTANCES_MAX = 1000


class ServiceError(Exception):
    """Why the service gave no answer, in its own words.

    `status` is 0 where nobody answered; `kind` is the problem's, `faults` names the fields that do not fit.
    """

    def __init__(self, detail: str, status: int = 0, kind: str = "", faults: list[JSON] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.faults = faults or []


class Service:
    """The service at one address."""

    def __init__(self, address: str | None = None) -> None:
        self.address = (address or os.environ.get("CHURN_URL") or "http://127.0.0.1:8080").rstrip("/")
        # A service with an admin port tells its metrics there.
        self.metrics_address = (os.environ.get("CHURN_METRICS_URL") or self.address).rstrip("/")
        key = os.environ.get("CHURN_API_KEY")
        self.fields = {"Authorization": f"Bearer {key}"} if key else {}

    def model(self) -> JSON:
        """The model that answers now."""
        return self._json("GET", "/model")

    def models(self) -> list[JSON]:
        """All models, newest first."""
        models = self._json("GET", "/models")["models"]
        return sorted(models, key=lambda model: model["number"], reverse=True)

    def model_file(self, version: str) -> JSON:
        """One model with its file: curves, thresholds, weights."""
        return self._json("GET", f"/models/{quote(version, safe='')}")

    def predict(self, body: JSON, record: bool = True, allow_stale: bool = False) -> JSON:
        """One prediction, or several; a what-if is not stored."""
        parameters = {} if record else {"record": "false"}
        if allow_stale:
            parameters["allow_stale"] = "true"
        return self._json("POST", "/predict", parameters, body)

    def history(self, **filters: Any) -> JSON:
        """A page of stored predictions, newest first."""
        return self._json("GET", "/history", filters)

    def history_csv(self, **filters: Any) -> bytes:
        """The same page as a table file."""
        return self._ask("GET", "/history", filters, accept="text/csv").content

    def summary(self, **filters: Any) -> JSON:
        """Counts, shares and means of the history by time, as far back as a few answers go: each looks at a million."""
        summary = part = self._json("GET", "/history/summary", filters)
        for _ in range(4):
            if part["complete"] or part["counted_from"] == part["to"]:
                break
            earlier = {**filters, "from": summary["from"], "to": part["counted_from"]}
            part = self._json("GET", "/history/summary", earlier)
            for place, step in enumerate(part["steps"]):
                summary["steps"][place] = joined(step, summary["steps"][place])
        # Half a step would look like a fall.
        for step in summary["steps"]:
            if not step["complete"]:
                step.update(dict.fromkeys(("count", "churned", "churn_share", "mean_probability")))
        return summary

    def customers(self, **filters: Any) -> JSON:
        """The last scoring run, by probability or by expected loss."""
        return self._json("GET", "/customers", filters)

    def events(self, customer: str, **filters: Any) -> JSON:
        """A page of what one customer did, newest first."""
        return self._json("GET", f"/customers/{quote(customer, safe='')}/events", filters)

    def ready(self) -> JSON:
        """What /health/ready says, also when it says no."""
        return self._ask("GET", "/health/ready", fine=(200, 503)).json()

    def metrics(self) -> str:
        """What Prometheus would read."""
        return self._ask("GET", "/metrics", accept="text/plain", address=self.metrics_address).text

    def _json(
        self, method: str, path: str, parameters: Mapping[str, Any] | None = None, body: JSON | None = None
    ) -> JSON:
        return self._ask(method, path, parameters, body).json()

    def _ask(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        body: JSON | None = None,
        accept: str = "application/json",
        fine: tuple[int, ...] = (200,),
        address: str | None = None,
    ) -> requests.Response:
        address = address or self.address
        given = {name: value for name, value in (parameters or {}).items() if value not in (None, "")}
        try:
            answer = requests.request(
                method,
                address + path,
                params=given,
                json=body,
                headers={"Accept": accept, **self.fields},
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException:
            raise ServiceError("") from None
        if answer.status_code not in fine:
            raise problem(answer)
        return answer


def joined(earlier: JSON, later: JSON) -> JSON:
    """A step of a summary of which two answers counted a part each; what is not counted has no figures."""
    parts = [part for part in (earlier, later) if part["count"]]
    step = {**earlier, "to": later["to"]}
    if not parts:
        return step
    step["count"] = sum(part["count"] for part in parts)
    step["churned"] = sum(part["churned"] for part in parts)
    step["churn_share"] = step["churned"] / step["count"]
    step["mean_probability"] = sum(part["mean_probability"] * part["count"] for part in parts) / step["count"]
    return step


def problem(answer: requests.Response) -> ServiceError:
    """The error that an answer of application/problem+json tells."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    detail = body.get("detail") or f"{answer.status_code} {answer.reason}"
    return ServiceError(detail, answer.status_code, body.get("type", "").rpartition(":")[2], body.get("errors"))
