"""The charts of the pages: two colours that colour-blind people tell apart, and a name for those who do not see."""

from math import ceil
from typing import Any

import altair as alt
import pandas as pd

from .client import JSON
from .words import number, say, title_of

RAISES, LOWERS, PLAIN, FAINT = "#b3432b", "#2f6f9f", "#2f6f9f", "#9aa0a6"
HEIGHT = 280
#: A chart over time has room for so many bars at least.
BARS_MIN = 30


def contributions(prediction: JSON, features: dict[str, JSON]) -> alt.Chart:
    """One bar a feature: to the right it speaks for leaving, to the left against."""
    rows = [
        {
            "feature": f"{title_of(features[part['feature']])}: {shown(part['value'])}",
            "contribution": part["contribution"],
            "side": say("raises") if part["contribution"] > 0 else say("lowers"),
        }
        for part in prediction["contributions"]
    ]
    sides = alt.Scale(domain=[say("raises"), say("lowers")], range=[RAISES, LOWERS])
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            x=alt.X("contribution:Q", title=say("strength"), axis=alt.Axis(tickCount=6)),
            y=alt.Y("feature:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelOverlap=False)),
            color=alt.Color("side:N", scale=sides, legend=alt.Legend(title=None, orient="bottom", columns=1)),
            tooltip=["feature", alt.Tooltip("contribution:Q", format="+.3f")],
        )
        .properties(height=alt.Step(32), description=say("contributions"))
    )


def shown(value: object) -> str:
    """A value of a feature in a label."""
    return number(value) if isinstance(value, (int, float)) else "–" if value is None else str(value)


def line(frame: pd.DataFrame, x: str, y: str, titles: tuple[str, str], **more: Any) -> alt.Chart:
    """A line through points whose axes are shares."""
    axis = alt.Axis(format="%")
    return (
        alt.Chart(frame)
        .mark_line(color=PLAIN, point=more.pop("point", False))
        .encode(
            x=alt.X(f"{x}:Q", title=titles[0], axis=axis, scale=alt.Scale(domain=[0, 1])),
            y=alt.Y(f"{y}:Q", title=titles[1], axis=axis, scale=alt.Scale(domain=[0, 1])),
            tooltip=[alt.Tooltip(f"{x}:Q", format=".1%"), alt.Tooltip(f"{y}:Q", format=".1%")],
        )
        .properties(height=HEIGHT)
    )


def diagonal() -> alt.Chart:
    """Chance in a ROC curve, truth in a calibration curve."""
    return (
        alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]}))
        .mark_line(color=FAINT, strokeDash=[4, 4])
        .encode(x="x:Q", y="y:Q")
    )


def roc(points: list[list[float]]) -> alt.LayerChart:
    """Leavers found against stayers alarmed, for every threshold."""
    frame = pd.DataFrame(points, columns=["x", "y"])
    curve = diagonal() + line(frame, "x", "y", (say("false alarms"), say("found")))
    return curve.properties(description=say("roc"))


def precision_recall(points: list[list[float]]) -> alt.Chart:
    """How true alarms are, the more leavers are found."""
    # Where nobody is alarmed yet, no share of the alarms is true.
    frame = pd.DataFrame([point for point in points if point[0] > 0], columns=["recall", "precision"])
    curve = line(frame, "recall", "precision", (say("recall"), say("precision")))
    return curve.properties(description=say("pr"))


def calibration(bins: list[JSON]) -> alt.LayerChart:
    """Whether of those with 30 % three in ten left."""
    frame = pd.DataFrame([{"said": one["mean_probability"], "seen": one["churn_share"]} for one in bins])
    curve = diagonal() + line(frame, "said", "seen", (say("said"), say("seen")), point=True)
    return curve.properties(description=say("calibration"))


def what_if(frame: pd.DataFrame, name: str, threshold: float, now: float) -> alt.LayerChart:
    """The probability for every value of one feature, with the threshold and the value of now."""
    curve = (
        alt.Chart(frame)
        .mark_line(color=PLAIN)
        .encode(
            x=alt.X("value:Q", title=name),
            y=alt.Y(
                "probability:Q", title=say("probability"), axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
            ),
        )
    )
    limit = alt.Chart(pd.DataFrame({"y": [threshold]})).mark_rule(color=RAISES, strokeDash=[4, 4]).encode(y="y:Q")
    here = alt.Chart(pd.DataFrame({"x": [now]})).mark_rule(color=FAINT).encode(x="x:Q")
    return (curve + limit + here).properties(height=HEIGHT, description=f"{say('what if')}: {name}")


def by_time(field: str, axis: alt.Axis, **scale: Any) -> alt.X:
    """An axis of time: that of the tables beside it, wherever the visitor's clock is."""
    return alt.X(f"{field}:T", title="UTC", axis=axis, scale=alt.Scale(type="utc", **scale))


