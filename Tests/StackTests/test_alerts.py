"""Rules, routes and the way of an alert from a dead service to a person."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from support import REPOSITORY
from support.monitoring import Alertmanager, Inbox, Prometheus
from support.processes import eventually, let_others_in, program
from support.service import Service

RULES = yaml.safe_load((REPOSITORY / "alerts.yml").read_text())
ALERTS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"] if "alert" in rule}
RULE_TESTS = REPOSITORY / "Tests/StackTests/alerts.test.yml"


def run(*command: str) -> str:
    """Runs a checker; its complaint is the failure of the test."""
    result = subprocess.run(command, cwd=REPOSITORY, text=True, capture_output=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_prometheus_reads_its_configuration_and_rules() -> None:
    run(program("promtool"), "check", "config", "prometheus.yml")
    run(program("promtool"), "check", "rules", "alerts.yml")


def test_each_alert_fires_when_it_should_and_not_before() -> None:
    run(program("promtool"), "test", "rules", str(RULE_TESTS))


def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    fires: dict[str, set[bool]] = {}
    for test in yaml.safe_load(RULE_TESTS.read_text())["tests"]:
        for case in test.get("alert_rule_test", []):
            fires.setdefault(case["alertname"], set()).add(bool(case["exp_alerts"]))
    assert fires == {name: {True, False} for name in ALERTS}


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_it_is_and_where_help_is(name: str) -> None:
    rule = ALERTS[name]
    assert rule["for"]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (REPOSITORY / page).read_text(), re.MULTILINE)
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


def test_pages_go_to_mail_and_webhook_and_tickets_to_the_webhook() -> None:
    amtool = program("amtool")
    run(amtool, "check-config", "alertmanager.yml")
    for severity, receiver in {"page": "page", "ticket": "ticket"}.items():
        route = run(amtool, "config", "routes", "test", "--config.file=alertmanager.yml", f"severity={severity}")
        assert route.strip() == receiver


def test_inhibition_names_alerts_that_exist() -> None:
    configuration = yaml.safe_load((REPOSITORY / "alertmanager.yml").read_text())
    matchers = [
        matcher
        for rule in configuration["inhibit_rules"]
        for matcher in rule["source_matchers"] + rule["target_matchers"]
    ]
    named = {name for matcher in matchers for name in re.findall(r"Churn\w+", matcher)}
    assert named <= set(ALERTS)


def test_what_follows_from_a_cause_is_not_told_beside_it(tmp_path: Path) -> None:
    follows = ["ChurnErrorRatioHigh", "ChurnLatencyHigh", "ChurnNoPredictions", "ChurnNotReady"]
    told = {("a", "ChurnPostgresDown"), ("a", "ChurnPublishLag"), ("b", "ChurnDown"), ("c", "ChurnNotReady")}
    silent = {("a", name) for name in follows} | {("b", name) for name in ALERTS if name != "ChurnDown"}
    with Inbox(tmp_path) as inbox, Alertmanager(tmp_path, inbox) as alertmanager:
        alertmanager.take(
            [
                {"alertname": name, "job": job, "severity": ALERTS[name]["labels"]["severity"]}
                for job, name in told | silent
            ]
        )
        eventually("those that follow to be silent", lambda: alertmanager.alerts("suppressed") == sorted(silent))
        assert alertmanager.alerts("active") == sorted(told)


def test_the_metrics_are_as_prometheus_wants_them(service: Service) -> None:
    checker = [program("promtool"), "check", "metrics"]
    result = subprocess.run(checker, input=service.text_of("/metrics"), text=True, capture_output=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_killed_service_is_told_by_webhook_and_mail_and_so_is_its_return(tmp_path: Path) -> None:
    let_others_in(tmp_path)
    with Service(tmp_path) as service, Inbox(tmp_path) as inbox, Alertmanager(tmp_path, inbox) as alertmanager:
        service.wait_until_ready()
        with Prometheus(
            tmp_path, f"127.0.0.1:{service.port}", f"127.0.0.1:{alertmanager.port}", faster=True
        ) as prometheus:
            eventually("the first scrape", lambda: prometheus.value('up{job="churn"}') == 1.0)
            service.kill()
            alert = eventually("the alert", lambda: inbox.alerts("ChurnDown", "firing"), within=30)[0]
            assert alert["labels"]["severity"] == "page"
            assert "does not answer" in alert["annotations"]["summary"]
            mail = eventually("the mail", lambda: inbox.received("mail"), within=30)[0]
            assert mail["to"] == ["oncall@example.com"]
            assert "ChurnDown" in mail["subject"]
            told = {a["labels"]["alertname"] for hook in inbox.received("webhook") for a in hook["body"]["alerts"]}
            assert told == {"ChurnDown"}, json.dumps(sorted(told))
            with Service(tmp_path, port=service.port):
                eventually("the all-clear", lambda: inbox.alerts("ChurnDown", "resolved"), within=30)
