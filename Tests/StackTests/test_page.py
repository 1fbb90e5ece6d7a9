"""Each page, run by Streamlit's AppTest against the real service: what it shows, and what it says without one."""

import json
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.page import opened, percentage, texts
from support.processes import free_port
from support.service import Service, churn_binary

# Found by the path that support.page adds.
from page import exposition, table  # isort: skip
from page.client import Service as Client  # isort: skip
from page.parts import service as client  # isort: skip

VIEWS = ["at_risk", "predict", "history", "model", "service"]


@pytest.fixture(autouse=True)
def _address(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages ask the service under test; each test has a client of its own."""
    client.clear()
    monkeypatch.setenv("CHURN_URL", service.address)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_opens_and_says_which_model_speaks_and_within_what_time(view: str, language: str) -> None:
    app = opened(view, language)
    assert not app.exception
    assert not app.error
    assert ("within 30 days" if language == "en" else "в течение 30 дней") in texts(app)
    assert "2026-" in texts(app)


@pytest.mark.parametrize("view", VIEWS)
def test_a_service_that_is_away_is_a_message_with_its_address(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("CHURN_URL", address)
    app = opened(view)
    assert not app.exception
    assert address in "".join(element.value for element in app.error)


@pytest.fixture(scope="module")
def locked(folder: Path) -> Iterator[tuple[Service, str, str]]:
    """A service with keys and an admin port; the page's key; the address of the metrics."""
    home = folder / "locked"
    home.mkdir()
    command = [churn_binary(), "keys", "create", "--keys", home / "keys", "--scope", "predict", "--scope", "read"]
    key = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]
    with Service(home, "--keys", str(home / "keys"), "--admin-port", "0") as service:
        service.wait_until_ready()
        lines = [json.loads(line) for line in service.text().splitlines() if '"listening for operations"' in line]
        yield service, key, f"http://127.0.0.1:{lines[0]['port']}"


