"""*History*: what was said, when, of whom."""

from datetime import UTC, datetime, time, timedelta

import pandas as pd
import streamlit as st
from page.charts import over_time
from page.client import JSON
from page.parts import heading, service, told
from page.words import known, number, rounded, say, title_of

PAGE_ROWS = 100
#: The newest of them: as many as the service gives in one answer.
FILE_ROWS = 1000
#: As everywhere on the page.
DAY = "YYYY-MM-DD"
DECISIONS = {"all": None, "churn": "true", "stay": "false"}


def filters() -> JSON:
    """What is asked for; the service looks, not the page."""
    columns = st.columns([2, 1, 1, 1], vertical_alignment="bottom")
    customer = columns[0].text_input(say("customer number"), key="history customer")
    first = columns[1].date_input(say("from"), None, key="history from", format=DAY)
    last = columns[2].date_input(say("to"), None, key="history to", format=DAY)
    decision = columns[3].selectbox(say("decision"), list(DECISIONS), format_func=say, key="history decision")
    return {
        "customer_id": customer.strip(),
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
        "churn": DECISIONS[decision],
    }


def chart(chosen: JSON, rows: list[JSON]) -> None:
    """Counts and shares by time: of the whole period, or, where some customers only are asked for, of this page."""
    some = chosen["customer_id"] or chosen["churn"]
    if points := [] if some else whole(chosen, rows):
        frame = pd.DataFrame(points).rename(columns={"from": "time", "to": "end"})
    else:
        frame = pd.DataFrame(rows)[["created_at", "churn"]]
        frame["time"] = pd.to_datetime(frame["created_at"], utc=True).dt.floor("min")
        frame = frame.groupby("time", as_index=False).agg(count=("churn", "size"), churn_share=("churn", "mean"))
        frame["end"] = frame["time"] + pd.Timedelta(minutes=1)
    st.markdown(f"**{say('per day')}**")
    st.altair_chart(over_time(frame), width="stretch")


def whole(chosen: JSON, rows: list[JSON]) -> list[JSON]:
    """The counts of the period that is asked for; without a beginning of a day at least, or of what there is of it."""
    now = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    last = chosen["to"] or written(now)
    if chosen["from"]:
        return counted(chosen["from"], last)
    first = min(written(instant(last) - timedelta(days=1)), *(row["created_at"] for row in rows))
    points = counted(first, last)
    if points and step(points[0]["from"], last) != step(first, last):
        return counted(points[0]["from"], last)
    return points


def counted(first: str, last: str) -> list[JSON]:
    """The steps of a period; one in which nothing was said has no bar, nor has one that the service did not count."""
    steps = service().summary(**{"from": first, "to": last}, step=step(first, last))["steps"]
    return [one for one in steps if one["count"]]


def written(moment: datetime) -> str:
    """A moment as the service has it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """A moment that the service or a filter names; a date is its midnight."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else datetime.combine(moment, time(), UTC)


def step(first: str, last: str) -> str:
    """How long a bar is, so that there are some dozens."""
    length = instant(last) - instant(first)
    if length < timedelta(hours=3):
        return "1m"
    return "1h" if length < timedelta(days=4) else f"{1 + length.days // 400}d"


def table(rows: list[JSON], titles: dict[str, str]) -> None:
    """The rows of one page; the model in force says what values are called."""
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(row["created_at"], utc=True),
            "customer": row["customer_id"],
            "probability": row["probability"],
            "days": row["horizon_days"],
            "decision": say("churn" if row["churn"] else "stay"),
            "risk": say(f"risk {row['risk']}"),
            "model": row["model"],
            "source": known("source", row["source"]),
            **{titles.get(name, name): rounded(value) for name, value in row["features"].items()},
        }
        for row in rows
    )
    config = {
        "when": st.column_config.DatetimeColumn(say("when"), format="YYYY-MM-DD HH:mm:ss"),
        "customer": st.column_config.TextColumn(say("customer")),
        "probability": st.column_config.ProgressColumn(say("probability"), min_value=0, max_value=1, format="percent"),
        "decision": st.column_config.TextColumn(say("decision")),
        "risk": st.column_config.TextColumn(say("risk")),
        "days": st.column_config.NumberColumn(say("within days", days="N")),
        "model": st.column_config.TextColumn(say("model")),
        "source": st.column_config.TextColumn(say("source")),
    }
    st.dataframe(frame, hide_index=True, width="stretch", column_config=config, placeholder="–")


def main() -> None:
    """The whole page."""
    model = heading("history")
    chosen = filters()
    # A page of one question is nowhere in another.
    if st.session_state.get("history filters") != chosen:
        st.session_state["history filters"], st.session_state.history_cursor = chosen, None
    answer = service().history(**chosen, limit=PAGE_ROWS, cursor=st.session_state.history_cursor)
    rows = answer["predictions"]
    if not rows:
        st.info(say("no match" if any(chosen.values()) else "no history"), icon=":material/history:")
        return
    chart(chosen, rows)
    table(rows, {feature["name"]: title_of(feature) for feature in (model or {"features": []})["features"]})
    st.caption(say("shown", count=len(rows)))
    buttons = st.columns([1, 1, 4])
    if buttons[0].button(say("first page"), disabled=st.session_state.history_cursor is None, width="stretch"):
        st.session_state.history_cursor = None
        st.rerun()
    if buttons[1].button(say("next page"), disabled=answer["next_cursor"] is None, width="stretch"):
        st.session_state.history_cursor = answer["next_cursor"]
        st.rerun()
    buttons[2].download_button(
        say("download newest", limit=number(FILE_ROWS, 0)),
        service().history_csv(**chosen, limit=FILE_ROWS),
        file_name="history.csv",
        mime="text/csv",
        on_click="ignore",
    )


with told():
    main()
