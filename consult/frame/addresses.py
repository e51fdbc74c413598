"""The paths of the outside (PRODUCT section 4), for any room, and the language in them.

A route begins with `/<language:segment>/`; views do not get the segment, since the language of a
page is `languages.locales.current()`, and `url_for` fills it in by itself.
"""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Request
from werkzeug.routing import BaseConverter

from consult.languages.locales import ALIASES, LANGUAGES, Language, current, known

SEGMENTS = tuple(language.segment for language in LANGUAGES.values())


class LanguageConverter(BaseConverter):
    """The first part of a path: one of the segments of the language table."""

    regex = "|".join(SEGMENTS)


class CodeConverter(BaseConverter):
    """A public code: five of a-z and 0-9 with a digit, so that it is never a word of a path.

    Phones begin words with a capital letter, and codes are typed from paper, so case is alike.
    """

    regex = "(?=[A-Za-z]*[0-9])[A-Za-z0-9]{5}"

    def to_python(self, value: str) -> str:
        """Give the code as it is stored."""
        return value.lower()


class SlugConverter(BaseConverter):
    """The name that staff know a consultation by."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


def home(language: Language | str) -> str:
    """Give the path of the list of open consultations; `language` is a language or its id."""
    return f"/{_segment(language)}/"


def form(language: Language | str, code: str) -> str:
    """Give the path of a consultation's form."""
    return f"/{_segment(language)}/{code}"


def report(language: Language | str, code: str) -> str:
    """Give the path of a consultation's report-back."""
    return f"/{_segment(language)}/{code}/report"


def receipt(language: Language | str) -> str:
    """Give the path at which a receipt code is typed."""
    return f"/{_segment(language)}/receipt"


def safety(language: Language | str) -> str:
    """Give the path of the page on how to stay safe."""
    return f"/{_segment(language)}/safety"


def leave() -> str:
    """Give the path that leaves at once."""
    return "/x"


def staff(language: Language | str, slug: str | None = None, *parts: str) -> str:
    """Give the path of the desk, of a consultation, or of a page below it.

    `staff("en")` is the desk, `staff("en", "inclusive-peace", "figures")` a consultation's page.
    """
    below = "/".join(quote(part, safe="") for part in ([slug] if slug else []) + list(parts))
    return f"/{_segment(language)}/staff/{below}"


def sign_in(language: Language | str, then: str | None = None) -> str:
    """Give the path of the sign-in page; `then` is the path to go to afterwards."""
    path = staff(language, None, "sign-in")
    return f"{path}?{urlencode({'next': then})}" if then else path


def is_staff(path: str) -> bool:
    """Say whether a path belongs to staff; only there is a cookie read or set."""
    parts = path.split("/", 3)
    return len(parts) > 2 and parts[1] in SEGMENTS and parts[2] == "staff"


def other_language(path: str, language: Language | str) -> str:
    """Give the same page in another language; a path without a language leads to the home page."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{_segment(language)}/{rest}" if first in SEGMENTS else home(language)


def alias(path: str) -> str | None:
    """Give the path that a name such as `/dari/…` stands for, or nothing."""
    first, slash, rest = path.removeprefix("/").partition("/")
    segment = ALIASES.get(first.lower())
    return f"/{segment}{slash or '/'}{rest}" if segment else None


def whole(request: Request) -> str:
    """Give path and query of a request, to come back to it."""
    return request.full_path if request.query_string else request.path


def install(app: Flask) -> None:
    """Teach an application the parts of our paths."""
    app.url_map.converters.update(
        language=LanguageConverter, code=CodeConverter, slug=SlugConverter
    )
    app.url_value_preprocessor(_drop_segment)
    app.url_defaults(_fill_segment(app))


def _segment(language: Language | str) -> str:
    if isinstance(language, Language):
        return language.segment
    name = known(language)
    if name is None:
        raise ValueError(f"no language is called {language!r}")
    return LANGUAGES[name].segment


def _drop_segment(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.pop("segment", None)


def _fill_segment(app: Flask) -> Any:
    def fill(endpoint: str, values: dict[str, Any]) -> None:
        if "segment" not in values and app.url_map.is_endpoint_expecting(endpoint, "segment"):
            values["segment"] = current().segment

    return fill
