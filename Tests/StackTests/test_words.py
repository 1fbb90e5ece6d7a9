"""The words of the page: both languages say everything, and what the service says is told in the visitor's language."""

import ast
import json
import re
import string
import subprocess
from pathlib import Path

import pytest
from support import REPOSITORY
from support.page import UI, opened, texts
from support.processes import free_port
from support.service import Service, churn_binary

# Found by the path that support.page adds.
from page import table, words_en, words_ru  # isort: skip
from page.client import Service as Client  # isort: skip
from page.parts import horizon  # isort: skip
from page.parts import service as client  # isort: skip

VIEWS = ["at_risk", "predict", "history", "model", "service"]
OPENAPI = (REPOSITORY / "Sources/OpenAPI/openapi.json").read_text()
#: Three English words in a row; names of things, such as PostgreSQL or CSV, come alone.
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z']{2,}){2,}")


@pytest.fixture(autouse=True)
def _address(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages ask the service under test; each test has a client of its own."""
    client.clear()
    monkeypatch.setenv("CHURN_URL", service.address)


def names_in(text: str) -> set[str]:
    """The values that a text needs."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def english(text: str) -> list[str]:
    """English sentences of the page's own: the service's words are in quotation marks, commands in backticks."""
    return ENGLISH.findall(re.sub(r"«[^»]*»|`[^`]*`", "", text))


def test_no_word_is_left_over() -> None:
    files = [path for path in UI.rglob("*.py") if not path.name.startswith("words_")]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text()))]
    found = {node.value for node in nodes if isinstance(node, ast.Constant)}
    # Words that are put together, as by say(f"risk {risk}"), and those of the service's own.
    groups = "risk|order|state|unit|kind|rule|problem|fault|check|measure|source"
    made = re.compile(rf"({groups}) .*|(auc|accuracy|precision|recall) help|candidate|retired")
    assert not {key for key in words_en.WORDS if key not in found and not made.fullmatch(key)}


def test_a_time_is_said_as_the_language_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {}
    for language in ("en", "ru"):
        monkeypatch.setattr("page.parts.language", lambda language=language: language)
        monkeypatch.setattr("page.words.language", lambda language=language: language)
        said[language] = [horizon(days).split(" ", 2)[-1] for days in (1, 11, 21, 30)]
    assert said == {"en": ["day", "days", "days", "days"], "ru": ["1 дня", "11 дней", "21 дня", "30 дней"]}


def test_both_languages_say_the_same_things() -> None:
    assert words_en.WORDS.keys() == words_ru.WORDS.keys()
    for key, text in words_en.WORDS.items():
        assert names_in(text) == names_in(words_ru.WORDS[key]), key


def test_the_russian_page_has_no_english_sentence() -> None:
    assert {key: text for key, text in words_ru.WORDS.items() if english(text)} == {}


def test_whatever_the_service_refuses_has_a_sentence() -> None:
    problems = set(re.findall(r"urn:churn:problem:([a-z-]+)", OPENAPI))
    faults = json.loads(re.search(r'"code": \{ "type": "string", "enum": (\[[^]]*\]) \}', OPENAPI)[1])
    wanted = {f"problem {name}" for name in problems} | {f"fault {name}" for name in faults}
    assert len(wanted) > 30
    assert wanted - words_en.WORDS.keys() == set()


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_in_russian_says_nothing_in_english(
    view: str, company: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURN_URL", company.address)
    assert english(texts(opened(view, "ru"))) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_service_that_is_away_is_told_in_russian(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURN_URL", f"http://127.0.0.1:{free_port()}")
    said = texts(opened(view, "ru"))
    assert "не отвечает" in said
    assert english(said) == []


def test_a_refusal_is_a_russian_sentence_and_the_words_of_the_service() -> None:
    app = opened("predict", "ru")
    app.text_input(key="known customer").set_value("nobody")
    app.button[1].click().run()
    assert "Об этом клиенте пока ничего не известно" in app.warning[0].value
    assert "«No features are stored" in app.warning[0].value
    assert english(texts(app)) == []


def test_a_key_that_is_missing_is_told_in_russian(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / "locked-in-russian"
    home.mkdir()
    command = [churn_binary(), "keys", "create", "--keys", home / "keys", "--scope", "predict"]
    subprocess.run(command, check=True, capture_output=True)
    with Service(home, "--keys", str(home / "keys")) as service:
        service.wait_until_ready()
        monkeypatch.setenv("CHURN_URL", service.address)
        app = opened("history", "ru")
    assert "Сервису нужен ключ." in app.warning[0].value
    assert "`CHURN_API_KEY`" in app.warning[0].value
    assert english(texts(app)) == []


def test_what_is_not_ready_is_told_in_russian(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / "without-a-model"
    home.mkdir()
    with Service(home, model=False) as service:
        service.wait_until_a_model_is_missing()
        monkeypatch.setenv("CHURN_URL", service.address)
        app = opened("service", "ru")
    assert "Модель. Ответ сервиса: «none is loaded yet" in app.error[0].value
    assert english(texts(app)) == []


def test_a_fault_in_a_table_is_told_in_russian(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.words.language", lambda: "ru")
    frame = table.read(b"customer_id,services_used\nF-1,many\n")
    with pytest.raises(table.TableError) as raised:
        table.score(Client(service.address), frame, service.get("/model")["features"], record=False)
    assert str(raised.value).startswith(
        "строка 2, `services_used`: значение не того вида. Ответ сервиса: «has the wrong"
    )
    assert english(str(raised.value)) == []
