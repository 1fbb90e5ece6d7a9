"""A stand-in for the executable, for what the real one does only on bad days."""

import json
import stat
from pathlib import Path
from typing import Any

#: What each command ends with, as far as the DAG reads it.
ANSWERS: dict[str, dict[str, Any]] = {
    "load": {"status": "done"},
    "features": {"status": "done"},
    "train": {"status": "done", "version": "3f9c2a1b7d04"},
    "evaluate": {"status": "done", "gate": {"passed": True}},
    "promote": {"status": "done"},
    "score": {"status": "done", "scored": 10},
}

SCRIPT = """#!/bin/sh
echo "$@" >> "{folder}/calls"
echo '{{"msg":"at work"}}' >&2
cat "{folder}/$1.json"
exit "$(cat "{folder}/$1.exit" 2>/dev/null || echo 0)"
"""


class StandIn:
    """Writes what it was called with, and answers as it was told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"
        self.incoming.mkdir()
        self.path = folder / "churn"
        self.path.write_text(SCRIPT.format(folder=folder))
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)
        for command, answer in ANSWERS.items():
            self.answers(command, answer)

    def answers(self, command: str, answer: dict[str, Any], code: int = 0) -> None:
        """What a command ends with from now on."""
        (self.folder / f"{command}.json").write_text(json.dumps({"command": command, **answer}) + "\n")
        (self.folder / f"{command}.exit").write_text(str(code))

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of every call, in order."""
        path = self.folder / "calls"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []
