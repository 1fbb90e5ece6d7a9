"""Our own rules for dashboards, after those of grafana/dashboard-linter: what makes one useful in another place."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from grafana_foundation_sdk.models import units

#: Every unit that Grafana knows.
UNITS = {value for name, value in vars(units).items() if isinstance(value, str) and not name.startswith("_")}
BUILT_IN = {"__rate_interval", "__range", "__interval"}


def faults(dashboard: dict[str, Any]) -> Iterator[str]:
    """Every broken rule, with the panel's title."""
    if dashboard.get("editable") is not False or not dashboard.get("uid") or not dashboard.get("description"):
        yield "the dashboard needs a uid and a description, and is not editable: the file is the original"
    panels = dashboard["panels"]
    for doubled in doubles([panel["id"] for panel in panels]):
        yield f"panel id {doubled} is there twice"
    known = BUILT_IN | {variable["name"] for variable in dashboard["templating"]["list"]}
    for panel in panels:
        if panel["type"] != "row":
            for text in panel_faults(panel, known):
                yield f"{panel.get('title') or panel['id']}: {text}"
    for one, other in combinations(panels, 2):
        if overlap(one["gridPos"], other["gridPos"]):
            yield f"{one['title']} lies on {other['title']}"
    for panel in panels:
        place = panel["gridPos"]
        if place["x"] < 0 or place["x"] + place["w"] > 24:
            yield f"{panel['title']} is beyond the grid's 24 columns"


def panel_faults(panel: dict[str, Any], known: set[str]) -> Iterator[str]:
    """The rules of one panel."""
    if not panel.get("title") or not panel.get("description"):
        yield "needs a title and a description"
    unit = panel["fieldConfig"]["defaults"].get("unit")
    if unit not in UNITS:
        yield f"{unit!r} is no unit of Grafana"
    for doubled in doubles([target["refId"] for target in panel["targets"]]):
        yield f"refId {doubled} is there twice"
    for target in panel["targets"]:
        for datasource in (panel["datasource"], target["datasource"]):
            if datasource["uid"] != "${datasource}":
                yield "asks a datasource of its own, not the variable"
        yield from query_faults(target["expr"], known)


def query_faults(expression: str, known: set[str]) -> Iterator[str]:
    """The rules of one query."""
    for name in re.findall(r"\$\{?(\w+)\}?", expression):
        if name not in known:
            yield f"no variable is called {name}"
    for selector in re.findall(r"\{(.*?)\}(?=[\[\s)]|$)", expression):
        if 'job=~"$job"' not in selector:
            yield "a selector does not ask for the job"
    for name in re.findall(r"\b(?:churn|process)_\w+\b(?!\{)", expression):
        yield f"{name} is asked of all jobs"
    for window in re.findall(r"\b(?:rate|increase|irate)\(.*?\[(.*?)\]", expression):
        if window != "$__rate_interval" and not re.fullmatch(r"\d+[hd]", window):
            yield f"a rate over {window}: only $__rate_interval fits every zoom and scrape interval"


def doubles(values: list[Any]) -> set[Any]:
    """The values that are there more than once."""
    return {value for value in values if values.count(value) > 1}


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether two places of the grid share a cell."""
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )
