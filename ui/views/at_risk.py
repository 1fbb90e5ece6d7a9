"""*At risk*: the manager's first question, who is about to leave, and why."""

import pandas as pd
import streamlit as st
from page import customer, run
from page.client import JSON
from page.parts import heading, horizon, service, told
from page.words import day, number, say, title_of

ALL = "all"
RISKS = ["high", "medium", "low", ALL]
#: In pixels: what the other columns leave on a desk, and three lines of text, which hold three reasons there.
WHY_WIDTH, LINE_HEIGHT = 310, 68
#: How many customers are seen without scrolling.
LINES = 7


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


def reasons(row: JSON, features: dict[str, JSON]) -> str:
    """What speaks for leaving; of somebody who stays, what there is."""
    parts = [part for part in row["reasons"] if part["contribution"] > 0] or row["reasons"]
    return " ".join(reason(part, features) for part in parts)


def numbers(summary: JSON) -> None:
    """At risk now, how that changed, what it may cost."""
    columns = st.columns(3)
    columns[0].metric(
        say("at risk now"), number(summary["high"], 0), change(summary["high_change"]), delta_color="inverse"
    )
    columns[1].metric(
        say("expected loss"),
        number(summary["expected_loss"], 0),
        change(summary["expected_loss_change"]),
        delta_color="inverse",
        help=say("expected loss help"),
    )
    columns[2].metric(say("scored"), number(summary["customers"], 0))


def change(value: float | None) -> str | None:
    """How much more than in the run before."""
    return None if value is None else f"{'+' if value > 0 else ''}{number(value, 0)} {say('change')}"


def points(row: JSON) -> float | None:
    """How much more likely than in the run before, in points of a hundred."""
    before = row["previous_probability"]
    return None if before is None else 100 * (row["probability"] - before)


def table(rows: list[JSON], features: dict[str, JSON]) -> pd.DataFrame:
    """The customers as a call list."""
    return pd.DataFrame(
        {
            "customer": row["customer_id"],
            "probability": row["probability"],
            "change": points(row),
            "risk": say(f"risk {row['risk']}"),
            "loss": row["expected_loss"],
            "days": row["days_since_last_activity"],
            "why": reasons(row, features),
        }
        for row in rows
    )


def columns(days: int | None, risk: str) -> JSON:
    """How the table shows its columns; where all are of one risk, that is not said in every line."""
    return {
        "customer": st.column_config.TextColumn(say("customer"), pinned=True),
        "probability": st.column_config.ProgressColumn(
            say("probability within", horizon=horizon(days)), min_value=0, max_value=1, format="percent"
        ),
        "change": st.column_config.NumberColumn(say("change column"), format="%+.1f", help=say("change help")),
        "risk": st.column_config.TextColumn(say("risk")) if risk == ALL else None,
        "loss": st.column_config.NumberColumn(say("expected loss"), format="%.0f", help=say("expected loss help")),
        "days": st.column_config.NumberColumn(say("silent days"), format="%.0f"),
        "why": st.column_config.TextColumn(say("why"), width=WHY_WIDTH),
    }


def choices() -> tuple[str, str]:
    """In which order, and of which risk."""
    left, right = st.columns(2)
    order = left.selectbox(
        say("order"), ["probability", "expected_loss"], format_func=lambda name: say(f"order {name}"), key="order"
    )
    risk = right.segmented_control(
        say("show risk"),
        RISKS,
        default="high",
        required=True,
        key="risk",
        format_func=lambda name: say("all") if name == ALL else say(f"risk {name}"),
    )
    return order, risk


def main() -> None:
    """The whole page."""
    model = heading("at risk")
    if model is None:
        return
    latest = service().customers(as_of="latest", limit=1)
    if latest["as_of"] is None:
        st.info(say("no run"), icon=":material/schedule:")
        return
    if latest["model"] != model["version"]:  # promoted after the run
        model = service().model_file(latest["model"])["file"]
    features = {feature["name"]: feature for feature in model["features"]}
    st.markdown(say("as of", day=day(latest["as_of"]), version=latest["model"]))
    if latest["summary"]:
        numbers(latest["summary"])
    order, risk = choices()
    rows = run.customers(service().address, latest["as_of"], latest["model"], order, None if risk == ALL else risk)
    if not rows:
        st.info(say("no match"))
        return
    frame = table(rows, features)
    chosen = st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=LINES * LINE_HEIGHT + 38,  # of the head, in pixels
        row_height=LINE_HEIGHT,
        column_config=columns(latest["horizon_days"], risk),
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key=f"at risk {order} {risk}",
    )
    name = f"at-risk-{day(latest['as_of'])}.csv"
    st.download_button(say("download"), frame.to_csv(index=False), file_name=name, mime="text/csv", on_click="ignore")
    if len(rows) == run.CUSTOMERS_MAX:
        st.caption(say("not all", limit=number(run.CUSTOMERS_MAX, 0)))
    st.caption(say("pick"))
    asked = st.text_input(say("look up"), key="look up", help=say("look up help")).strip()
    selected = [rows[line]["customer_id"] for line in chosen.selection.rows]
    if one := asked or next(iter(selected), ""):
        customer.show(one, latest["as_of"], model)


with told():
    main()
