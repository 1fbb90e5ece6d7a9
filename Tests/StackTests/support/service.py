"""The service under test: the binary that was built, on a PostgreSQL and a port of its own."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path

from . import REPOSITORY
from .processes import Child, status


def churn_binary() -> Path:
    """The binary of `CHURN_BINARY`, else the one that `make test` builds."""
    path = Path(os.environ.get("CHURN_BINARY", REPOSITORY / ".build/debug/churn"))
    assert path.exists(), f"{path} is missing: swift build --product churn makes it"
    return path


class Service(Child):
    """A running `churn serve` with the model of the repository as its first champion, or with none."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        port: int = 0,
        environment: dict[str, str] | None = None,
        model: bool = True,
    ) -> None:
        settings = dict(environment or {})
        if "DATABASE_URL" not in settings:
            # The server of the private PostgreSQL runs as another user when the tests run as root.
            folder.chmod(0o755)
            arguments += ("--data", str(folder / "postgres"))
        command = [str(churn_binary()), "serve", "--port", str(port), "--workers", "2", *arguments]
        super().__init__(command, folder / "churn.log", settings, REPOSITORY if model else folder)
        self.port: int = self.wait_for("the service to listen", self._port_in_log)
        self.address = f"http://127.0.0.1:{self.port}"

    def _port_in_log(self) -> int | None:
        for line in self.text().splitlines():
            if '"listening"' in line:
                return json.loads(line)["port"]
        return None

    def wait_until_ready(self) -> "Service":
        """Waits for the first 200 of /health/ready; the first start also makes the database."""
        self.wait_for("readiness", lambda: self.status("/health/ready") == 200, within=60)
        return self

    def wait_until_a_model_is_missing(self) -> "Service":
        """Waits until nothing but a model is."""
        wanted = "none is loaded yet"
        self.wait_for("PostgreSQL", lambda: wanted in self.reasons() and "postgres" not in self.reasons(), within=60)
        return self

    def reasons(self) -> str:
        """What /health/ready says."""
        try:
            with urllib.request.urlopen(self.address + "/health/ready", timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()
        except OSError:
            return ""

    def status(self, path: str) -> int | None:
        """The status of a GET; nothing where the service does not answer."""
        return status(self.address + path)

    def get(self, path: str) -> dict:
        """The JSON of a GET that must succeed."""
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return json.load(answer)

    def text_of(self, path: str) -> str:
        """The text of a GET that must succeed."""
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return answer.read().decode()

    def post(self, path: str, body: object) -> dict:
        """The JSON of a POST that must succeed."""
        request = urllib.request.Request(
            self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
