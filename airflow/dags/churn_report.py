"""Whenever a model became champion: how good it is, as a page for people, in CHURN_REPORTS."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pendulum
from airflow.sdk import Asset, dag
from churn_tasks.alert import call_for_help
from churn_tasks.operator import ChurnOperator

FOLDER = Path(os.environ.get("CHURN_REPORTS", "reports"))
REPORT = str(FOLDER / "{{ dag_run.run_after | ts_nodash }}.html")


def make_folder(_: Any) -> None:
    """Where the pages go; the first one finds none."""
    FOLDER.mkdir(parents=True, exist_ok=True)


@dag(
    schedule=[Asset("churn://model/champion")],
    start_date=pendulum.datetime(2026, 11, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={
        "owner": "churn",
        "retries": 3,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(minutes=15),
        "on_failure_callback": call_for_help,
    },
    tags=["churn"],
    doc_md=__doc__,
)
def churn_report() -> None:
    """One step."""
    ChurnOperator(task_id="evaluate", argv=["evaluate", "--champion", "--report", REPORT], pre_execute=make_folder)


churn_report()
