"""The dashboards: as the code makes them, as Grafana's schema has them, and with an answer to every query."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import REPOSITORY
from support.containers import COMPOSE
from support.monitoring import Prometheus
from support.service import Service

from demo.feed import feed
from grafana.check import house, live, schema
from grafana.source.__main__ import files
from grafana.source.limits import limit

Dashboard = dict[str, Any]
DASHBOARDS = {path.stem: content for path, content in files().items()}

#: Where the limit of an alert is drawn; and the panels of what is 1 when it is well, of which 0 is an alert.
LIMITS = {
    ("service", "Errors"): "ChurnErrorRatioHigh",
    ("service", "p99 of /predict"): "ChurnLatencyHigh",
    ("service", "Duration of /predict"): "ChurnLatencyHigh",
    ("service", "Age of what Kafka does not have"): "ChurnPublishLag",
    ("service", "Waiting to be taken in"): "ChurnConsumerLag",
    ("churn", "Age of the model"): "ChurnModelStale",
    ("churn", "Distance between hour and day"): "ChurnHighRiskShareJumps",
}
UP = {("service", "Instances ready"), ("service", "PostgreSQL")}
#: No alert: a model that is no better than chance.
CHANCE = {("churn", "AUC"): [0.5]}

#: The longest window that a query needs filled is 20 s (`live.VALUES`); two of them make a rate.
LOAD_SECONDS = 25


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_the_json_is_what_the_code_makes(path: Path) -> None:
    assert json.loads(path.read_text()) == files()[path], "python3 -m grafana.source writes it anew"


@pytest.mark.parametrize("name", DASHBOARDS)
def test_grafana_would_read_it_and_it_keeps_our_rules(name: str) -> None:
    assert [*schema.faults(DASHBOARDS[name]), *house.faults(DASHBOARDS[name])] == []


def test_lines_are_where_the_alerts_are() -> None:
    assert limit("ChurnErrorRatioHigh") == 0.05
    assert limit("ChurnLatencyHigh") == 0.25
    assert limit("ChurnPublishLag") == 300
    assert limit("ChurnModelStale") == 8 * 86400
    assert limit("ChurnHighRiskShareJumps") == 0.1
    assert limit("ChurnConsumerLag") == 10_000
    drawn = {
        (name, panel["title"]): [step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
        for name, dashboard in DASHBOARDS.items()
        for panel in dashboard["panels"]
        if panel["type"] in ("stat", "timeseries")
    }
    lines = {place: values[1:] for place, values in drawn.items() if len(values) > 1}
    assert lines == {place: [limit(alert)] for place, alert in LIMITS.items()} | {place: [1] for place in UP} | CHANCE


def test_provisioning_names_what_the_dashboards_ask_for() -> None:
    provisioning = REPOSITORY / "grafana/provisioning"
    source = yaml.safe_load((provisioning / "datasources/prometheus.yaml").read_text())["datasources"][0]
    wanted = DASHBOARDS["service"]["templating"]["list"][0]
    assert (source["type"], source["uid"]) == (wanted["query"], wanted["current"]["value"])
    interval = yaml.safe_load((REPOSITORY / "prometheus.yml").read_text())["global"]["scrape_interval"]
    assert source["jsonData"]["timeInterval"] == interval


#: What Grafana's documentation names; it passes over what it does not know, and says nothing.
KNOWN = {
    "providers": {
        "name",
        "orgId",
        "type",
        "folder",
        "disableDeletion",
        "allowUiUpdates",
        "updateIntervalSeconds",
        "options",
    },
    "datasources": {"name", "uid", "type", "access", "url", "isDefault", "editable", "jsonData"},
}


def test_compose_puts_the_files_where_grafana_reads_them() -> None:
    grafana = COMPOSE["services"]["grafana"]
    mounts = dict(volume.split(":")[:2] for volume in grafana["volumes"])
    folder = mounts["./grafana/dashboards"]
    assert mounts["./grafana/provisioning"] == "/etc/grafana/provisioning"
    found = {}
    for kind, name in (("providers", "dashboards/churn.yaml"), ("datasources", "datasources/prometheus.yaml")):
        content = yaml.safe_load((REPOSITORY / "grafana/provisioning" / name).read_text())
        assert content["apiVersion"] == 1
        (found[kind],) = content[kind]
        assert found[kind].keys() <= KNOWN[kind]
    assert (found["providers"]["type"], found["providers"]["options"]) == ("file", {"path": folder})
    host, port = found["datasources"]["url"].removeprefix("http://").split(":")
    assert COMPOSE["services"][host]["ports"][0].endswith(f":{port}")
    home = Path(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (REPOSITORY / "grafana/dashboards" / home.relative_to(folder)).exists()


# What the checker is for: each of these was once a dashboard that looked right and showed nothing.
FAULTS: dict[str, Callable[[Dashboard], Any]] = {
    "a unit that does not exist": lambda d: d["panels"][1]["fieldConfig"]["defaults"].update(unit="secondz"),
    "a misspelt key of a query": lambda d: d["panels"][1]["targets"][0].update(legendFormatt="x"),
    "a misspelt option": lambda d: d["panels"][1]["options"]["reduceOptions"].update(calc=["last"]),
    "a style that does not exist": lambda d: graph(d)["fieldConfig"]["defaults"]["custom"].update(drawStyle="lyne"),
    "a misspelt style": lambda d: graph(d)["fieldConfig"]["defaults"]["custom"].update(drawstyle="line"),
    "a tooltip that does not exist": lambda d: graph(d)["options"]["tooltip"].update(mode="mutli"),
    "a number as a word": lambda d: d.update(schemaVersion="41"),
    "a truth as a word": lambda d: d["panels"][1]["targets"][0].update(instant="yes"),
    "a datasource of its own": lambda d: d["panels"][1]["targets"][0]["datasource"].update(uid="prometheus"),
    "two panels on one place": lambda d: d["panels"][2].update(gridPos=d["panels"][1]["gridPos"]),
    "a panel beyond the grid": lambda d: d["panels"][1]["gridPos"].update(x=23),
    "two panels of one id": lambda d: d["panels"][2].update(id=d["panels"][1]["id"]),
    "two queries of one id": lambda d: d["panels"][1]["targets"].append(d["panels"][1]["targets"][0]),
    "no description": lambda d: d["panels"][1].update(description=""),
    "an unknown variable": lambda d: d["panels"][1]["targets"][0].update(expr='up{job=~"$job", a="$b"}'),
    "a query of all jobs": lambda d: d["panels"][1]["targets"][0].update(expr="sum(churn_ready)"),
    "a rate over a fixed time": lambda d: d["panels"][1]["targets"][0].update(expr='rate(x{job=~"$job"}[5m])'),
}


def graph(dashboard: Dashboard) -> Dashboard:
    """The first panel with lines."""
    return next(panel for panel in dashboard["panels"] if panel["type"] == "timeseries")


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_sees(name: str) -> None:
    broken = copy.deepcopy(DASHBOARDS["service"])
    FAULTS[name](broken)
    assert [*schema.faults(broken), *house.faults(broken)]


@pytest.fixture(scope="module")
def prometheus(service: Service, folder: Path) -> Iterator[Prometheus]:
    """A Prometheus that scraped the service while it was asked all kinds of things."""
    with Prometheus(folder, f"127.0.0.1:{service.port}") as prometheus:
        statuses = feed(service.address, rate=40, seconds=LOAD_SECONDS, seed=5)
        assert statuses.get(200, 0) > 100, statuses
        assert not {status for status in statuses if status == 0 or status >= 500}, statuses
        yield prometheus


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_query_has_an_answer(name: str, prometheus: Prometheus) -> None:
    assert list(live.faults(DASHBOARDS[name], prometheus.address)) == []


@pytest.mark.parametrize("expression", ['churn_redy{job=~"$job"}', 'sum by le) (churn_score_bucket{job=~"$job"})'])
def test_the_checker_sees_a_query_without_an_answer(expression: str, prometheus: Prometheus) -> None:
    broken = copy.deepcopy(DASHBOARDS["service"])
    broken["panels"][1]["targets"][0]["expr"] = expression
    assert list(live.faults(broken, prometheus.address))


def test_a_scrape_is_quick(prometheus: Prometheus) -> None:
    seconds = prometheus.value('quantile_over_time(0.5, scrape_duration_seconds{job="churn"}[20s])')
    assert seconds is not None
    print(f"median of a scrape: {seconds * 1000:.1f} ms")
    assert seconds < 0.05, "5 ms are the aim; the machine of the tests may be busy"
