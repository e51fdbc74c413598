"""A document for Word: every paragraph and run says its own direction and language."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from consult.briefings import blocks, pdf, word_parts
from consult.briefings.blocks import Block, Document, Run
from consult.briefings.word_parts import TEXT_WIDTH, element
from consult.languages import formats

CHART_WIDTH_MM = 90


def file(document: Document) -> bytes:
    """Give the file."""
    written = _Writing(document)
    written.head()
    for block in document.blocks:
        written.block(block)
    made = io.BytesIO()
    written.word.save(made)
    return made.getvalue()


class _Writing:
    """One file while it is written."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.language = document.language
        self.word = word_parts.empty(document.language)
        self._tables, self._charts = count(1), count(1)
        properties = self.word.core_properties
        properties.title = document.title.text[:255]
        properties.language = self.language.html
        properties.author = properties.comments = properties.last_modified_by = ""
        # No hour of anybody's work.
        properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
        section = self.word.sections[0]
        self._fill(section.header.paragraphs[0], "Header", (Run(document.mark),))
        footer = section.footer.paragraphs[0]
        self._fill(footer, "Footer", (document.title, Run(" · ")))
        for part in ("begin", None, "end"):
            footer._p.append(self._page_field(part))

    def head(self) -> None:
        """Write the masthead."""
        self._paragraph("Subtitle", (Run(self.document.kind),))
        self._paragraph("Title", (self.document.title,))
        rows = [(Run(fact.name, strong=True), fact.value) for fact in self.document.facts]
        table = self._grid(len(rows), 2, (0.25, 0.75), lines=True)
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, run in zip(cells.cells, row, strict=True):
                self._fill(cell.paragraphs[0], "Table Text", (run,))

    def block(self, block: Block) -> None:
        """Write one block."""
        match block:
            case blocks.Heading():
                self._paragraph(f"Heading {block.level}", (Run(block.text),))
            case blocks.Paragraph():
                self._paragraph("Note" if block.quiet else "Normal", block.runs)
            case blocks.Bullets():
                for run in block.items:
                    self._paragraph("List Bullet", (run,))
            case blocks.SummaryBox():
                self._box(block)
            case blocks.Table():
                self._table(block)
            case blocks.Chart():
                self._chart(block)
            case blocks.Quote():
                self._quote(block)
            case blocks.Finding():
                self._paragraph("Heading 3", (Run(f"{block.number} · "), *block.runs))
            case blocks.Recommendation():
                number = Run(f"\u2066{block.number}\u2069  ", strong=True)
                self._paragraph("Normal", (number, *block.runs), keep=bool(block.made_by))
                if block.made_by:
                    self._paragraph("Note", (Run(block.made_by),))

    def _box(self, box: blocks.SummaryBox) -> None:
        (cell,) = self._grid(1, 1, (1.0,), fill=word_parts.TINT).rows[0].cells
        self._fill(cell.paragraphs[0], "Heading 2", (Run(box.title),))
        for run in box.items:
            self._fill(cell.add_paragraph(), "List Bullet", (run,))
        self._paragraph("Note", ())

    def _table(self, table: blocks.Table) -> None:
        number = formats.number(next(self._tables), self.language)
        caption = f"{self.document.table_word} {number}{self.document.colon}{table.caption}"
        self._paragraph("Caption", (Run(caption),), keep=True)
        others = len(table.head) - 1
        width = min(0.16, 0.74 / others)
        made = self._grid(len(table.rows) + 1, others + 1, (1 - width * others, *[width] * others))
        made._tbl.tblPr.append(element("w:tblCaption", val=table.caption[:250]))
        head = made.rows[0]
        properties = head._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        properties.append(element("w:tblHeader"))
        self._cells(head.cells, [Run(text) for text in table.head], style="Table Head")
        for row, line in zip(table.rows, made.rows[1:], strict=True):
            line._tr.get_or_add_trPr().append(element("w:cantSplit"))
            if row.band:
                cell = line.cells[0].merge(line.cells[-1])
                run = Run(row.cells[0].text, row.cells[0].locale, strong=True)
                self._fill(cell.paragraphs[0], "Table Text", (run,), keep=True)
            else:
                self._cells(line.cells, row.cells)
        self._paragraph("Note", (Run(table.note),))

    def _cells(
        self, cells: Sequence[Any], runs: Sequence[Run], *, style: str = "Table Text"
    ) -> None:
        for position, (cell, run) in enumerate(zip(cells, runs, strict=True)):
            self._fill(cell.paragraphs[0], style, (run,), end=position > 0)

    def _chart(self, chart: blocks.Chart) -> None:
        number = formats.number(next(self._charts), self.language)
        caption = f"{self.document.chart_word} {number}{self.document.colon}{chart.caption}"
        self._paragraph("Caption", (Run(caption),), keep=True)
        paragraph = self._paragraph("Normal", ())
        picture = word_parts.picture(paragraph, pdf.png(chart.svg), CHART_WIDTH_MM)
        picture.set("descr", chart.says)
        picture.set("title", chart.caption)

    def _quote(self, quote: blocks.Quote) -> None:
        self._spoken(quote.words)
        if quote.translation is not None:
            self._paragraph("Quote Note", (Run(quote.translated),), keep=True)
            self._spoken(quote.translation)
        self._paragraph("Quote Note", (Run(f"— {quote.line}"),))

    def _spoken(self, run: Run) -> None:
        """Write quoted words as a paragraph of their own direction."""
        self._paragraph("Quote", (run,), direction=run.direction(self.language), keep=True)

    def _grid(self, rows: int, columns: int, widths: Sequence[float], **look: Any) -> Any:
        made = self.word.add_table(rows, columns)
        word_parts.shape_table(made, [int(TEXT_WIDTH * w) for w in widths], self.language, **look)
        return made

    def _paragraph(self, style: str, runs: Iterable[Run], **how: Any) -> Any:
        return self._fill(self.word.add_paragraph(), style, runs, **how)

    def _fill(
        self,
        paragraph: Any,
        style: str,
        runs: Iterable[Run],
        *,
        direction: str | None = None,
        keep: bool = False,
        end: bool = False,
    ) -> Any:
        paragraph.style = self.word.styles[style]
        properties = paragraph._p.get_or_add_pPr()
        if keep:
            properties.append(element("w:keepNext"))
        rtl = (direction or self.language.dir) == "rtl"
        properties.append(element("w:bidi", val="1" if rtl else "0"))
        if end:
            properties.append(element("w:jc", val="end"))
        for run in runs:
            paragraph._p.append(self._run(run))
        return paragraph

    def _run(self, run: Run) -> Any:
        made = element("w:r")
        properties = word_parts.run_properties(
            run.language(self.language),
            right_to_left=run.direction(self.language) == "rtl",
            strong=run.strong,
        )
        made.append(properties)
        for position, line in enumerate(run.text.split("\n")):
            if position:
                made.append(element("w:br"))
            text = element("w:t")
            text.text = line.replace("\t", " ")
            text.set(word_parts.SPACE, "preserve")
            made.append(text)
        return made

    def _page_field(self, part: str | None) -> Any:
        """Give one of the three runs of the field that counts pages."""
        made = element("w:r")
        made.append(
            word_parts.run_properties(
                self.language, right_to_left=self.language.dir == "rtl", strong=False
            )
        )
        if part:
            field = element("w:fldChar")
            field.set(word_parts.name("w:fldCharType"), part)
        else:
            field = element("w:instrText")
            field.text = "PAGE"
        made.append(field)
        return made
