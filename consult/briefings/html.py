"""A document as HTML: the body of a page of ours, or a whole file that asks nobody for anything."""

import base64
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from consult.briefings.blocks import Document
from consult.languages.locales import LANGUAGES

FONTS = {"400": "text-400.woff2", "700": "text-700.woff2"}


def body(document: Document) -> Markup:
    """Give the blocks, from `h2` down, without style or script, for a page of ours."""
    return Markup(_render("body.html", document))  # noqa: S704 - made by an escaping template


def facts(document: Document) -> Markup:
    """Give the masthead's facts for a page of ours."""
    return Markup(_render("head.html", document))  # noqa: S704 - made by an escaping template


def file(document: Document) -> bytes:
    """Give a whole file: style and fonts within, no request to anybody."""
    return _render("file.html", document, style=Markup(_style(document.language.dir))).encode()  # noqa: S704 - our own file


def _render(name: str, document: Document, **more: Any) -> str:
    language = document.language
    return (
        _templates()
        .get_template(name)
        .render(document=document, language=language, known=LANGUAGES, **more)
    )


@cache
def _templates() -> Environment:
    # Of its own, so that a document needs no blueprint, and no renderer can word anything.
    made = Environment(
        loader=PackageLoader("consult.briefings", "templates/briefings/document"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        kind=lambda block: type(block).__name__,
        broken=lambda text: Markup("<br>\n").join(escape(line) for line in text.split("\n")),
        # Drawn by `figures/charts.py` as XML, in which every text is escaped.
        drawing=lambda svg: Markup(svg),  # noqa: S704 - as above
    )
    return made


@cache
def _style(direction: str) -> str:
    style = files("consult.briefings").joinpath("data/document.css").read_text("utf-8")
    faces = [_face(weight, name) for weight, name in FONTS.items()] if direction == "rtl" else []
    return "\n".join([*faces, style])


def _face(weight: str, name: str) -> str:
    font = files("consult.frame").joinpath(f"static/fonts/{name}").read_bytes()
    data = base64.b64encode(font).decode()
    return (
        '@font-face { font-family: "Vazirmatn UI"; font-weight: '
        f'{weight}; src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )
