"""A document as Markdown (CommonMark with tables). What people wrote is never markup."""

import re
from collections.abc import Iterable, Iterator

from consult.briefings import blocks
from consult.briefings.blocks import Block, Document, Run, Table

LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
# What begins a line may be read as a list, a heading or a rule.
_AT_START = re.compile(r"^(\s*)([-+=>]|\d{1,9}(?=[.)](?:\s|$)))")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|xmpp|mailto|javascript|data):")
_SITE = re.compile(r"(?i)\bwww\.")


def file(document: Document) -> bytes:
    """Give the file."""
    return ("\n\n".join(_parts(document)) + "\n").encode()


def escaped(text: str) -> str:
    """Give one line of text so that Markdown shows just it."""
    said = " ".join(text.split())
    said = _SPECIAL.sub(r"\\\1", said)
    said = _ADDRESS.sub(r"\1\\:", said)
    said = _SITE.sub(lambda found: found[0][:-1] + r"\.", said)
    return _AT_START.sub(_guarded, said)


def _guarded(found: re.Match[str]) -> str:
    mark = found[2]
    # A number may not be escaped, the dot behind it may; a joiner between them does the same.
    return f"{found[1]}{mark}\u2060" if mark.isdigit() else f"{found[1]}\\{mark}"


def _parts(document: Document) -> Iterator[str]:
    language = document.language
    turned = language.dir == "rtl"
    if turned:
        yield f'<div lang="{language.html}" dir="rtl">'
    if document.mark:
        yield f"**{escaped(document.mark)}**"
    yield escaped(document.kind)
    yield f"# {_said(document.title, document)}"
    facts = [f"{escaped(f.name)}{document.colon}{_said(f.value, document)}" for f in document.facts]
    yield "\n".join(f"- {fact}" for fact in facts)
    for block in document.blocks:
        yield from _block(block, document)
    if turned:
        yield "</div>"


def _block(block: Block, document: Document) -> Iterator[str]:
    match block:
        case blocks.Heading():
            yield f"{'#' * (block.level + 1)} {escaped(block.text)}"
        case blocks.Paragraph():
            yield _all(block.runs, document)
        case blocks.Bullets():
            yield _list(block.items, document)
        case blocks.SummaryBox():
            yield f"## {escaped(block.title)}"
            yield _list(block.items, document)
        case blocks.Table():
            yield from _table(block, document)
        case blocks.Chart():
            # The drawing says what the sentence before it and the table below it say.
            yield f"*{escaped(document.chart_word)}{document.colon}{escaped(block.caption)}*"
        case blocks.Quote():
            yield from _quote(block, document)
        case blocks.Finding():
            yield f"### {escaped(block.number)}\u00a0· {_all(block.runs, document)}"
        case blocks.Recommendation():
            yield f"**{escaped(block.number)}** {_all(block.runs, document)}"
            if block.made_by:
                yield escaped(block.made_by)


def _table(table: Table, document: Document) -> Iterator[str]:
    columns = len(table.head)
    lines = [_line(map(escaped, table.head)), _line(["---"] + ["---:"] * (columns - 1))]
    for row in table.rows:
        cells = [_said(cell, document) for cell in row.cells]
        if row.band:
            cells = [f"**{cells[0]}**", *[""] * (columns - 1)]
        lines.append(_line(cells))
    yield f"**{escaped(document.table_word)}{document.colon}{escaped(table.caption)}**"
    yield "\n".join(lines)
    if table.note:
        yield escaped(table.note)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _quote(quote: blocks.Quote, document: Document) -> Iterator[str]:
    lines = [*_words(quote.words, document)]
    if quote.translation is not None:
        lines += ["", f"*{escaped(quote.translated)}*", "", *_words(quote.translation, document)]
    lines += ["", f"— {escaped(quote.line)}"]
    whole = "\n".join(lines).split("\n")
    yield "\n".join(f"> {line}".rstrip() for line in whole)


def _words(run: Run, document: Document) -> Iterator[str]:
    """Give quoted words, a direction of their own around them where it is not the document's."""
    direction = run.direction(document.language)
    turned = direction != document.language.dir
    if turned:
        language = run.language(document.language)
        yield f'<div lang="{language.html}" dir="{direction}">'
        yield ""
    yield "\\\n".join(escaped(line) for line in run.text.split("\n"))
    if turned:
        yield ""
        yield "</div>"


def _list(runs: Iterable[Run], document: Document) -> str:
    return "\n".join(f"- {_said(run, document)}" for run in runs)


def _all(runs: Iterable[Run], document: Document) -> str:
    return "".join(_said(run, document) for run in runs)


def _said(run: Run, document: Document) -> str:
    text = escaped(run.text)
    direction = run.direction(document.language)
    if direction != document.language.dir:
        text = f"{RLI if direction == 'rtl' else LRI}{text}{PDI}"
    return f"**{text}**" if run.strong else text
