"""*Service*: is it well. From /health/ready and /metrics, a look every five seconds."""

import time

import pandas as pd
import streamlit as st
from page import exposition
from page.charts import rates
from page.parts import heading, service, told
from page.words import number, percent, quoted, say

LOOKS_MAX = 120
REQUESTS = "churn_http_requests_total"
ASKED = r"(?!/health/|/metrics).*"


def look() -> None:
    """Remembers what the service counted at this moment; one that was started anew counts from nothing."""
    looks = st.session_state.setdefault("looks", [])
    samples = exposition.read(service().metrics())
    if looks and exposition.total(samples, REQUESTS) < exposition.total(looks[-1][1], REQUESTS):
        looks.clear()
    looks.append((time.time(), samples))
    del looks[:-LOOKS_MAX]


def rate(name: str, index: int, **labels: str) -> float | None:
    """How much a counter grew a second up to this look; nothing for the first."""
    looks = st.session_state.looks
    if index == 0:
        return None
    (before, old), (now, new) = looks[index - 1], looks[index]
    grown = exposition.total(new, name, **labels) - exposition.total(old, name, **labels)
    return grown / max(now - before, 1e-3)


def readiness() -> None:
    """Ready, or what is missing."""
    answer = service().ready()
    if answer["status"] == "ready":
        st.success(say("is ready"), icon=":material/check_circle:")
    else:
        reasons = [reason.partition(": ") for reason in answer["reasons"]]
        lines = [f"- {quoted('check', check, detail, otherwise='unable')}" for check, _, detail in reasons]
        st.error("\n".join([f"**{say('is not ready')}**", "", *lines]))


def milliseconds(seconds: float | None) -> str:
    """A duration that a person can read."""
    return "–" if seconds is None else say("milliseconds", value=number(seconds * 1000, 2))


def numbers() -> None:
    """The numbers of now; shares and durations are those of all that is remembered, which the first look is not yet."""
    last = len(st.session_state.looks) - 1
    samples, first_samples = st.session_state.looks[last][1], st.session_state.looks[0][1]
    requests, failed = (
        exposition.total(samples, REQUESTS, **asked) - exposition.total(first_samples, REQUESTS, **asked)
        for asked in ({"route": ASKED}, {"route": ASKED, "code": "5.."})
    )
    median, p99 = (
        exposition.quantile(samples, "churn_http_request_duration_seconds", q, first_samples, route="/predict")
        for q in (0.5, 0.99)
    )
    up = exposition.total(samples, "churn_postgres_up") > 0
    first, second = st.columns(4), st.columns(4)
    first[0].metric(say("requests rate"), number(rate(REQUESTS, last, route=ASKED), 1))
    first[1].metric(say("predictions rate"), number(rate("churn_predictions_total", last), 1))
    first[2].metric(say("errors"), percent(failed / requests if requests else None))
    first[3].metric(say("postgres"), say("postgres up" if up else "postgres down"))
    second[0].metric(say("median"), milliseconds(median))
    second[1].metric(say("p99"), milliseconds(p99))
    memory = exposition.total(samples, "process_resident_memory_bytes") / (1 << 20)
    second[2].metric(say("memory"), say("mebibytes", value=number(memory, 0)))


def charts() -> None:
    """Rates since the page was opened; a line needs two of them, so three looks."""
    looks = st.session_state.looks
    if len(looks) >= 3:
        counters = {"requests rate": (REQUESTS, {"route": ASKED})}
        counters["predictions rate"] = ("churn_predictions_total", {})
        frame = pd.DataFrame(
            {"time": pd.to_datetime(looks[index][0], unit="s", utc=True), "what": say(what), "rate": value}
            for what, (name, labels) in counters.items()
            for index in range(1, len(looks))
            if (value := rate(name, index, **labels)) is not None
        )
        st.altair_chart(rates(frame), width="stretch")
    st.caption(say("since", count=len(looks)))


def tables() -> None:
    """What was answered, what was logged."""
    samples = st.session_state.looks[-1][1]
    left, right = st.columns(2)
    left.markdown(f"**{say('statuses')}**")
    answers = [
        {say("route"): labels["route"], say("code"): labels["code"], say("how many"): int(value)}
        for labels, value in samples.get(REQUESTS, [])
    ]
    left.dataframe(answers, hide_index=True, width="stretch")
    right.markdown(f"**{say('log lines')}**")
    lines = [
        {say("level"): labels["level"], say("how many"): int(value)}
        for labels, value in samples.get("churn_log_lines_total", [])
        if value
    ]
    right.dataframe(lines, hide_index=True, width="stretch")


@st.fragment(run_every=5)
def live() -> None:
    """What changes while one looks."""
    with told():
        readiness()
        look()
        numbers()
        charts()
        tables()


with told():
    heading("service")
    live()
