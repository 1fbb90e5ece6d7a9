"""The page under test: run in this process by Streamlit's own AppTest, or served to a browser."""

import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

from . import REPOSITORY
from .processes import Child, free_port, status

UI = REPOSITORY / "ui"
sys.path.insert(0, str(UI))


def opened(view: str, language: str = "en", **state: object) -> AppTest:
    """A page in the state in which a visitor first sees it, or in one; the service is that of CHURN_URL."""
    app = AppTest.from_file(str(UI / f"views/{view}.py"), default_timeout=30)
    app.session_state.language = language
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


def texts(app: AppTest) -> str:
    """All that a visitor reads outside of tables and charts."""
    kinds = (app.title, app.caption, app.markdown, app.info, app.warning, app.error, app.success, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def percentage(share: float) -> str:
    """A share as the page writes it in English: one decimal, unless that is a zero."""
    return f"{share * 100:.1f}".removesuffix(".0") + "\u00a0%"


class Page(Child):
    """A running `streamlit run app.py`."""

    def __init__(self, folder: Path, service: str) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        command = [sys.executable, "-m", "streamlit", "run", str(UI / "app.py"), "--server.port", port]
        environment = {"CHURN_URL": service, "STREAMLIT_CONFIG_FILE": str(UI / ".streamlit/config.toml")}
        super().__init__(command, folder / "page.log", environment)
        self.wait_for("the page", lambda: status(f"{self.address}/_stcore/health") == 200)
