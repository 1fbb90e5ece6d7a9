"""*Predict*: one customer by values or by number, a whole table, and what would be if."""

from math import floor, log10

import pandas as pd
import streamlit as st
from page import table, what_if
from page.charts import contributions
from page.client import JSON
from page.parts import heading, horizon, risk_badge, service, told
from page.words import number, percent, say, title_of


def field(feature: JSON) -> object:
    """One input of the form, with the unit and the usual range that the model tells."""
    title, key = title_of(feature, unit=True), f"feature {feature['name']}"
    if feature["type"] != "number":
        return st.selectbox(title, feature["levels"], key=key)
    usual = {name: number(feature[name], 1) for name in ("p01", "p99", "median")}
    return st.number_input(
        title,
        value=round(float(feature["median"] or 0), 2),
        step=step(feature),
        format="%.4g",
        help=say("usual range", low=usual["p01"], high=usual["p99"], median=usual["median"]),
        key=key,
    )


def step(feature: JSON) -> float:
    """A power of ten that goes through the usual range in some dozens of clicks."""
    width = (feature["p99"] or 0) - (feature["p01"] or 0)
    return 10.0 ** floor(log10(width / 10)) if width > 0 else 1.0


def enter(model: JSON) -> None:
    """A form made from the model's features."""
    with st.form("values", border=True):
        columns = st.columns(2)
        customer = columns[0].text_input(say("customer number"), "C-17", key="customer")
        values = {}
        for index, feature in enumerate(model["features"]):
            with columns[(index + 1) % 2]:
                values[feature["name"]] = field(feature)
        asked = st.form_submit_button(say("ask"), type="primary")
    if asked:
        st.session_state.prediction = None
        with told():
            st.session_state.prediction = service().predict({"customer_id": customer, "features": values})
    if st.session_state.get("prediction"):
        result(st.session_state.prediction, model)


def by_number(model: JSON) -> None:
    """A customer whose features the service has."""
    with st.form("number", border=True):
        customer = st.text_input(say("customer number"), key="known customer", help=say("only stored"))
        stale = st.checkbox(say("allow stale"), key="allow stale")
        asked = st.form_submit_button(say("ask"), type="primary")
    if asked:
        st.session_state.known = None
        with told():
            st.session_state.known = service().predict({"customer_id": customer}, allow_stale=stale)
    if st.session_state.get("known"):
        result(st.session_state.known, model, place="known")


def result(prediction: JSON, model: JSON, place: str = "entered") -> None:
    """The answer: how likely, within what time, what was decided, and why."""
    features = {feature["name"]: feature for feature in model["features"]}
    left, right = st.columns([1, 2])
    with left:
        title = say("probability within", horizon=horizon(prediction["horizon_days"]))
        st.metric(title, percent(prediction["probability"]))
        risk_badge(prediction["risk"])
        decision = "decision churn" if prediction["churn"] else "decision stay"
        st.markdown(say(decision, threshold=percent(prediction["threshold"])))
        st.caption(say("stored", id=prediction["prediction_id"]))
    with right:
        st.markdown(f"**{say('contributions')}**")
        st.altair_chart(contributions(prediction, features), width="stretch")
    for warning in prediction["warnings"]:
        words = "default used" if warning["code"] == "default-used" else "unseen level"
        st.warning(say(words, title=title_of(features[warning["feature"]])))
    for part in prediction["contributions"]:
        outside(features[part["feature"]], part["value"])
    what_if.show(prediction, model, place)


def outside(feature: JSON, value: object) -> None:
    """A warning where the model has to guess beyond what it has seen."""
    if feature["type"] != "number" or value is None or feature["min"] is None:
        return
    if not feature["min"] <= float(value) <= feature["max"]:
        low, high = number(feature["min"], 1), number(feature["max"], 1)
        st.warning(say("outside", title=title_of(feature), low=low, high=high))


def upload(model: JSON) -> None:
    """A table in, the table with scores out."""
    names = ", ".join(f"`{feature['name']}`" for feature in model["features"])
    st.markdown(say("columns needed", columns=names))
    record = st.checkbox(say("store them"), value=False, key="store table")
    file = st.file_uploader("CSV", type=["csv"], key="table")
    if file is None:
        return
    try:
        with told():
            # Kept, so that a look at another tab does not store the table once more.
            key = (file.file_id, record)
            if st.session_state.get("scored table", (None,))[0] != key:
                frame = table.read(file.getvalue())
                st.session_state["scored table"] = (key, table.score(service(), frame, model["features"], record))
            scores = st.session_state["scored table"][1]
            shown(scores, file.name)
    except table.TableError as error:
        st.error(str(error))


def shown(scores: pd.DataFrame, name: str) -> None:
    """The scored table, to look at, what is new first, and to take away: the file keeps order, names and words."""
    st.markdown(f"**{say('rows', count=len(scores))}**")
    seen = scores.assign(
        churn=scores["churn"].map(lambda churn: say("churn" if churn else "stay")),
        risk=scores["risk"].map(lambda risk: say(f"risk {risk}")),
    )
    answers = ["customer_id", "probability", "horizon_days", "churn", "risk", "reasons"]
    seen = seen[[*answers, *(name for name in seen.columns if name not in answers)]]
    config = {
        "customer_id": st.column_config.TextColumn(pinned=True),
        "probability": st.column_config.ProgressColumn(say("probability"), min_value=0, max_value=1, format="percent"),
        "churn": say("decision"),
        "risk": say("risk"),
        "threshold": st.column_config.NumberColumn(say("threshold"), format="percent"),
        "horizon_days": say("within days", days="N"),
        "model": say("model"),
        "reasons": st.column_config.TextColumn(say("why"), width="medium"),
    }
    st.dataframe(seen, hide_index=True, width="stretch", column_config=config, placeholder="–")
    text = scores.to_csv(index=False)
    st.download_button(say("download"), text, file_name=f"scores-{name}", mime="text/csv", on_click="ignore")


def main() -> None:
    """The whole page."""
    model = heading("predict")
    if model is None:
        return
    entered, known, many = st.tabs([say("enter"), say("by number"), say("upload")])
    with entered:
        enter(model)
    with known:
        by_number(model)
    with many:
        upload(model)


with told():
    main()
