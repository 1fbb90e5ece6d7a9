"""*Model*: how good it is, what it looks at, and which ones there were."""

import pandas as pd
import streamlit as st
from page.charts import calibration, precision_recall, roc
from page.client import JSON
from page.parts import heading, judged_day, service, told
from page.words import day, known, number, percent, say, title_of


def measures(model: JSON) -> None:
    """The four numbers that everybody asks for, the first with its interval."""
    quality = model["quality"]
    columns = st.columns(5)
    for column, name in zip(columns, ("auc", "accuracy", "precision", "recall"), strict=False):
        column.metric(say(name), percent(quality[name]), help=say(f"{name} help"))
        low, high = quality.get(f"{name}_low"), quality.get(f"{name}_high")
        if low is not None:
            column.caption(say("interval", low=percent(low), high=percent(high)))
    columns[4].metric(say("lift"), f"× {number(quality['lift_10'])}", help=say("lift help"))
    folds = (model.get("split") or {}).get("folds")
    words = "judged folds" if folds else "judged on"
    st.caption(say(words, rows=number(quality["n"], 0), churned=number(quality["churned"], 0), day=judged_day(model)))
    if quality.get("reason"):
        st.warning(known("measure", quality["reason"]))


def curves(drawn: JSON) -> None:
    """What the numbers hide."""
    charts = {"roc": roc, "pr": precision_recall, "calibration": calibration}
    for column, (name, chart) in zip(st.columns(3), charts.items(), strict=True):
        column.markdown(f"**{say(name)}**")
        if drawn.get(name):
            column.altair_chart(chart(drawn[name]), width="stretch")


def thresholds(model: JSON, rows: list[JSON]) -> None:
    """How many would be called, and how many of them rightly, at each threshold."""
    st.subheader(say("thresholds"))
    chosen = model["threshold"]
    st.caption(say("chosen", threshold=percent(chosen["value"]), rule=known("rule", chosen["rule"])))
    frame = pd.DataFrame(rows)
    alarmed, left = frame["tp"] + frame["fp"], frame["tp"] + frame["fn"]
    shown = pd.DataFrame(
        {
            "threshold": frame["threshold"],
            "alarmed": alarmed,
            "precision": frame["tp"] / alarmed.where(alarmed > 0),
            "recall": frame["tp"] / left.where(left > 0),
        }
    )
    share = {"min_value": 0, "max_value": 1, "format": "percent"}
    config = {
        "threshold": st.column_config.NumberColumn(say("threshold"), format="percent"),
        "alarmed": st.column_config.NumberColumn(say("alarmed")),
        "precision": st.column_config.ProgressColumn(say("precision"), help=say("precision help"), **share),
        "recall": st.column_config.ProgressColumn(say("recall"), help=say("recall help"), **share),
    }
    st.dataframe(shown, hide_index=True, width="stretch", column_config=config, height=320)


def weights(features: list[JSON]) -> None:
    """What the model looks at, in steps that can be compared."""
    st.subheader(say("weights"))
    st.caption(say("weights help"))
    rows = []
    for feature in features:
        if feature["type"] == "number":
            step = (feature["p99"] or 0) - (feature["median"] or 0)
            rows.append({"feature": title_of(feature, unit=True), "weight": feature["weight"] * step})
        else:
            center = sum(w * s for w, s in zip(feature["weights"], feature["shares"], strict=True))
            for level, weight in zip(feature["levels"], feature["weights"], strict=True):
                rows.append({"feature": f"{title_of(feature)}: {level}", "weight": weight - center})
    frame = pd.DataFrame(rows).sort_values("weight", key=abs, ascending=False).head(40)
    config = {
        "feature": st.column_config.TextColumn(say("feature")),
        "weight": st.column_config.NumberColumn(say("weight"), format="%+.2f"),
    }
    st.dataframe(frame, hide_index=True, width="stretch", column_config=config)


def state(name: str) -> str:
    """A model's state in words."""
    return say("state refused" if name == "refused" else name)


def versions(models: list[JSON]) -> None:
    """Every version and who is champion."""
    st.subheader(say("versions"))
    rows = [
        {
            say("version"): f"{model['number']} ({model['version']})",
            say("state"): state(model["state"]),
            say("created"): day(model["created_at"]),
            say("promoted"): day(model["promoted_at"]),
            say("auc"): percent((model["metrics"].get("quality") or {}).get("auc")),
        }
        for model in models
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def learned_from(model: JSON) -> None:
    """How much data, and from when."""
    dates = [
        date for part in ("train", "validation", "test") for date in (model["split"].get(part) or {}).get("dates") or []
    ]
    data = model["data"]
    first, last = (min(dates), max(dates)) if dates else ("–", "–")
    rows, customers = number(data["rows"], 0), number(data["customers"], 0)
    st.caption(say("learned from", rows=rows, customers=customers, first=first, last=last))


def main() -> None:
    """The whole page."""
    serving = heading("model")
    models = service().models()
    if not models:
        if serving:  # else it was told
            st.info(say("no model"))
        return
    champion = next((index for index, model in enumerate(models) if model["state"] == "champion"), 0)
    chosen = st.selectbox(
        say("version"),
        models,
        index=champion,
        format_func=lambda model: f"{model['number']} ({model['version']}), {state(model['state'])}",
        key="version",
    )
    file = service().model_file(chosen["version"])["file"]
    learned_from(file)
    measures(file)
    if file.get("curves"):
        curves(file["curves"])
        if file["curves"].get("thresholds"):
            thresholds(file, file["curves"]["thresholds"])
    weights(file["features"])
    versions(models)


with told():
    main()
