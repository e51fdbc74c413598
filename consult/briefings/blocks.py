"""What a document is made of: worded, numbered and ordered, so that a renderer decides nothing.

Pure, and light: a published document is read from its JSON by pages that load nothing heavy.
"""

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from consult.languages import formats
from consult.languages.formats import Direction
from consult.languages.locales import LANGUAGES, Language

_KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True)
class Run:
    """Words in one language; `locale` is None for the document's own."""

    text: str
    locale: str | None = None
    strong: bool = False

    def language(self, document: Language) -> Language:
        """Give the language that these words are in."""
        return LANGUAGES.get(self.locale or "", document)

    def direction(self, document: Language) -> Direction:
        """Give their direction; words of a language that nobody told have that of their letters."""
        if self.locale is None or self.locale in LANGUAGES:
            return self.language(document).dir
        return formats.first_strong_direction(self.text, document.dir)


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is a part of the document, 2 stands below it."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; `quiet` ones are notes."""

    runs: tuple[Run, ...]
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list without numbers."""

    items: tuple[Run, ...]


@dataclass(frozen=True)
class SummaryBox:
    """What somebody reads who reads nothing else."""

    title: str
    items: tuple[Run, ...]


@dataclass(frozen=True)
class Row:
    """A line of a table; its first cell is its heading. A `band` names the lines below it."""

    cells: tuple[Run, ...]
    band: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the first column holds words, the others numbers, or what stands for them."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing, and the sentence that says it; its numbers stand in the table beside it."""

    caption: str
    svg: str
    says: str


@dataclass(frozen=True)
class References:
    """The rows of `published_quote` that hold the words of a published quote, in hex."""

    words: str
    line: str
    translation: str = ""


@dataclass(frozen=True)
class Quote:
    """Words that somebody said, and their translation, which `translated` says is one.

    In a published document the words lie in rows of their own, which `kept` names.
    """

    words: Run
    line: str
    translation: Run | None = None
    translated: str = ""
    kept: References | None = None
    source: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found; its evidence are the blocks that follow."""

    number: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Recommendation:
    """What somebody is asked to do, and who asks for it."""

    number: str
    runs: tuple[Run, ...]
    made_by: str


Block: TypeAlias = (
    Heading | Paragraph | Bullets | SummaryBox | Table | Chart | Quote | Finding | Recommendation
)


@dataclass(frozen=True)
class Fact:
    """A line of the masthead."""

    name: str
    value: Run


@dataclass(frozen=True)
class Document:
    """One briefing in one language.

    `mark` stands at the head of every page: that it is a draft, or a demonstration.
    `table_word` and `chart_word` are what captions begin with; `colon` stands behind their number.
    """

    locale: str
    kind: str
    title: Run
    mark: str
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]
    table_word: str
    chart_word: str
    colon: str

    @property
    def language(self) -> Language:
        """Give the language of the document."""
        return LANGUAGES[self.locale]


_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(Run, Heading, Paragraph, Bullets, SummaryBox, Row, Table, Chart, References),
        *(Quote, Finding, Recommendation, Fact, Document),
    )
}


def writable(text: str) -> str:
    """Give a text without what no file can hold or what would turn the text around it."""
    return formats.clean_bidi("".join(c for c in text if _is_writable(c)))


def cleaned(document: Document) -> Document:
    """Give a document all of whose texts can be written into any file."""
    made = _mapped(document, writable)
    assert isinstance(made, Document)  # noqa: S101 - what goes in comes out
    return made


def to_json(part: Any) -> Any:
    """Give a document, or a part of one, as plain data."""
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        values = {f.name: to_json(getattr(part, f.name)) for f in dataclasses.fields(part)}
        return {"kind_of": type(part).__name__, **values}
    return [to_json(one) for one in part] if isinstance(part, tuple) else part


def from_json(data: Any) -> Any:
    """Give back what `to_json` gave. Raises `KeyError` or `TypeError` for anything else."""
    if isinstance(data, Mapping):
        values = {name: from_json(value) for name, value in data.items() if name != "kind_of"}
        return _KINDS[data["kind_of"]](**values)
    return tuple(from_json(one) for one in data) if isinstance(data, list) else data


def _mapped(part: Any, change: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return change(part)
    if isinstance(part, tuple):
        return tuple(_mapped(one, change) for one in part)
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        values = {f.name: _mapped(getattr(part, f.name), change) for f in dataclasses.fields(part)}
        return dataclasses.replace(part, **values)
    return part


def _is_writable(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    # Noncharacters, such as U+FFFE, are no characters of XML.
    return unicodedata.category(character) not in ("Cc", "Cs") and ord(character) & 0xFFFE != 0xFFFE
