"""The web interface of churn for people who are not programmers: streamlit run app.py.

Asks the service at CHURN_URL (default http://127.0.0.1:8080) over HTTP, and nothing else.
"""

import streamlit as st
from page.frame import style
from page.words import LANGUAGES, language, say

PAGES = {
    "at risk": ("at_risk.py", ":material/person_alert:"),
    "predict": ("predict.py", ":material/online_prediction:"),
    "history": ("history.py", ":material/history:"),
    "model": ("model.py", ":material/model_training:"),
    "service": ("service.py", ":material/monitor_heart:"),
}


def main() -> None:
    """The frame around every page: where to go, and in which language."""
    st.set_page_config(page_title="churn", page_icon=":material/person_alert:", layout="wide")
    language()
    st.html(f"<style>{style()}</style>")
    pages = [
        st.Page(
            f"views/{file}", title=say(name), icon=icon, url_path=file.removesuffix(".py"), default=name == "at risk"
        )
        for name, (file, icon) in PAGES.items()
    ]
    chosen = st.navigation(pages, position="top")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.pills(
            say("language"),
            list(LANGUAGES),
            format_func=LANGUAGES.get,
            key="language",
            required=True,
            label_visibility="collapsed",
        )
    chosen.run()


main()
