"""Parts that several pages have: the model in force, errors as messages, risk in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from .client import JSON, Service, ServiceError
from .words import day, language, quoted, say

#: More of them help nobody.
FAULTS_MAX = 20
RISK_COLORS = {"high": "red", "medium": "orange", "low": "green"}


@st.cache_resource
def service() -> Service:
    """The one client of this process; its connections are shared."""
    return Service()


@contextmanager
def told() -> Iterator[None]:
    """Shows an error of the service as a message; what the page has shown already stays."""
    try:
        yield
    except ServiceError as error:
        tell(error)


def tell(error: ServiceError) -> None:
    """One error as a message with what to do."""
    if error.status == 0:
        st.error(say("no answer", address=service().address), icon=":material/cloud_off:")
        st.button(say("try again"))
    elif error.kind == "no-model":
        st.info(say("no model"), icon=":material/model_training:")
    elif error.status in (401, 403):
        st.warning(f"{problem(error)}\n\n{say('no key')}", icon=":material/key:")
    elif error.status >= 500:
        st.error(problem(error), icon=":material/error:")
        st.button(say("try again"))
    else:
        st.warning(problem(error), icon=":material/block:")


def problem(error: ServiceError) -> str:
    """What an error says: in a sentence for its kind, in the service's words, and for each field that does not fit."""
    if not error.faults:
        return quoted("problem", error.kind, str(error), otherwise="unable" if error.status >= 500 else "refused")
    lines = [say("problem invalid-instance")]
    lines += [say("fault line", place=fault["pointer"], fault=fault_of(fault)) for fault in error.faults[:FAULTS_MAX]]
    if (left := len(error.faults) - FAULTS_MAX) > 0:
        lines.append(say("more faults", count=left))
    return "\n\n".join(lines)


def fault_of(fault: JSON) -> str:
    """What is wrong with one field."""
    return quoted("fault", fault["code"], fault["detail"])


def horizon(days: int | None) -> str:
    """Within what time somebody is said to leave: without it a probability means nothing."""
    if days is None:
        return say("without horizon")
    # In Russian 21 and 31 days are said as one day is.
    single = days == 1 if language() == "en" else days % 10 == 1 and days % 100 != 11
    return say("within a day" if single else "within days", days=days)


def judged_day(model: JSON) -> str:
    """The newest day whose customers the model was judged on; of a plain table that is not known."""
    dates = ((model.get("split") or {}).get("test") or {}).get("dates") or []
    return day(dates[-1]) if dates else "–"


def provenance(model: JSON) -> None:
    """Which model speaks, how old its data are, and within what time: on every page."""
    st.caption(
        say(
            "provenance",
            number=model.get("number", "–"),
            version=model["version"],
            day=judged_day(model),
            horizon=horizon(model["horizon_days"]),
        )
    )


def heading(name: str) -> JSON | None:
    """The title of a page and the model in force; nothing where there is none yet, which has been told then."""
    st.title(say(name))
    try:
        model = service().model()
    except ServiceError as error:
        if error.kind != "no-model":
            raise
        tell(error)
        return None
    provenance(model)
    return model


def risk_badge(risk: str) -> None:
    """The risk as a coloured word."""
    st.badge(say(f"risk {risk}"), color=RISK_COLORS[risk])
