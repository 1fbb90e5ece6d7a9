"""Panels of a dashboard as Grafana's JSON (schema 41), each made from what differs between panels."""

from collections.abc import Sequence
from typing import Any

Panel = dict[str, Any]

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, YELLOW, RED = "green", "yellow", "red"
STAT_WIDTH, STAT_HEIGHT = 4, 4
GRAPH_WIDTH, GRAPH_HEIGHT = 12, 8
GRID_WIDTH = 24


def query(expression: str, legend: str = "", **more: Any) -> dict[str, Any]:
    """One PromQL query; its refId is given when its panel is made."""
    return {"datasource": DATASOURCE, "editorMode": "code", "expr": expression, "legendFormat": legend, **more}


def instant(expression: str, legend: str = "", **more: Any) -> dict[str, Any]:
    """A query for the value of now."""
    return query(expression, legend, instant=True, range=False, **more)


def thresholds(*steps: tuple[str, float | None]) -> dict[str, Any]:
    """Colours from a value on; the first step has none."""
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for color, value in steps]}


def above(limit: float) -> dict[str, Any]:
    """Red from the limit on."""
    return thresholds((GREEN, None), (RED, limit))


def below(limit: float) -> dict[str, Any]:
    """Red under the limit."""
    return thresholds((RED, None), (GREEN, limit))


def panel(kind: str, title: str, description: str, queries: Sequence[dict[str, Any]], **more: Any) -> Panel:
    """What all panels have in common; id and place come from `arrange`."""
    targets = [{**target, "refId": chr(ord("A") + index)} for index, target in enumerate(queries)]
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "targets": targets,
        **more,
    }


def stat(
    title: str, description: str, expression: str, unit: str, steps: dict[str, Any] | None = None, legend: str = ""
) -> Panel:
    """A number of now; with a legend its series' label instead of its value."""
    defaults: dict[str, Any] = {"unit": unit, "thresholds": steps or thresholds((GREEN, None)), "mappings": []}
    options = {
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "name" if legend else "auto",
        "wideLayout": True,
    }
    return panel(
        "stat",
        title,
        description,
        [instant(expression, legend)],
        fieldConfig={"defaults": defaults, "overrides": []},
        options=options,
    )


def graph(
    title: str,
    description: str,
    queries: Sequence[dict[str, Any]],
    unit: str,
    steps: dict[str, Any] | None = None,
    stacked: bool = False,
    **defaults: Any,
) -> Panel:
    """Lines over time; thresholds are drawn as lines, too."""
    custom = {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "fillOpacity": 20 if stacked else 5,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "line" if steps else "off"},
    }
    field = {"unit": unit, "custom": custom, "thresholds": steps or thresholds((GREEN, None)), "mappings": []}
    options = {
        "legend": {"calcs": ["mean", "max"], "displayMode": "table", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel(
        "timeseries",
        title,
        description,
        queries,
        fieldConfig={"defaults": {**field, **defaults}, "overrides": []},
        options=options,
    )


def heatmap(title: str, description: str, expression: str, unit: str) -> Panel:
    """A Prometheus histogram over time."""
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64, "exponent": 0.5, "fill": "dark-orange"},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "yHistogram": True},
        "yAxis": {"axisPlacement": "left", "unit": unit},
    }
    return panel(
        "heatmap",
        title,
        description,
        [query(expression, "{{le}}", format="heatmap")],
        fieldConfig={"defaults": {"unit": "short"}, "overrides": []},
        options=options,
    )


def arrange(rows: Sequence[tuple[str, Sequence[Panel]]]) -> list[Panel]:
    """Gives ids and places: each row's title, then its panels from left to right."""
    placed: list[Panel] = []
    x = y = height = 0
    for title, panels in rows:
        y, x, height = y + height, 0, 0
        placed.append(
            {
                "type": "row",
                "title": title,
                "collapsed": False,
                "panels": [],
                "gridPos": {"x": 0, "y": y, "w": GRID_WIDTH, "h": 1},
            }
        )
        y += 1
        for panel in panels:
            small = panel["type"] == "stat"
            width = STAT_WIDTH if small else GRAPH_WIDTH
            if x + width > GRID_WIDTH:
                x, y = 0, y + height
            height = STAT_HEIGHT if small else GRAPH_HEIGHT
            placed.append({**panel, "gridPos": {"x": x, "y": y, "w": width, "h": height}})
            x += width
    return [{"id": index + 1, **panel} for index, panel in enumerate(placed)]
