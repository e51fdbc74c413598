"""A client that reads each page as a person would, and holds it to the promises of every page."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from werkzeug.test import TestResponse

RTL = {"fa-AF", "ps"}
SEGMENTS = {"en": "en", "fr": "fr", "fa-af": "fa-AF", "ps": "ps"}
GLUED = re.compile(r'<[a-z]+(?:\s+[a-z-]+(?:="[^"]*")?)*\s+[a-z-]+="[^"]*"[a-z]')
Fields = Mapping[str, str | Sequence[str]]


class Page:
    """One answer: its status, and what stands in it."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True)
        self.tree = HTMLParser(self.html)

    @property
    def title(self) -> str:
        node = self.tree.css_first("title")
        return node.text().strip() if node else ""

    @property
    def text(self) -> str:
        body = self.tree.body
        return " ".join(body.text(separator=" ").split()) if body else ""

    @property
    def lang(self) -> str:
        return self._of_html("lang")

    @property
    def dir(self) -> str:
        return self._of_html("dir")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def field(self, name: str) -> Node:
        for node in self.tree.css("input,select,textarea"):
            if node.attributes.get("name") == name:
                return node
        raise AssertionError(f"no field {name} in {self.title}")

    def labelled(self, label: str) -> Node:
        """The control that a label with exactly these words belongs to."""
        for node in self.tree.css("label"):
            if node.text().strip() == label:
                return self.tree.css_first(f"#{node.attributes['for']}")
        raise AssertionError(f"no label {label!r} in {self.title}")

    def typed(self, label: str) -> str:
        node = self.labelled(label)
        if node.tag == "textarea":
            return node.text()
        return node.attributes.get("value") or ""

    def error_beside(self, label: str) -> str:
        told = (self.labelled(label).attributes.get("aria-describedby") or "").split()
        errors = [self.tree.css_first(f"#{name}") for name in told if name.endswith("-error")]
        assert errors, f"no error beside {label!r}"
        return errors[0].text().strip()

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the first form with a state, or else of the first form."""
        forms = self.tree.css("form")
        stated = [form for form in forms if form.css_first('input[name="state"]')]
        form = (stated or forms)[0]
        return {
            node.attributes["name"] or "": node.attributes.get("value") or ""
            for node in form.css('input[type="hidden"]')
        }

    def _of_html(self, name: str) -> str:
        node = self.tree.css_first("html")
        return (node.attributes.get(name) or "") if node else ""


class Client:
    """Asks pages of one application; `get`, `post` give a `Page`."""

    def __init__(self, app: Flask, headers: Mapping[str, str] | None = None) -> None:
        self.flask = app.test_client()
        self.headers = dict(headers or {})

    def get(self, path: str, **headers: str) -> Page:
        return self._read(self.flask.get(path, headers=self._all(headers)), path)

    def post(self, path: str, fields: Fields | None = None, **headers: str) -> Page:
        pairs = [
            (name, one)
            for name, value in (fields or {}).items()
            for one in ([value] if isinstance(value, str) else value)
        ]
        answer = self.flask.post(
            path,
            data=urlencode(pairs),
            headers=self._all(headers),
            content_type="application/x-www-form-urlencoded",
        )
        return self._read(answer, path)

    def open(self, path: str, method: str, **kwargs: Any) -> Page:
        return self._read(self.flask.open(path, method=method, **kwargs), path)

    def _all(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}

    def _read(self, response: TestResponse, path: str) -> Page:
        page = Page(response)
        if response.mimetype == "text/html" and page.status not in range(300, 400):
            check(page, path)
        return page


def check(page: Page, path: str) -> None:
    """What every page keeps: title, language, direction, no cache, nothing inline."""
    assert page.title, f"{path} has no title"
    segment = path.strip("/").split("/")[0].lower()
    if segment in SEGMENTS:
        assert page.lang == SEGMENTS[segment], f"{path} is in {page.lang}"
    assert page.dir == ("rtl" if page.lang in RTL else "ltr"), f"{path} has dir {page.dir}"
    assert page.headers["Cache-Control"] == "no-store", path
    assert "Content-Security-Policy" in page.headers, path
    assert page.headers["X-Content-Type-Options"] == "nosniff", path
    staff = "/staff" in path
    if not staff:
        assert "Set-Cookie" not in page.headers, f"{path} sets a cookie"
    assert not GLUED.search(page.html), f"{path} has two attributes without a space between"
    assert not page.tree.css("style"), f"{path} holds an inline style"
    for node in page.tree.css("script"):
        assert node.attributes.get("src"), f"{path} holds an inline script"
    for node in page.tree.css("*"):
        for name in node.attributes:
            assert not name.startswith("on"), f"{path} holds {name}="
            assert name != "style", f"{path} holds style="
