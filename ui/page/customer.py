"""One customer: what was said over time, from what values, and what the customer did."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from .charts import done, past
from .client import JSON
from .parts import horizon, service, told
from .words import day, known, rounded, say, title_of

#: How far back events are looked for: the service reads fewer of them the shorter that is.
DAYS = 365
#: As many as one looks through; the chart is of the same ones.
EVENTS_MAX = 1000
SCORES_MAX = 200
#: How many lines of events are seen without scrolling.
LINES_MAX = 8


def show(customer: str, as_of: str, model: JSON) -> None:
    """The whole part of the page."""
    st.subheader(say("past of", customer=customer))
    with told():
        scores(customer, model)
    with told():
        events(customer, as_of)


def scores(customer: str, model: JSON) -> None:
    """The probability over time with the threshold of now, and the values behind it."""
    rows = service().history(customer_id=customer, limit=SCORES_MAX)["predictions"]
    if not rows:
        st.info(say("no past"))
        return
    frame = pd.DataFrame(
        {"time": pd.to_datetime(row["as_of"] or row["created_at"], utc=True), "probability": row["probability"]}
        for row in rows
    )
    within = horizon(rows[0]["horizon_days"])
    st.markdown(f"**{say('score over time', horizon=within)}**")
    st.altair_chart(past(frame, model["threshold"]["value"], within), width="stretch")
    titles = {feature["name"]: title_of(feature) for feature in model["features"]}
    shown = pd.DataFrame(
        {
            say("when"): day(row["as_of"] or row["created_at"]),
            say("probability within", horizon=within): row["probability"],
            **{titles.get(name, name): rounded(value) for name, value in row["features"].items()},
        }
        for row in rows[:20]
    )
    config = {say("probability within", horizon=within): st.column_config.NumberColumn(format="percent")}
    st.dataframe(shown, hide_index=True, width="stretch", column_config=config, placeholder="–")


def events(customer: str, as_of: str) -> None:
    """What the customer did in the year before a day and since."""
    since = (date.fromisoformat(day(as_of)) - timedelta(days=DAYS)).isoformat()
    page = service().events(customer, **{"from": since}, limit=EVENTS_MAX)
    st.markdown(f"**{say('events')}**")
    if not page["events"]:
        st.info(say("no events", day=since))
        return
    frame = pd.DataFrame(page["events"])
    frame["time"] = pd.to_datetime(frame["occurred_at"], utc=True, format="ISO8601")
    frame["kind"] = frame["kind"].map(lambda kind: known("kind", kind))
    st.altair_chart(done(frame, (since, day(as_of))), width="stretch")
    shown = {"time": say("when"), "kind": say("kind"), "service": say("event service"), "amount": say("amount")}
    config = {
        say("when"): st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
        say("amount"): st.column_config.NumberColumn(format="%.2f"),
    }
    table = frame[list(shown)].rename(columns=shown)
    height = min(LINES_MAX, len(table)) * 35 + 38  # of a line and of the head, in pixels
    st.dataframe(table, hide_index=True, width="stretch", height=height, column_config=config, placeholder="–")
    first = since if page["next_cursor"] is None else day(str(frame["time"].min()))
    st.caption(say("events shown", count=len(frame), day=first))
