"""The words of the page in the language that was chosen."""

import streamlit as st

from . import words_en, words_ru

LANGUAGES = {"en": "English", "ru": "Русский"}
WORDS = {"en": words_en.WORDS, "ru": words_ru.WORDS}


def language() -> str:
    """The language of this visitor: chosen, else asked for by the link, else that of the browser."""
    if st.session_state.get("language") not in LANGUAGES:
        asked = st.query_params.get("lang") or (st.context.locale or "")[:2]
        st.session_state.language = asked if asked in LANGUAGES else "en"
    return st.session_state.language


def say(key: str, **values: object) -> str:
    """A text in the visitor's language."""
    return WORDS[language()][key].format(**values)


def known(group: str, name: str) -> str:
    """A word of the data in the visitor's language, where the page knows it."""
    return WORDS[language()].get(f"{group} {name}", name)


def quoted(group: str, code: str, detail: str, otherwise: str = "refused") -> str:
    """What the service said: a sentence by its code in the visitor's language, and its own words, which are English."""
    lead = WORDS[language()].get(f"{group} {code}") or say(otherwise)
    return say("own words", lead=lead, detail=detail) if detail else lead


def title_of(feature: dict, unit: bool = False) -> str:
    """What a feature of the model is called, with its unit where that is wanted."""
    name = feature["title"].get(language()) or feature["title"].get("en") or feature["name"]
    if not unit or not feature.get("unit"):
        return name
    # Units come in the model's language only; those that the page knows are said in the visitor's.
    known = WORDS[language()].get(f"unit {feature['unit']}", feature["unit"])
    # "Days since last activity, days" says it twice.
    return name if known.lower() in name.lower() else f"{name}, {known}"


def rounded(value: object) -> object:
    """A value of a feature as a table shows it: nobody reads the minutes of a day in the fourth decimal."""
    return round(value, 2) if isinstance(value, float) else value


def number(value: float | None, digits: int = 2) -> str:
    """A number as the language writes it, without zeros at its end."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if language() == "ru":
        text = text.replace(",", "\u00a0").replace(".", ",")
    return text


def percent(value: float | None, digits: int = 1) -> str:
    """A share as a percentage."""
    return "–" if value is None else f"{number(value * 100, digits)}\u00a0%"


def day(moment: str | None) -> str:
    """The day of an instant or date."""
    return (moment or "–")[:10]