def moments(times: pd.Series, form: str = "%Y-%m-%d %H:%M") -> pd.Series:
    """Times as words, since a tooltip would tell those of the visitor's clock."""
    return pd.to_datetime(times, utc=True, format="ISO8601").dt.strftime(form)


def over_time(frame: pd.DataFrame) -> alt.Chart:
    """Counts as bars from `time` to `end` with the share that is said to leave as their colour."""
    first, last = (pd.to_datetime(frame[name], utc=True, format="ISO8601") for name in ("time", "end"))
    # The first minute of a service is a bar, not a wall.
    start = min(first.min(), last.max() - BARS_MIN * (last - first).max())
    domain = [start.isoformat(), last.max().isoformat()]
    return (
        alt.Chart(frame.assign(bottom=0, moment=moments(frame["time"])))
        .mark_rect()
        .encode(
            x=by_time(
                "time",
                alt.Axis(format=say("moment format"), labelOverlap=True, labelSeparation=16),
                domain=domain,
            ),
            x2="end:T",
            y=alt.Y("count:Q", title=say("count"), axis=alt.Axis(tickMinStep=1)),
            y2="bottom:Q",
            color=alt.Color(
                "churn_share:Q",
                title=say("share"),
                scale=alt.Scale(scheme="orangered", domain=[0, 1]),
                legend=alt.Legend(format="%", orient="bottom"),
            ),
            tooltip=["moment:N", "count:Q", alt.Tooltip("churn_share:Q", format=".1%")],
        )
        .properties(height=290, description=say("per day"))
    )


def by_days(count: int) -> alt.Axis:
    """An axis of so many days with at most a dozen ticks, none of them within a day."""
    ticks = alt.TimeIntervalStep(interval="day", step=ceil(count / 12))
    return alt.Axis(format=say("day format"), labelOverlap=True, tickCount=ticks)


def past(frame: pd.DataFrame, threshold: float, within: str) -> alt.LayerChart:
    """One customer's probability over time."""
    days = max(1, (frame["time"].max() - frame["time"].min()).days)
    scores = (
        alt.Chart(frame.assign(moment=moments(frame["time"])))
        .mark_line(color=PLAIN, point=True)
        .encode(
            x=by_time("time", by_days(days)),
            y=alt.Y(
                "probability:Q", title=say("probability"), axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
            ),
            tooltip=["moment:N", alt.Tooltip("probability:Q", format=".1%")],
        )
    )
    limit = alt.Chart(pd.DataFrame({"y": [threshold]})).mark_rule(color=RAISES, strokeDash=[4, 4]).encode(y="y:Q")
    return (scores + limit).properties(height=250, description=say("score over time", horizon=within))


def done(frame: pd.DataFrame, period: tuple[str, str]) -> alt.Chart:
    """What a customer did in a period, week by week, each kind in its colour."""
    first, last = pd.Timestamp(period[0], tz="UTC"), max(pd.Timestamp(period[1], tz="UTC"), frame["time"].max())
    domain = [first.isoformat(), (last + pd.Timedelta(days=7)).isoformat()]
    monday = frame["time"].dt.tz_localize(None).dt.to_period("W").dt.start_time.dt.tz_localize("UTC")
    counts = frame.assign(week=monday).groupby(["week", "kind"], as_index=False).size()
    counts["moment"] = moments(counts["week"], "%Y-%m-%d")
    counts["end"] = counts["week"] + pd.Timedelta(days=6)
    counts["top"] = counts.groupby("week")["size"].cumsum()
    counts["bottom"] = counts["top"] - counts["size"]
    return (
        alt.Chart(counts)
        .mark_rect()
        .encode(
            x=by_time("week", alt.Axis(format=say("day format"), labelOverlap=True), domain=domain, clamp=True),
            x2="end:T",
            y=alt.Y("top:Q", title=say("events a week"), axis=alt.Axis(tickMinStep=1)),
            y2="bottom:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(range=[LOWERS, FAINT, RAISES, "#c9a227"]),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            tooltip=["kind", "moment:N", "size:Q"],
        )
        .properties(height=270, description=say("events"))
    )


def rates(frame: pd.DataFrame) -> alt.Chart:
    """Several rates over the last minutes; `what` names the line."""
    scale = alt.Scale(domain=[say("requests rate"), say("predictions rate")], range=[LOWERS, RAISES])
    return (
        alt.Chart(frame.assign(moment=moments(frame["time"], "%H:%M:%S")))
        .mark_line()
        .encode(
            x=by_time("time", alt.Axis(format="%H:%M:%S", labelOverlap=True)),
            y=alt.Y("rate:Q", title=None, scale=alt.Scale(domain=[0, max(1.0, frame["rate"].max() * 1.1)])),
            color=alt.Color("what:N", scale=scale, legend=alt.Legend(title=None, orient="bottom")),
            tooltip=["what", "moment:N", alt.Tooltip("rate:Q", format=".1f")],
        )
        .properties(height=270, description=f"{say('requests rate')}, {say('predictions rate')}")
    )
