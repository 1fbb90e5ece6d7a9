"""The examples of the README: what they show is what the service answers to what they say."""

import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from support import REPOSITORY
from support.service import Service

BLOCKS = re.findall(r"```\w*\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
#: Each block of commands that is followed by what comes of it.
EXAMPLES = [
    (commands, shown)
    for commands, shown in pairwise(BLOCKS)
    if "8080/predict" in commands and shown.startswith(("{", "prediction_id"))
]
#: What is another every time: ids and moments.
PASSING = {
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}": "ID",
    r"\d{4}-\d\d-\d\dT[\d:.]+Z": "MOMENT",
}


@pytest.fixture(scope="module")
def fresh(folder: Path) -> Iterator[Service]:
    """A service that nobody has asked yet."""
    home = folder / "readme"
    home.mkdir()
    with Service(home) as service:
        yield service.wait_until_ready()


def plain(text: str) -> str:
    """A text without what passes and without white space, which is there for the reader."""
    for pattern, name in PASSING.items():
        text = re.sub(pattern, name, text)
    return re.sub(r"\s", "", text)


def test_there_are_three() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_shows_what_the_service_answers(number: int, fresh: Service) -> None:
    commands, shown = EXAMPLES[number]
    script = commands.replace("http://127.0.0.1:8080", fresh.address).replace("curl ", "curl --silent ")
    answer = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout
    # An ellipsis stands for what is left out.
    pattern = ".*".join(re.escape(part) for part in plain(shown).split("…"))
    assert re.fullmatch(pattern, plain(answer)), f"the README shows\n{shown}\nthe service answers\n{answer}"
