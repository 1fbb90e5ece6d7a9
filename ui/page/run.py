"""The customers of a scoring run, in the order in which somebody will call them."""

import streamlit as st

from .client import JSON, Service

PAGE_ROWS = 1000
#: More than anybody calls; a page is no report.
CUSTOMERS_MAX = 5000


@st.cache_data(ttl=600, max_entries=16, show_spinner=False)
def customers(address: str, as_of: str, version: str, order: str, risk: str | None) -> list[JSON]:
    """The first customers of a run; a run does not change, so it is read once."""
    service, rows, cursor = Service(address), [], None
    while len(rows) < CUSTOMERS_MAX:
        page = service.customers(as_of=as_of, order=order, risk=risk, limit=PAGE_ROWS, cursor=cursor)
        if page["as_of"] != as_of or page["model"] != version:
            break  # another run has taken its place meanwhile; the next look shows that one
        rows += page["customers"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return rows
