"""A document as PDF, tagged for screen readers (PDF/UA-1), made by Typst with our own fonts."""

import json
import warnings
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any, Literal, TypeAlias

from consult.briefings import blocks
from consult.briefings.blocks import Document, Run
from consult.languages.locales import LANGUAGES

Standard: TypeAlias = Literal["ua-1"]

ACCESSIBLE: Standard = "ua-1"
NO_LETTER = "could not be displayed"
EASTERN = "eastern"
LATIN = "latin"
# Letters with marks above and below need more room between the lines.
LEADING = {"rtl": 0.95, "ltr": 0.72}
PNG_PPI = 216.0
_DRAWING = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def file(document: Document) -> bytes:
    """Give the file."""
    import typst

    source = files("consult.briefings").joinpath("data/document.typ").read_bytes()
    inputs = {"document": json.dumps(_prepared(document))}
    try:
        return _compiled(source, inputs, "pdf", [ACCESSIBLE])
    except typst.TypstError as error:
        # A letter that no font has, such as an emoji in a quote, is shown as a box; then the file
        # may not claim the standard, and is tagged all the same.
        if NO_LETTER not in str(error):
            raise
        return _compiled(source, inputs, "pdf", [])


def png(svg: str) -> bytes:
    """Give a drawing as a picture, for files that hold no SVG."""
    return _compiled(_DRAWING, {"svg": svg}, "png", [])


def _prepared(document: Document) -> dict[str, Any]:
    language = document.language
    # Typst and the files tell Dari as `fa` in Afghanistan.
    name, _dash, region = language.html.partition("-")
    whole = blocks.to_json(document)
    assert isinstance(whole, dict)  # noqa: S101 - a document is one
    made: dict[str, Any] = _with_directions(whole, document)
    return {
        **made,
        "lang": name,
        "region": region or None,
        "dir": language.dir,
        "digits": EASTERN if language.dir == "rtl" else LATIN,
        "leading": LEADING[language.dir],
    }


def _with_directions(data: Any, document: Document) -> Any:
    """Give each run its language and direction in so many words."""
    if isinstance(data, list):
        return [_with_directions(one, document) for one in data]
    if not isinstance(data, Mapping):
        return data
    if data.get("kind_of") != Run.__name__:
        return {name: _with_directions(value, document) for name, value in data.items()}
    run: Run = blocks.from_json(data)
    direction = run.direction(document.language)
    told = run.locale is None or run.locale in LANGUAGES
    name, _dash, region = run.language(document.language).html.partition("-")
    return {
        "text": run.text,
        "strong": run.strong,
        "own": run.locale is None and direction == document.language.dir,
        "lang": name if told else None,
        "region": (region or None) if told else None,
        "dir": direction,
    }


def _compiled(
    source: bytes, inputs: dict[str, str], kind: Literal["pdf", "png"], standards: list[Standard]
) -> bytes:
    # Heavy, and never needed by a process that only serves the public.
    import typst

    with as_file(files("consult.briefings").joinpath("fonts")) as folder:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)]
        )
        with warnings.catch_warnings():
            # It would tell on the terminal what somebody wrote.
            warnings.simplefilter("ignore", typst.TypstWarning)
            made = typst.Compiler(source, font_paths=fonts, sys_inputs=inputs).compile(
                format=kind,
                ppi=PNG_PPI,
                pdf_standards=list(standards),
            )
    found = made[0] if isinstance(made, list) else made
    assert found is not None  # noqa: S101 - without a file to write to, the content is given
    return found