@pytest.mark.parametrize("view", VIEWS)
def test_a_service_with_keys_answers_a_page_that_has_one(
    view: str, locked: tuple[Service, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, key, metrics = locked
    monkeypatch.setenv("CHURN_URL", service.address)
    monkeypatch.setenv("CHURN_METRICS_URL", metrics)
    without = opened(view)
    assert not without.exception
    assert "CHURN_API_KEY" in without.warning[0].value
    client.clear()
    monkeypatch.setenv("CHURN_API_KEY", key)
    app = opened(view)
    assert not app.exception
    assert not app.error
    assert not app.warning


def test_predict_shows_the_answer_of_the_service_and_what_would_be(service: Service) -> None:
    app = opened("predict")
    app.text_input(key="customer").set_value("P-1")
    app.number_input(key="feature days_since_last_activity").set_value(80.0)
    app.button[0].click().run()
    assert not app.exception
    stored = service.get("/history?customer_id=P-1")["predictions"]
    assert len(stored) == 1, "one click, one prediction: neither the what-if nor the next run adds one"
    assert app.metric[0].value == percentage(stored[0]["probability"])
    assert "within 30 days" in app.metric[0].label
    assert "outside of what the model has seen" in texts(app)
    now = app.metric[1].value
    app.slider[0].set_value(app.slider[0].max).run()
    assert not app.exception
    assert app.metric[1].value != now
    assert len(service.get("/history?customer_id=P-1")["predictions"]) == 1


def test_an_unknown_customer_number_is_a_message() -> None:
    app = opened("predict")
    app.text_input(key="known customer").set_value("nobody")
    app.button[1].click().run()
    assert not app.exception
    assert "No features are stored" in texts(app)


def test_a_table_comes_back_with_scores_and_nothing_is_stored_unless_wanted(service: Service) -> None:
    model = service.get("/model")
    frame = table.read(b"customer_id,average_check,services_used\nT-1,40,2\nT-2,,1\n")
    scores = table.score(Client(service.address), frame, model["features"], record=False)
    assert list(scores["customer_id"]) == ["T-1", "T-2"]
    assert scores["probability"].between(0, 1).all()
    assert service.get("/history?customer_id=T-1")["predictions"] == []
    known = table.score(Client(service.address), frame.assign(churn="yes"), model["features"], record=False)
    assert list(known["churn (given)"]) == ["yes", "yes"]
    assert list(known["churn"]) == list(scores["churn"])
    table.score(Client(service.address), frame, model["features"], record=True)
    assert len(service.get("/history?customer_id=T-1")["predictions"]) == 1


def test_a_fault_in_a_table_is_told_by_its_line_and_leaves_nothing(service: Service) -> None:
    model = service.get("/model")
    lines = [f"F-{number},{number}" for number in range(1200)]
    lines[1100] = "F-1100,many"
    frame = table.read("\n".join(["customer_id,services_used", *lines]).encode())
    with pytest.raises(table.TableError, match=r"line 1102, `services_used`"):
        table.score(Client(service.address), frame, model["features"], record=True)
    assert service.get("/history?customer_id=F-1")["predictions"] == []


def test_a_summary_puts_together_what_two_answers_counted_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def step(to: str, count: int | None, churned: int | None, mean: float | None, complete: bool) -> dict[str, object]:
        share = churned / count if count else None
        return {
            **{"to": to, "count": count, "churned": churned, "churn_share": share, "mean_probability": mean},
            "complete": complete,
        }

    answers = [
        {
            "complete": False,
            "counted_from": "b",
            "steps": [step("1", None, None, None, False), step("2", 3, 1, 0.2, False)],
        },
        {"complete": True, "counted_from": "a", "steps": [step("1", 0, 0, None, True), step("b", 1, 1, 0.6, True)]},
    ]
    asked = []

    def answer(_self: Client, _method: str, _path: str, filters: dict[str, str]) -> dict[str, object]:
        asked.append(filters["to"])
        return {"from": "a", "to": filters["to"], **deepcopy(answers[len(asked) - 1])}

    monkeypatch.setattr(Client, "_json", answer)
    steps = Client().summary(**{"from": "a", "to": "2"}, step="1h")["steps"]
    assert asked == ["2", "b"]
    assert steps == [step("1", 0, 0, None, True), step("2", 4, 2, pytest.approx(0.3), True)]
    # Half a step is no step: without the second answer there are no figures.
    asked.clear()
    answers[0]["counted_from"] = "2"
    assert [part["count"] for part in Client().summary(**{"from": "a", "to": "2"}, step="1h")["steps"]] == [None, None]


def test_history_filters_and_pages(service: Service) -> None:
    customers = [{"customer_id": "H-1", "features": {"services_used": number % 5}} for number in range(120)]
    service.post("/predict", {"instances": customers})
    app = opened("history")
    app.text_input(key="history customer").set_value("H-1").run()
    assert len(app.dataframe[0].value) == 100
    assert set(app.dataframe[0].value["customer"]) == {"H-1"}
    older = next(button for button in app.button if button.label == "Older")
    older.click().run()
    assert len(app.dataframe[0].value) == 20
    app.text_input(key="history customer").set_value("nobody").run()
    assert not app.exception
    assert "Nothing fits" in texts(app)


def test_a_history_of_minutes_is_seen_minute_by_minute_at_the_times_of_the_table(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.post("/predict", {"customer_id": "H-3", "features": {"services_used": 2}})
    asked = []
    summary = Client.summary

    def remembered(client: Client, **filters: str) -> dict[str, object]:
        asked.append(filters["step"])
        return summary(client, **filters)

    monkeypatch.setattr(Client, "summary", remembered)
    app = opened("history")
    assert not app.exception
    assert asked == ["1h", "1m"]
    (chart,) = app.get("vega_lite_chart")
    assert json.loads(chart.proto.spec)["encoding"]["x"]["scale"]["type"] == "utc"
    assert "when" in app.dataframe[0].value


def test_a_history_that_the_service_does_not_count_has_a_chart_of_what_is_seen(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.post("/predict", {"customer_id": "H-2", "features": {"services_used": 2}})
    uncounted = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T01:00:00Z", "count": None, "churn_share": None}
    monkeypatch.setattr(Client, "summary", lambda *_, **__: {"steps": [uncounted]})
    app = opened("history")
    assert not app.exception
    (chart,) = app.get("vega_lite_chart")
    assert '"domain"' in chart.proto.spec
    assert "2026-01-01" not in chart.proto.spec


def test_before_there_is_anything_each_page_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / "nothing-yet"
    home.mkdir()
    with Service(home, model=False) as empty:
        empty.wait_until_a_model_is_missing()
        monkeypatch.setenv("CHURN_URL", empty.address)
        said = {view: opened(view) for view in VIEWS}
    assert not any(app.exception for app in said.values())
    for view in ("at_risk", "predict", "history", "model"):
        assert texts(said[view]).count("churn train") == 1, view
    assert "Make the first prediction" in texts(said["history"])
    assert "none is loaded yet" in texts(said["service"])


def test_nobody_scored_yet_says_what_to_do() -> None:
    assert "churn score" in texts(opened("at_risk"))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_at_risk_lists_who_is_about_to_leave_and_why(
    language: str, company: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURN_URL", company.address)
    app = opened("at_risk", language)
    assert not app.exception
    high = app.dataframe[0].value
    assert int(app.metric[0].value.replace(",", "").replace("\u00a0", "")) == len(high) > 0
    assert high["probability"].is_monotonic_decreasing
    assert high["why"].str.contains("usually" if language == "en" else "обычно").all()
    first = company.get("/customers?limit=1")["customers"][0]
    assert high["customer"][0] == first["customer_id"]

    if language == "ru":
        return  # AppTest looks its choices up in English
    app.selectbox(key="order").set_value("expected_loss").run()
    assert app.dataframe[0].value["loss"].is_monotonic_decreasing
    app.segmented_control(key="risk").set_value("all").run()
    everybody = app.dataframe[0].value
    assert len(everybody) > len(high)
    assert not app.exception


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_customer_has_scores_over_time_and_events(
    language: str, company: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURN_URL", company.address)
    customer = company.get("/customers?limit=1")["customers"][0]["customer_id"]
    app = opened("at_risk", language, **{"look up": customer})
    assert not app.exception
    assert not app.error
    scores, events = app.dataframe[1].value, app.dataframe[2].value
    assert len(scores) == len(company.get(f"/history?customer_id={customer}")["predictions"])
    assert len(events) == len(company.get(f"/customers/{customer}/events?limit=1000")["events"]) > 0
    times = events["When (UTC)" if language == "en" else "Когда (UTC)"]
    assert times.is_monotonic_decreasing
    kinds = {"en": {"purchase", "usage", "signup"}, "ru": {"покупка", "использование", "регистрация"}}
    assert set(events["What" if language == "en" else "Что"]) <= kinds[language]

    app = opened("at_risk", language, **{"look up": "nobody/at all"})
    assert not app.exception
    assert not app.error
    assert "nobody/at all" in texts(app)
    assert ("No events" if language == "en" else "событий этого клиента нет") in texts(app)


def test_a_customer_number_alone_is_enough_once_its_features_are_known(
    company: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURN_URL", company.address)
    customer = company.get("/customers?limit=1")["customers"][0]
    app = opened("predict")
    app.text_input(key="known customer").set_value(customer["customer_id"])
    app.button[1].click().run()
    assert not app.exception
    assert app.metric[0].value == percentage(customer["probability"])


def test_model_shows_quality_curves_thresholds_and_versions(service: Service) -> None:
    app = opened("model")
    quality = service.get("/model")["quality"]
    assert app.metric[0].value == percentage(quality["auc"])
    assert len(app.dataframe[0].value) == 99
    assert len(app.dataframe[1].value) == len(service.get("/model")["features"])
    assert app.dataframe[2].value["State"].tolist() == ["champion"]


def test_service_shows_readiness_and_the_latency_of_now(service: Service) -> None:
    app = opened("service")
    assert app.success[0].value == "Ready"
    assert values_of(app)["PostgreSQL"] == "answers"
    assert values_of(app)["Median of /predict"] == "–", "one look is no time"
    service.post("/predict", {"customer_id": "S-1", "features": {"services_used": 2}})
    values = values_of(app.run())
    assert not app.exception
    assert values["Median of /predict"].endswith("ms")
    assert values["p99 of /predict"].endswith("ms")
    assert values["Errors (5xx)"] == "0\u00a0%"


def values_of(app: AppTest) -> dict[str, str]:
    """The numbers that a page shows large, by their titles."""
    return {metric.label: metric.value for metric in app.metric}


def test_quantiles_are_those_of_prometheus() -> None:
    counts = {"1": 10, "2": 20, "+Inf": 20}
    text = "\n".join(f'd_bucket{{route="/predict",le="{bound}"}} {count}' for bound, count in counts.items())
    samples = exposition.read(text)
    assert exposition.quantile(samples, "d", 0.75, route="/predict") == 1.5
    assert exposition.quantile(samples, "d", 0.5, before=samples, route="/predict") is None
