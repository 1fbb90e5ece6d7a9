"""The frame around the pages: what Streamlit says by itself, in English only, gives way to the words of the page."""

import json

from .words import say

# Streamlit leaves a hand of empty space above the page and its title.
SPACE = ".stMainBlockContainer { padding-top: 4.75rem } .stMainBlockContainer h1 { padding-top: 0 }"
#: Where Streamlit speaks, and what is said there instead.
#: An empty part of a date is known by an attribute of Streamlit's.
PLACES = {
    '[data-testid="InputInstructions"] > span': "press enter",
    '[data-testid="stFileUploaderDropzone"] button p': "choose file",
    '[data-testid="stFileUploaderDropzoneInstructions"] span': "drop file",
    '[data-testid="stDateInputField"] [data-placeholder][data-type="year"]': "year",
    '[data-testid="stDateInputField"] [data-placeholder][data-type="month"]': "month",
    '[data-testid="stDateInputField"] [data-placeholder][data-type="day"]': "day of month",
}


def style() -> str:
    """The style sheet: the words that are hidden are not read out, either."""
    rules = [SPACE]
    for place, key in PLACES.items():
        rules.append(f"{place} {{ visibility: hidden; font-size: 0 }}")
        words = json.dumps(say(key), ensure_ascii=False)
        rules.append(f"{place}::after {{ content: {words}; visibility: visible; font-size: 0.875rem }}")
    return "\n".join(rules)
