"""Runs a DAG in this process, without the waits that a real schedule needs."""

from datetime import timedelta

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from conftest import DAGS


def dag(name: str) -> DAG:
    """A DAG of the repository, impatient."""
    found = DagBag(dag_folder=str(DAGS)).dags[name]
    for task in found.tasks:
        task.retry_delay = timedelta(seconds=0)
        task.retry_exponential_backoff = 0
    if "wait_for_data" in found.task_dict:
        wait = found.get_task("wait_for_data")
        wait.mode, wait.poke_interval, wait.timeout = "poke", 0.1, 1
    return found


def run(dag: DAG, day: str | None = None, **flags: str) -> tuple[str, dict[str, str]]:
    """The state of a run and those of its tasks; `load_flags` and their like are parameters of the run."""
    result = dag.test(run_conf={"date": day, **flags} if day else None)
    return str(result.state), {task.task_id: str(task.state) for task in result.get_task_instances()}
