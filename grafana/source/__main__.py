"""Writes the dashboards as JSON to grafana/dashboards/."""

import json
from pathlib import Path
from typing import Any

from .churn import churn
from .service import service

FOLDER = Path(__file__).resolve().parents[1] / "dashboards"


def files() -> dict[Path, dict[str, Any]]:
    """The dashboards and the files they belong in."""
    return {FOLDER / "service.json": service(), FOLDER / "churn.json": churn()}


if __name__ == "__main__":
    for path, content in files().items():
        path.write_text(json.dumps(content, indent=2) + "\n")
