"""Does every query have an answer: asks a Prometheus that scraped the real service under load."""

import json
import math
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

#: What Grafana would put in for the variables.
VALUES = {"$__rate_interval": "20s", "$__range": "5m", "$__interval": "5s", "$job": ".+", "$instance": ".+"}


def ask(prometheus: str, path: str, **parameters: str) -> Any:
    """The data of an answer of Prometheus; its error message where it has none."""
    url = f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        raise ValueError(json.load(error)["error"]) from None


def filled(expression: str) -> str:
    """The query with values in place of variables."""
    for name, value in VALUES.items():
        expression = expression.replace(name, value)
    return expression


def is_finite(value: list[Any]) -> bool:
    """Whether a sample is a number that can be drawn."""
    return math.isfinite(float(value[1]))


def answers(prometheus: str, target: dict[str, Any]) -> bool:
    """Whether a panel's query gives at least one finite value, of now or of the last minute."""
    expression = filled(target["expr"])
    if target.get("instant"):
        return any(is_finite(series["value"]) for series in ask(prometheus, "query", query=expression)["result"])
    now = time.time()
    data = ask(prometheus, "query_range", query=expression, start=str(now - 60), end=str(now), step="5")
    return any(is_finite(value) for series in data["result"] for value in series["values"])


def faults(dashboard: dict[str, Any], prometheus: str) -> Iterator[str]:
    """Every query and variable without an answer."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            try:
                if not answers(prometheus, target):
                    yield f"{panel['title']}: no finite value: {filled(target['expr'])}"
            except ValueError as error:
                yield f"{panel['title']}: {error}"
    for variable in dashboard["templating"]["list"]:
        if match := re.fullmatch(r"label_values\((.+), (\w+)\)", variable.get("definition", "")):
            selector, label = match.groups()
            if not ask(prometheus, f"label/{label}/values", **{"match[]": filled(selector)}):
                yield f"variable {variable['name']}: no values"
