"""A respondent at her phone: she fills what a page asks and presses its buttons."""

from datetime import timedelta
from pathlib import Path

from consult.consultations import lifecycle
from tests.consultations.factories import TODAY, House
from tests.pages import Client, Page

DEMONSTRATION = Path("consult/demo/inclusive_peace.yaml")
ANSWERS: dict[str, list[str]] = {
    "needs": ["health"],
    "sex": ["woman"],
    "age_band": ["18_29"],
    "place": ["AF-KAB"],
    "setting": ["rural"],
}


class Phone:
    """One form under way in one language; `page` is what the screen shows."""

    def __init__(self, client: Client, code: str, segment: str = "en") -> None:
        self.client, self.code, self.segment = client, code, segment
        self.page: Page = client.get(f"/{segment}/{code}")

    def press(self, go: str, **fields: str | list[str]) -> Page:
        """Press a button with these fields typed, and what the page already held."""
        if go.startswith("lang:"):
            self.segment = go[5:]
        typed = {**shown(self.page), **{k.replace("__", "."): v for k, v in fields.items()}}
        self.last = (f"/{self.segment}/{self.code}", {**self.page.hidden(), **typed, "go": go})
        self.page = self.client.post(*self.last)
        return self.page

    def again(self) -> Page:
        """Send the very same POST once more."""
        return self.client.post(*self.last)

    def forward(self, **fields: str | list[str]) -> Page:
        return self.press(way_forward(self.page), **fields)

    def to_check(self, **fields: str | list[str]) -> Page:
        """Fill what must be filled and go on to the check page."""
        for _ in range(20):
            if "section:" in str(buttons(self.page)):
                return self.page
            empty = {k: v for k, v in ANSWERS.items() if not any(shown(self.page).get(k, []))}
            wanted = {k: v for k, v in {**empty, **fields}.items() if offers(self.page, k)}
            self.forward(**wanted)
            assert self.page.status == 200, self.page.text
        raise AssertionError("no check page after 20 steps")

    def to_consent(self, **fields: str | list[str]) -> Page:
        self.to_check(**fields)
        return self.forward()

    def to_receipt(self, use: str = "count", **fields: str | list[str]) -> Page:
        self.to_consent(**fields)
        return self.press("send", consent__use=use)


def the_demonstration(house: House):
    """Open the demonstration's questionnaire, without its voices."""
    content = DEMONSTRATION.read_bytes()
    consultation = house.load(content, demonstration=True).consultation
    act = house.act()
    lifecycle.set_days(
        house.session, consultation, TODAY - timedelta(days=20), TODAY + timedelta(days=20)
    )
    lifecycle.drill(
        house.session, house.secrets, consultation, house.papers[0], act, simulated=True
    )
    second = house.person("Second")
    lifecycle.name_second(house.session, house.secrets, consultation, second, act)
    lifecycle.open_up(house.session, house.secrets, consultation, act)
    house.session.commit()
    return consultation


def buttons(page: Page) -> list[str]:
    return [node.attributes.get("value") or "" for node in page.tree.css('button[name="go"]')]


def way_forward(page: Page) -> str:
    return next(go for go in buttons(page) if go in ("next", "check", "send"))


def offers(page: Page, name: str) -> bool:
    return bool(page.tree.css(f'[name="{name.replace("__", ".")}"]'))


def shown(page: Page) -> dict[str, list[str]]:
    """What the form of a page would send if nobody touched it."""
    found: dict[str, list[str]] = {}
    for node in page.tree.css("input,select,textarea"):
        name, value = node.attributes.get("name") or "", node.attributes.get("value")
        kind = node.attributes.get("type")
        if not name or kind == "hidden":
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in node.attributes:
                found.setdefault(name, []).append(value or "")
        elif node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            found[name] = [(chosen.attributes.get("value") or "") if chosen else ""]
        else:
            found[name] = [node.text() if node.tag == "textarea" else value or ""]
    return found
