"""A document as a file in one of four formats, all from the same model."""

from enum import StrEnum

from consult.briefings import html, markdown, pdf, word
from consult.briefings.blocks import Document


class Format(StrEnum):
    """The formats, as commands and addresses name them."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"

    @property
    def mimetype(self) -> str:
        """Give the type that a browser is told."""
        return _TYPES[self]


_TYPES = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PDF: "application/pdf",
    Format.HTML: "text/html; charset=utf-8",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
}


def make(document: Document, kind: Format) -> bytes:
    """Give the file; nothing is written anywhere."""
    match kind:
        case Format.DOCX:
            return word.file(document)
        case Format.PDF:
            return pdf.file(document)
        case Format.HTML:
            return html.file(document)
        case Format.MARKDOWN:
            return markdown.file(document)


def name(slug: str, document: Document, kind: Format) -> str:
    """Give a file name of plain letters."""
    return f"{slug}-briefing-{document.language.segment}.{kind.value}"
