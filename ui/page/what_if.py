"""What would be said if one value were another: asked without storing anything."""

import pandas as pd
import streamlit as st

from .charts import what_if
from .client import JSON
from .parts import horizon, service, told
from .words import number, percent, say, title_of

#: Enough points for a smooth curve in one request.
POINTS = 41


def show(prediction: JSON, model: JSON, place: str) -> None:
    """A slider over one feature, the answer at its value, and the curve over its usual range.

    `place` tells this one from the one on another tab.
    """
    values = {part["feature"]: part["value"] for part in prediction["contributions"]}
    able = [f for f in model["features"] if f["type"] == "number" and spread(f) and values.get(f["name"]) is not None]
    if not able:
        return
    st.subheader(say("what if"))
    st.caption(say("what if help"))
    names = {feature["name"]: feature for feature in able}
    chosen = st.selectbox(say("vary"), list(names), format_func=lambda name: title_of(names[name]), key=f"vary {place}")
    feature, now = names[chosen], float(values[chosen])
    low, high = min(feature["p01"], now), max(feature["p99"], now)
    value = st.slider(title_of(feature, unit=True), float(low), float(high), now, key=f"what if {place} {chosen} {now}")
    with told():
        curve(prediction, values, feature, (low, high), (now, value))


def spread(feature: JSON) -> bool:
    """Whether a feature has a range to move in."""
    return feature["p01"] is not None and feature["p99"] > feature["p01"]


def curve(
    prediction: JSON, values: JSON, feature: JSON, ends: tuple[float, float], chosen: tuple[float, float]
) -> None:
    """The number at the slider and the line around it, from one request."""
    (low, high), (now, value) = ends, chosen
    points = [value, *(low + (high - low) * step / (POINTS - 1) for step in range(POINTS))]
    known = {name: one for name, one in values.items() if one is not None}
    customer = prediction["customer_id"]
    every = [{"customer_id": customer, "features": {**known, feature["name"]: point}} for point in points]
    answers = service().predict({"instances": every}, record=False)["predictions"]
    probabilities = [answer["probability"] for answer in answers]
    left, right = st.columns([1, 2])
    change = probabilities[0] - prediction["probability"]
    left.metric(
        say("would be", horizon=horizon(prediction["horizon_days"])),
        percent(probabilities[0]),
        f"{'+' if change > 0 else ''}{number(change * 100, 1)}\u00a0%" if change else None,
        delta_color="inverse",
    )
    frame = pd.DataFrame({"value": points[1:], "probability": probabilities[1:]})
    right.altair_chart(what_if(frame, title_of(feature, unit=True), prediction["threshold"], now), width="stretch")
