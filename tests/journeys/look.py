"""What every state of every page keeps, looked at in a browser."""

import re
from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ARABIC_SCRIPT = {"fa-AF", "ps"}
NARROWEST = 320
# Where no element can stand, as in a title, an isolated code is what `dir=ltr` is elsewhere.
ISOLATED_CODE = re.compile("[\u2066-\u2068](?:[0-9a-f]{8}|R[0-9]+)\u2069")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")

# Text that is neither marked as left-to-right nor typed by a person.
TEXTS = """() => {
  const found = [document.title];
  const own = "[dir=ltr], script, style, textarea, [lang=en], [lang=fr]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    if (!walker.currentNode.parentElement.closest(own)) found.push(walker.currentNode.data);
  for (const e of document.querySelectorAll("[aria-label], [title], [alt]"))
    if (!e.closest(own)) for (const n of ["aria-label", "title", "alt"]) found.push(e.getAttribute(n) || "");
  return found.map((text) => text.trim()).filter(Boolean);
}"""
ERRORS = """() => [...document.querySelectorAll(".error-summary, .field-error")]
  .map((e) => e.innerText)"""
LOW_LINES = """() => [...document.querySelectorAll("label, legend, button, a.button, summary")]
  .filter((e) => e.getClientRects().length)
  .map((e) => [e.innerText, getComputedStyle(e)])
  .filter(([, s]) => !(parseFloat(s.lineHeight) / parseFloat(s.fontSize) >= 1.5 - 1e-3))
  .map(([text]) => text)"""
WIDTH = "document.documentElement.scrollWidth"


def look(page: Page, *, public: bool = True, script: bool = True) -> None:
    """Hold the state that a page shows to what every state keeps."""
    assert too_wide(page) == [], page.url
    assert foreign_digits(page) == [], page.url
    assert latin_errors(page) == [], page.url
    assert low_lines(page) == [], page.url
    if public:
        assert page.context.cookies() == [], page.url
    if script:
        found = violations(page)
        assert not found, found


def violations(page: Page) -> str:
    """Give what axe finds wrong, in its own words; nothing when all is well."""
    found = Axe().run(page, options={"runOnly": LEVELS})
    return f"{page.url}\n{found.generate_report()}" if found.violations_count else ""


def too_wide(page: Page) -> list[str]:
    """Name the widths at which the page scrolls sideways: the one it has, and the narrowest."""
    size = page.viewport_size
    assert size is not None
    wrong = []
    for width in (size["width"], NARROWEST):
        page.set_viewport_size({"width": width, "height": size["height"]})
        needs = page.evaluate(WIDTH)
        if needs > width:
            wrong.append(f"{needs} pixels at {width}")
    page.set_viewport_size(size)
    return wrong


def foreign_digits(page: Page) -> Sequence[str]:
    """Give the texts of a page in Arabic script that hold digits of another script."""
    if language(page) not in ARABIC_SCRIPT:
        return []
    texts = page.evaluate(TEXTS)
    return [text for text in texts if re.search("[0-9٠-٩]", ISOLATED_CODE.sub("", text))]


def latin_errors(page: Page) -> Sequence[str]:
    """Give the sentences of refusal on a page in Arabic script that hold Latin words."""
    if language(page) not in ARABIC_SCRIPT:
        return []
    return [text for text in page.evaluate(ERRORS) if LATIN_WORD.search(text)]


def low_lines(page: Page) -> Sequence[str]:
    """Give the labels and buttons on whose lines marks of Arabic script would touch."""
    if language(page) not in ARABIC_SCRIPT:
        return []
    found: list[str] = page.evaluate(LOW_LINES)
    return found


def language(page: Page) -> str:
    """Give the language that a page says it is in."""
    return page.locator("html").get_attribute("lang") or ""
