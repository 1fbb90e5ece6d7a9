"""The page in a real browser: somebody fills in the form, sees the result, finds it in the history."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as Tab
from support.page import Page, percentage
from support.processes import eventually, program
from support.service import Service

# Found by the path that support.page adds.
from page.frame import PLACES  # isort: skip
from page.words import WORDS  # isort: skip

expect.set_options(timeout=20_000)  # the machine of the tests may be busy

WIDTHS = {"desk": 1280, "phone": 390}
#: The pages, and the words that each shows last.
PATHS = {"": "look up", "predict": "what if", "history": "shown", "model": "versions", "service": "log lines"}

#: What is seen at the places where Streamlit's own words are hidden.
REPLACED = """(places) => Object.fromEntries(places
    .map((place) => [place, document.querySelector(place)])
    .filter(([, one]) => one && getComputedStyle(one).visibility === "hidden")
    .map(([place, one]) => [place, JSON.parse(getComputedStyle(one, "::after").content)]))"""


@pytest.fixture(scope="module")
def page(service: Service, folder: Path) -> Iterator[Page]:
    """The page in front of the service under test."""
    with Page(folder, service.address) as page:
        yield page


@pytest.fixture(scope="module")
def company_page(company: Service, folder: Path) -> Iterator[Page]:
    """The page in front of a service with a company's customers."""
    home = folder / "company-page"
    home.mkdir()
    with Page(home, company.address) as page:
        yield page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; as root it runs without its sandbox."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program("chromium"), args=flags)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A new tab as wide as a desk's screen."""
    tab = browser.new_page(viewport={"width": WIDTHS["desk"], "height": 900})
    tab.set_default_timeout(20_000)
    yield tab
    tab.close()


