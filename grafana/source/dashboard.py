"""A dashboard around its panels: the variables, the links between dashboards, what Grafana needs to know of it."""

from collections.abc import Sequence
from typing import Any

from .panels import DATASOURCE, Panel, arrange

TAG = "churn"


def label_variable(name: str, label: str, of: str, title: str, description: str) -> dict[str, Any]:
    """A choice among the values that a label has in Prometheus."""
    text = f"label_values({of}, {label})"
    return {
        "type": "query",
        "name": name,
        "label": title,
        "description": description,
        "datasource": DATASOURCE,
        "definition": text,
        "query": {"query": text, "refId": f"variable-{name}"},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [],
        "regex": "",
    }


def dashboard(uid: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[Panel]]]) -> dict[str, Any]:
    """One dashboard: a file of grafana/dashboards/."""
    variables = [
        {
            "type": "datasource",
            "name": "datasource",
            "label": "Prometheus",
            "description": "Which Prometheus is asked.",
            "query": "prometheus",
            "regex": "",
            "current": {"selected": True, "text": "Prometheus", "value": "prometheus"},
            "options": [],
            "multi": False,
            "includeAll": False,
        },
        label_variable("job", "job", "churn_ready", "Job", "The scrape job of the service."),
        label_variable("instance", "instance", 'churn_ready{job=~"$job"}', "Instance", "One or more instances."),
    ]
    link = {
        "type": "dashboards",
        "title": "churn",
        "tags": [TAG],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
        "icon": "external link",
        "tooltip": "",
        "url": "",
    }
    return {
        "uid": uid,
        "title": title,
        "description": description,
        "tags": [TAG],
        "schemaVersion": 41,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "browser",
        "time": {"from": "now-1h", "to": "now"},
        "refresh": "30s",
        "annotations": {"list": []},
        "links": [link],
        "templating": {"list": variables},
        "panels": arrange(rows),
    }
