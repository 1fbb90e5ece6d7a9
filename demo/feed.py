"""Asks the service as a company's systems would: predictions, what-ifs, readers of the history, now and then a mistake.

The values come from the ranges that `GET /model` tells, so any model is fed.
"""

import argparse
import http.client
import json
import os
import random
import time
import urllib.parse
from typing import Any

#: What is asked, and how often of a hundred and one times.
KINDS = {"one": 60, "several": 8, "what-if": 10, "history": 12, "models": 4, "wrong": 3, "lost": 3, "broken": 1}


class Client:
    """One connection to the service that is kept open, as a program's is; lost ones are made again."""

    def __init__(self, url: str) -> None:
        self.address = urllib.parse.urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.address, timeout=10)
        key = os.environ.get("CHURN_API_KEY")
        self.fields = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """The status and body of an answer; status 0 where there is none."""
        text = None if body is None else json.dumps(body)
        try:
            fields = {**self.fields, "Content-Type": "application/json"} if text else self.fields
            self.connection.request(method, path, text, fields)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, b""


def value(feature: dict[str, Any], chance: random.Random) -> object:
    """A value of a feature: most near the median, a few at the ends of the usual range."""
    if feature["type"] != "number":
        levels = feature.get("levels") or [""]
        level = chance.choice(levels)
        return level["name"] if isinstance(level, dict) else level
    low, median, high = feature["p01"], feature["median"], feature["p99"]
    return round(min(high, max(low, chance.triangular(low, high, median))), 2)


def instance(features: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """One customer as a caller sends it."""
    customer = f"C-{chance.randrange(1, 2000):04}"
    return {"customer_id": customer, "features": {feature["name"]: value(feature, chance) for feature in features}}


def request(features: list[dict[str, Any]], chance: random.Random) -> tuple[str, str, object]:
    """The next thing somebody asks: method, path, body."""
    match chance.choices(list(KINDS), list(KINDS.values()))[0]:
        case "one":
            return "POST", "/predict", instance(features, chance)
        case "several":
            return (
                "POST",
                "/predict",
                {"instances": [instance(features, chance) for _ in range(chance.randrange(2, 40))]},
            )
        case "what-if":
            return "POST", "/predict?record=false", instance(features, chance)
        case "history":
            return "GET", f"/history?limit={chance.choice([10, 50, 100])}", None
        case "models":
            return "GET", chance.choice(["/model", "/models", "/"]), None
        case "wrong":
            return "POST", "/predict", {"customer_id": "C-0001", "features": {"no_such_feature": 1}}
        case "lost":
            return "GET", "/predict/00000000-0000-7000-8000-000000000000", None
        case _:
            return "GET IT", "/history", None  # a method has no space: this is no HTTP


def feed(url: str, rate: float, seconds: float | None, seed: int | None = None) -> dict[int, int]:
    """Asks `rate` times a second until `seconds` are over, or forever; returns how often each status came."""
    chance, client, statuses = random.Random(seed), Client(url), dict[int, int]()
    end = None if seconds is None else time.monotonic() + seconds
    features: list[dict[str, Any]] = []
    asked = 0
    while end is None or time.monotonic() < end:
        if asked % 500 == 0 or not features:  # a new model may have another schema
            status, body = client.ask("GET", "/model")
            features = json.loads(body)["features"] if status == 200 else features
        if features:
            status, _ = client.ask(*request(features, chance))
            statuses[status] = statuses.get(status, 0) + 1
            asked += 1
        time.sleep(chance.expovariate(rate))
    return statuses


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--seconds", type=float, help="stop after so long (default: never)")
    arguments = parser.parse_args()
    print(json.dumps(feed(arguments.url, arguments.rate, arguments.seconds)))


if __name__ == "__main__":
    main()