def settled(tab: Tab) -> None:
    """Waits until Streamlit has run the page to its end."""
    expect(tab.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(tab.get_by_test_id("stSkeleton")).to_have_count(0)


def nameless(tab: Tab) -> list[str]:
    """Fields, buttons and charts without a name for those who do not see the page."""
    return tab.evaluate("""() => {
        const named = (one) => one.ariaLabel || one.title || one.labels?.length || one.innerText?.trim()
            || one.getAttribute("aria-labelledby") || one.closest("label");
        const kinds = ["input", "textarea", "select", "button", "[role=graphics-document]"];
        const things = kinds.flatMap((kind) => [...document.querySelectorAll(`[data-testid=stMain] ${kind}`)]);
        // Streamlit's own helpers, which nobody can get to, are none.
        const reached = (one) => one.offsetParent && one.tabIndex !== -1 || one.role === "graphics-document";
        return things.filter((one) => reached(one) && !named(one)).map((one) => one.outerHTML.slice(0, 200));
    }""")


def test_a_prediction_is_made_seen_and_found_again(tab: Tab, page: Page, service: Service) -> None:
    tab.goto(f"{page.address}/predict?lang=en")
    tab.get_by_label("Customer number").first.fill("B-1")
    tab.get_by_role("spinbutton", name="Days since last activity").fill("28")
    tab.get_by_role("button", name="Predict", exact=True).first.click()
    expect(tab.get_by_text("Probability of leaving within 30 days", exact=True)).to_be_visible()
    expect(tab.get_by_text("What speaks for leaving and what against")).to_be_visible()
    expect(tab.get_by_text("Stored as")).to_be_visible()
    stored = service.get("/history?customer_id=B-1")["predictions"]
    assert len(stored) == 1
    assert stored[0]["features"]["days_since_last_activity"] == 28
    expect(tab.get_by_text(percentage(stored[0]["probability"])).first).to_be_visible()

    tab.get_by_role("link", name="History").click()
    expect(tab.get_by_role("heading", name="History")).to_be_visible()
    settled(tab)
    tab.get_by_role("textbox", name="Customer number").fill("B-1")
    tab.keyboard.press("Enter")
    expect(tab.get_by_test_id("stDataFrame")).to_be_visible()
    expect(tab.get_by_text("Shown: 1", exact=True)).to_be_visible()
    settled(tab)

    # The grid is a canvas; what it holds is told by the file that one takes away, once the button has the new one.
    def taken_away() -> bool:
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Download as CSV").last.click()
        _, *lines = download.value.path().read_text().splitlines()
        return len(lines) == 1 and stored[0]["prediction_id"] in lines[0]

    eventually("a file of this customer only", taken_away)


def test_a_click_on_a_customer_shows_the_past(tab: Tab, company_page: Page, company: Service) -> None:
    first = company.get("/customers?risk=high&limit=1")["customers"][0]["customer_id"]
    tab.goto(f"{company_page.address}/?lang=en")
    grid = tab.get_by_test_id("stDataFrame")
    expect(tab.get_by_text("Select a line")).to_be_visible()
    settled(tab)
    # The box before the first line: the grid is a canvas, so it is found by its place.
    grid.click(position={"x": 16, "y": 52})
    expect(tab.get_by_role("heading", name=f"Customer {first}")).to_be_visible()
    expect(tab.get_by_text("Probability of leaving within 30 days, over time")).to_be_visible()
    count = len(company.get(f"/customers/{first}/events?limit=1000")["events"])
    expect(tab.get_by_text(re.compile(rf"^Events since .*: {count}\.$"))).to_be_attached()


def test_the_language_can_be_changed(tab: Tab, page: Page) -> None:
    tab.goto(f"{page.address}/predict?lang=en")
    tab.get_by_text("Русский").click()
    expect(tab.get_by_role("heading", name="Прогноз")).to_be_visible()
    expect(tab.get_by_text("Дней с последней активности").first).to_be_visible()


def test_streamlit_says_nothing_of_its_own(tab: Tab, page: Page) -> None:
    """Its words for files, dates and fields are English only: the page's are seen in their place."""
    seen: dict[str, str] = {}
    for path, words in {
        "history": ("press enter", "year", "month", "day of month"),
        "predict": ("choose file", "drop file"),
    }.items():
        tab.goto(f"{page.address}/{path}?lang=ru")
        tab.get_by_label("Номер клиента").first.press_sequentially("C")
        if path == "predict":
            tab.get_by_role("tab", name="Загрузить таблицу").click()
        for place in (place for place, key in PLACES.items() if key in words):
            # The style sheet is an element of the page, too, and may be the later one to arrive.
            expect(tab.locator(place).first).to_have_css("visibility", "hidden")
        seen |= tab.evaluate(REPLACED, list(PLACES))
    assert seen == {place: WORDS["ru"][key] for place, key in PLACES.items()}


def test_the_page_can_be_used_within_three_seconds(tab: Tab, page: Page) -> None:
    tab.goto(f"{page.address}/predict")  # the first visit loads the libraries
    tab.get_by_label("Customer number").first.wait_for()
    start = time.monotonic()
    tab.goto(f"{page.address}/predict")
    tab.get_by_label("Customer number").first.wait_for()
    seconds = time.monotonic() - start
    print(f"the form was there after {seconds:.2f} s")
    assert seconds < 10, "three seconds are the aim; the machine of the tests may be busy"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_the_screen(
    width: str, language: str, browser: Browser, company_page: Page, tmp_path: Path
) -> None:
    """Also takes the pictures that the README shows, where CHURN_PICTURES names a folder."""
    folder = Path(os.environ.get("CHURN_PICTURES", tmp_path))
    words = WORDS[language]
    tab = browser.new_page(viewport={"width": WIDTHS[width], "height": 900})
    tab.set_default_timeout(20_000)
    for path, last in PATHS.items():
        tab.goto(f"{company_page.address}/{path}?lang={language}")
        expect(tab.get_by_text(words["within days"].format(days=30)).first).to_be_visible()
        if path == "predict":
            tab.get_by_role("button", name=words["ask"], exact=True).first.click()
        expect(tab.get_by_text(words[last].partition("{")[0]).first).to_be_attached()
        settled(tab)
        assert tab.get_by_test_id("stException").count() == 0
        assert nameless(tab) == [], f"{path} has what a screen reader cannot name"
        wide = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= WIDTHS[width], f"{path} is {wide} wide"
        tab.screenshot(path=folder / f"{path or 'at-risk'}-{width}{'' if language == 'en' else f'-{language}'}.png")
    tab.close()
