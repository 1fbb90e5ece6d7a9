"""The DAGs: what follows from what, on good days and on bad ones."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from conftest import DAGS
from runs import dag, run
from stand_in import StandIn

ORDER = ["wait_for_data", "load", "features", "train", "evaluate", "decide", "promote", "score"]
DAY = "2026-11-20"


def test_airflow_reads_them() -> None:
    bag = DagBag(dag_folder=str(DAGS))
    assert bag.import_errors == {}
    assert set(bag.dags) == {"churn_retraining", "churn_report"}


def test_the_steps_are_in_order() -> None:
    assert [task.task_id for task in dag("churn_retraining").topological_sort()] == ORDER


@pytest.mark.parametrize("name", ["churn_retraining", "churn_report"])
def test_nothing_runs_for_ever_or_fails_in_silence(name: str) -> None:
    found = DagBag(dag_folder=str(DAGS)).dags[name]
    assert found.dagrun_timeout
    assert found.max_active_runs == 1
    for task in found.tasks:
        assert task.execution_timeout
        assert task.retries, f"{task.task_id} fails a night for what lasts a second"
        assert task.has_on_failure_callback or task.on_failure_callback


def test_a_good_candidate_is_promoted_and_scores(stand_in: StandIn) -> None:
    files = [f"{stand_in.incoming}/{DAY}{end}" for end in ("-shop.csv", ".csv.gz")]
    for path in (*files, f"{stand_in.incoming}/2026-11-21.csv"):
        Path(path).touch()
    state, tasks = run(dag("churn_retraining"), DAY)
    assert state == "success"
    assert tasks == dict.fromkeys(ORDER, "success")
    assert stand_in.calls == [
        ["load", *files, "--complete-to", "2026-11-21", "--json"],
        ["features", "--as-of", "2026-11-21", "--json"],
        ["train", "--from-database", "--json"],
        ["evaluate", "3f9c2a1b7d04", "--json"],
        ["promote", "3f9c2a1b7d04", "--if-better", "--json"],
        ["score", "--as-of", "2026-11-21", "--json"],
    ]


def test_a_run_passes_on_what_its_commands_are_told_besides(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    (stand_in.incoming / f"{DAY}.csv").touch()
    monkeypatch.setenv("CHURN_FEATURES_FLAGS", "--horizon 60d")
    mapping = "customer_id=CUST_NO,kind='purchase'"
    state, _ = run(dag("churn_retraining"), DAY, load_flags=f'--mapping "{mapping}"', train_flags="--horizon 60d")
    assert state == "success"
    load, features, train, *_ = stand_in.calls
    assert load[-3:] == ["--mapping", mapping, "--json"]
    assert features[-3:] == ["--horizon", "60d", "--json"]
    assert train[-3:] == ["--horizon", "60d", "--json"]


def test_a_bad_candidate_is_a_good_end_and_the_champion_scores(stand_in: StandIn) -> None:
    (stand_in.incoming / f"{DAY}.csv").touch()
    stand_in.answers("evaluate", {"status": "done", "gate": {"passed": False}})
    state, tasks = run(dag("churn_retraining"), DAY)
    assert state == "success"
    assert tasks["promote"] == "skipped"
    assert tasks["score"] == "success"
    assert [call[0] for call in stand_in.calls] == ["load", "features", "train", "evaluate", "score"]


def test_a_promotion_that_is_refused_under_the_lock_is_a_good_end_too(stand_in: StandIn) -> None:
    (stand_in.incoming / f"{DAY}.csv").touch()
    stand_in.answers("promote", {"status": "refused"})
    state, tasks = run(dag("churn_retraining"), DAY)
    assert state == "success"
    assert tasks["promote"] == "skipped"
    assert tasks["score"] == "success"


def test_a_day_without_files_is_skipped(stand_in: StandIn) -> None:
    state, tasks = run(dag("churn_retraining"), DAY)
    assert state in ("success", "skipped")
    assert set(tasks.values()) == {"skipped"}
    assert stand_in.calls == []


def test_what_would_fail_again_is_not_tried_again_and_somebody_is_told(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stand_in.incoming / f"{DAY}.csv").touch()
    error = {"code": "too_few_dates", "message": "there are too few dates"}
    stand_in.answers("train", {"status": "failed", "error": error}, code=65)
    told: list[dict] = []
    with HTTPServer(("127.0.0.1", 0), receiver(told)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("CHURN_ALERT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/airflow")
        state, tasks = run(dag("churn_retraining"), DAY)
        server.shutdown()
    assert state == "failed"
    assert tasks["train"] == "failed"
    assert tasks["score"] == "upstream_failed"
    assert [call[0] for call in stand_in.calls].count("train") == 1
    assert [one["task"] for one in told] == ["train"]
    assert "too few dates" in told[0]["error"]


def test_a_database_that_is_away_is_tried_again(stand_in: StandIn) -> None:
    (stand_in.incoming / f"{DAY}.csv").touch()
    stand_in.answers("load", {"status": "failed", "error": {"message": "PostgreSQL is away"}}, code=69)
    state, _ = run(dag("churn_retraining"), DAY)
    assert state == "failed"
    assert [call[0] for call in stand_in.calls] == ["load"] * 4


def test_a_new_champion_is_reported(stand_in: StandIn) -> None:
    state, _ = run(dag("churn_report"))
    assert state == "success"
    assert stand_in.calls[0][:3] == ["evaluate", "--champion", "--report"]


def receiver(told: list[dict]) -> type[BaseHTTPRequestHandler]:
    """A webhook that remembers what it was told."""

    class Receiver(BaseHTTPRequestHandler):
        """One POST."""

        def do_POST(self) -> None:
            """Takes it."""
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Receiver
