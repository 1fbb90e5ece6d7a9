"""Every night: take in the day's files, look whether a model learned from all of it is better, score every customer.

Safe to run again and to backfill: each command changes nothing that is done already, and one lock in the database keeps
two runs from working at once, whatever the scheduler does.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pendulum
from airflow.sdk import Asset, CronDataIntervalTimetable, Param, PokeReturnValue, chain, dag, task
from churn_tasks.alert import call_for_help
from churn_tasks.operator import ChurnOperator

#: The day whose files are taken in: asked for by hand, else that of the run, which a manual run does not have.
DAY = "{{ params.date or (dag_run.data_interval_start or dag_run.run_after.subtract(days=1)) | ds }}"
#: Customers are looked at as of the midnight after it.
AS_OF = (
    "{{ macros.ds_add(params.date or ((dag_run.data_interval_start or dag_run.run_after.subtract(days=1)) | ds), 1) }}"
)
VERSION = "{{ ti.xcom_pull(task_ids='train')['version'] }}"

#: What a command is told besides: how a shop's columns are called, what counts as having left, what an offer costs.
FLAGS = {
    f"{name}_flags": Param(
        os.environ.get(f"CHURN_{name.upper()}_FLAGS"),
        type=["null", "string"],
        description=f"More flags of churn {name}, as one types them.",
    )
    for name in ("load", "features", "train", "evaluate", "promote", "score")
}

SNAPSHOTS = Asset("churn://snapshots/daily")
CHAMPION = Asset("churn://model/champion")

DEFAULTS = {
    "owner": "churn",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": call_for_help,
}


def step(name: str, *arguments: Any, **keywords: Any) -> ChurnOperator:
    """A task that runs the command of its name."""
    more = f"{{{{ params.{name}_flags or '' }}}}"
    return ChurnOperator(task_id=name, argv=[name, *arguments], flags=more, **keywords)


@dag(
    schedule=CronDataIntervalTimetable("0 3 * * *", timezone="UTC"),
    start_date=pendulum.datetime(2026, 11, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    params={"date": Param(None, type=["null", "string"], format="date", description="The day to take in."), **FLAGS},
    default_args=DEFAULTS,
    tags=["churn"],
    doc_md=__doc__,
)
def churn_retraining() -> None:
    """The steps and what follows from what."""

    # A shop that is closed writes no file: a day without one is skipped, not failed.
    # It has tries like the others: a scheduler may start it before the API server answers.
    @task.sensor(poke_interval=60, timeout=timedelta(hours=4).total_seconds(), mode="reschedule", soft_fail=True)
    def wait_for_data(day: str) -> PokeReturnValue:
        """The files of the day, once there is one."""
        folder = Path(os.environ.get("CHURN_INCOMING", "incoming"))
        files = sorted(str(path) for suffix in ("csv", "csv.gz") for path in folder.glob(f"{day}*.{suffix}"))
        return PokeReturnValue(is_done=bool(files), xcom_value=files)

    # Not better is a good end, too: the champion stays, and scores the customers.
    @task.branch
    def decide(judgement: dict[str, Any]) -> list[str]:
        """Whether the candidate goes on; data that bring no new model bring the champion, which is asked nothing."""
        gate = judgement["gate"]
        return ["promote", "score"] if gate is not None and gate["passed"] else ["score"]

    files = wait_for_data(DAY)
    load = step("load", files, "--complete-to", AS_OF)
    features = step("features", "--as-of", AS_OF, outlets=[SNAPSHOTS])
    train = step("train", "--from-database")
    evaluate = step("evaluate", VERSION)
    decision = decide(evaluate.output)
    # The gate is asked once more under the lock: what was better a minute ago may not be now.
    promote = step("promote", VERSION, "--if-better", skip_on=["refused"], outlets=[CHAMPION])
    score = step("score", "--as-of", AS_OF, trigger_rule="none_failed_min_one_success")
    chain(load, features, train, evaluate)
    chain(decision, promote, score)
    decision >> score


churn_retraining()
