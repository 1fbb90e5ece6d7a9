"""The limits of alerts.yml, so that a line in a dashboard is where the alert is."""

import re
from pathlib import Path

import yaml

ALERTS = Path(__file__).resolve().parents[2] / "alerts.yml"


def limit(alert: str) -> float:
    """The number that the alert's expression compares with first; it may be a product, as in `8 * 86400`."""
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    rule = next(rule for group in groups for rule in group["rules"] if rule.get("alert") == alert)
    match = re.search(r"[<>] *([0-9.]+(?: *\* *[0-9.]+)*)", rule["expr"])
    assert match, f"{alert} compares with no number"
    product = 1.0
    for factor in match[1].split("*"):
        product *= float(factor)
    return product
