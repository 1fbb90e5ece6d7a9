"""*At risk*: the manager's first question, who is about to leave, and why."""

import pandas as pd
import streamlit as st
from page.charts import past
from page.client import JSON, ServiceError
from page.parts import heading, horizon, service, told
from page.words import day, number, say, title_of

PAGE_ROWS = 50


def reason(part: JSON, features: dict[str, JSON]) -> str:
    """One reason as a sentence: what is so about this customer, and what is usual."""
    feature = features.get(part["feature"])
    if feature is None:
        return str(part["feature"])
    title, value = title_of(feature), part["value"]
    if value is None:
        return say("reason missing", title=title)
    if feature["type"] != "number":
        return say("reason category", title=title, value=value)
    return say("reason number", title=title, value=number(value, 1), usual=number(feature["median"], 1))


def numbers(run: JSON) -> None:
    """At risk now, how that changed, what it may cost."""
    summary = run.get("summary") or {}
    cells = [(say("at risk now"), summary.get("high"), summary.get("high_change"), number)]
    if summary.get("expected_loss") is not None:
        cells.append((say("expected loss"), summary["expected_loss"], summary.get("expected_loss_change"), number))
    cells.append((say("scored"), summary.get("customers"), None, number))
    for column, (title, value, change, text) in zip(st.columns(len(cells)), cells, strict=True):
        delta = None if change is None else f"{'+' if change > 0 else ''}{text(change, 0)} {say('change')}"
        column.metric(title, text(value, 0), delta, delta_color="inverse")


def table(rows: list[JSON], features: dict[str, JSON], days: int | None) -> pd.DataFrame:
    """The customers of one page of the run."""
    return pd.DataFrame(
        {
            "customer": row["customer_id"],
            "probability": row["probability"],
            "change": None
            if row.get("previous_probability") is None
            else row["probability"] - row["previous_probability"],
            "risk": say(f"risk {row['risk']}"),
            "loss": row.get("expected_loss"),
            "days": row.get("days_since_last_activity"),
            "why": " · ".join(reason(part, features) for part in row.get("reasons", [])),
        }
        for row in rows
    )


def columns(days: int | None, with_loss: bool) -> JSON:
    """How the table shows its columns."""
    return {
        "customer": st.column_config.TextColumn(say("customer"), pinned=True),
        "probability": st.column_config.ProgressColumn(
            say("probability within", horizon=horizon(days)), min_value=0, max_value=1, format="percent"
        ),
        "change": st.column_config.NumberColumn(say("change column"), format="percent"),
        "risk": st.column_config.TextColumn(say("risk")),
        "loss": st.column_config.NumberColumn(say("expected loss"), format="%.0f") if with_loss else None,
        "days": st.column_config.NumberColumn(say("silent days"), format="%.0f"),
        "why": st.column_config.TextColumn(say("why"), width="large"),
    }


def customer_past(customer: str, threshold: float) -> None:
    """What was said of one customer before."""
    st.subheader(say("past of", customer=customer))
    rows = service().history(customer_id=customer, limit=200)["predictions"]
    if not rows:
        st.info(say("no past"))
        return
    frame = pd.DataFrame(
        {"time": pd.to_datetime(row["as_of"] or row["created_at"], utc=True), "probability": row["probability"]}
        for row in rows
    )
    st.altair_chart(past(frame, threshold), width="stretch")
    shown = [{say("when"): day(row["as_of"] or row["created_at"]), **row["features"]} for row in rows[:20]]
    st.dataframe(shown, hide_index=True, width="stretch")


def main() -> None:
    """The whole page."""
    model = heading("at risk")
    if model is None:
        return
    features = {feature["name"]: feature for feature in model["features"]}
    choices = st.columns([2, 2, 1], vertical_alignment="bottom")
    order = choices[0].selectbox(
        say("order"), ["probability", "expected_loss"], format_func=lambda name: say(f"order {name}"), key="order"
    )
    risk = choices[1].segmented_control(
        say("show risk"), ["high", "medium", "low"], default="high", key="risk", format_func=lambda r: say(f"risk {r}")
    )
    filters = {"as_of": "latest", "order": order, "risk": risk, "limit": PAGE_ROWS}
    # A page of one order is nowhere in another.
    if st.session_state.get("at_risk_filters") != (order, risk):
        st.session_state.at_risk_filters, st.session_state.at_risk_cursor = (order, risk), None
    try:
        run = service().customers(**filters, cursor=st.session_state.at_risk_cursor)
    except ServiceError as error:
        if error.status != 404:
            raise
        st.info(say("no run"), icon=":material/schedule:")
        return
    if run.get("as_of") is None:
        st.info(say("no run"), icon=":material/schedule:")
        return
    st.markdown(say("as of", day=day(run["as_of"])))
    numbers(run)
    rows = run["customers"]
    if not rows:
        st.info(say("no match"))
        return
    frame = table(rows, features, run.get("horizon_days"))
    with_loss = frame["loss"].notna().any()
    chosen = st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        column_config=columns(run.get("horizon_days"), bool(with_loss)),
        on_select="rerun",
        selection_mode="single-row",
        key="at_risk_table",
    )
    buttons = st.columns([1, 1, 4])
    if buttons[0].button(say("first page"), disabled=st.session_state.at_risk_cursor is None, width="stretch"):
        st.session_state.at_risk_cursor = None
        st.rerun()
    if buttons[1].button(say("next page"), disabled=run.get("next_cursor") is None, width="stretch"):
        st.session_state.at_risk_cursor = run["next_cursor"]
        st.rerun()
    buttons[2].download_button(
        say("download"),
        service().customers_csv(**{**filters, "limit": 1000}),
        file_name=f"at-risk-{day(run.get('as_of'))}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    selected = chosen.selection.rows
    if selected:
        customer_past(rows[selected[0]]["customer_id"], model["threshold"]["value"])
    else:
        st.caption(say("pick"))


with told():
    main()
