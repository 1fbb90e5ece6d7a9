"""Prometheus, Alertmanager and the inbox, on free ports, from the files that the demo uses."""

import json
import urllib.parse
import urllib.request
from pathlib import Path

from . import REPOSITORY
from .processes import Child, free_port, program, status


def rewritten(file: str, changes: dict[str, str]) -> str:
    """The text of a file of the repository with other hosts and times; each text to change must be there."""
    text = (REPOSITORY / file).read_text()
    for old, new in changes.items():
        assert old in text, f"{file} has no {old!r} any more"
        text = text.replace(old, new)
    return text


class Inbox(Child):
    """demo/inbox.py on free ports."""

    def __init__(self, folder: Path) -> None:
        script = str(REPOSITORY / "demo/inbox.py")
        command = ["python3", script, "--host", "127.0.0.1", "--mail-port", "0", "--webhook-port", "0"]
        super().__init__(command, folder / "inbox.log")
        listening = self.wait_for("the inbox to listen", lambda: self.received("listening"))[0]
        self.mail_port: int = listening["mail_port"]
        self.webhook_port: int = listening["webhook_port"]

    def received(self, kind: str) -> list[dict]:
        """What came in of this kind, in order."""
        lines = [json.loads(line) for line in self.text().splitlines() if line.startswith("{") and line.endswith("}")]
        return [line for line in lines if line["kind"] == kind]

    def alerts(self, name: str, status: str) -> list[dict]:
        """The alerts of this name and status that came by webhook."""
        alerts = [alert for hook in self.received("webhook") for alert in hook["body"]["alerts"]]
        return [alert for alert in alerts if alert["labels"]["alertname"] == name and alert["status"] == status]


class Alertmanager(Child):
    """Alertmanager with the repository's routes, telling this inbox."""

    def __init__(self, folder: Path, inbox: Inbox) -> None:
        self.port = free_port()
        changes = {
            "inbox:8025": f"127.0.0.1:{inbox.mail_port}",
            "inbox:8026": f"127.0.0.1:{inbox.webhook_port}",
            "group_wait: 10s": "group_wait: 100ms",
            "group_interval: 1m": "group_interval: 1s",
        }
        configuration = folder / "alertmanager.yml"
        configuration.write_text(rewritten("alertmanager.yml", changes))
        command = [
            program("prometheus-alertmanager", "alertmanager"),
            f"--config.file={configuration}",
            f"--storage.path={folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--cluster.listen-address=",
        ]
        super().__init__(command, folder / "alertmanager.log")
        server = f"http://127.0.0.1:{self.port}"
        self.address = f"{server}/api/v2/alerts"
        self.wait_for("Alertmanager", lambda: status(f"{server}/-/ready") == 200)

    def take(self, alerts: list[dict[str, str]]) -> None:
        """Tells it of alerts, as Prometheus does, by their labels."""
        body = json.dumps([{"labels": labels} for labels in alerts]).encode()
        urllib.request.urlopen(urllib.request.Request(self.address, body, {"Content-Type": "application/json"})).close()

    def alerts(self, state: str) -> list[tuple[str, str]]:
        """Job and name of those that are told (`active`), or are not (`suppressed`)."""
        with urllib.request.urlopen(self.address, timeout=10) as answer:
            alerts = [one["labels"] for one in json.load(answer) if one["status"]["state"] == state]
        return sorted((labels["job"], labels["alertname"]) for labels in alerts)


class Prometheus(Child):
    """Prometheus with the repository's rules, scraping this service every second."""

    def __init__(self, folder: Path, target: str, alertmanager: str = "127.0.0.1:9", faster: bool = False) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        changes = {
            "churn:8080": target,
            "alertmanager:9093": alertmanager,
            "localhost:9090": self.address.removeprefix("http://"),
            "scrape_interval: 5s": "scrape_interval: 1s",
            "scrape_timeout: 4s": "scrape_timeout: 1s",
            "evaluation_interval: 5s": "evaluation_interval: 1s",
        }
        (folder / "prometheus.yml").write_text(rewritten("prometheus.yml", changes))
        (folder / "alerts.yml").write_text(rewritten("alerts.yml", {"for: 1m": "for: 2s"} if faster else {}))
        command = [
            program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address={self.address.removeprefix('http://')}",
        ]
        super().__init__(command, folder / "prometheus.log")
        self.wait_for("Prometheus", lambda: status(f"{self.address}/-/ready") == 200)

    def api(self, path: str, **parameters: str) -> dict | list:
        """The data of an answer of its HTTP interface, which must succeed."""
        url = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]

    def value(self, expression: str) -> float | None:
        """The value of an expression that gives at most one series."""
        result = self.api("query", query=expression)["result"]
        return float(result[0]["value"][1]) if result else None
