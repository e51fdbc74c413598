"""Four formats from one document: the same words and numbers, and nobody's text is ever markup."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from lxml import etree
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from consult.briefings import blocks, files, markdown
from consult.briefings.blocks import (
    Bullets,
    Chart,
    Document,
    Fact,
    Finding,
    Heading,
    Paragraph,
    Quote,
    Recommendation,
    Row,
    Run,
    SummaryBox,
    Table,
)
from consult.briefings.files import Format

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><rect width="9" height="9"/></svg>'
HOSTILE = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "hostile_inputs.jsonl").read_text("utf-8").splitlines()
]
KINDS = ("markup", "template", "formula", "bidi", "control", "honest", "encoding", "translation")
STRINGS = [
    (one["id"], one["value"])
    for one in HOSTILE
    if one["category"] in KINDS and isinstance(one["value"], str)
]


def a_document(locale: str = "en", said: str = "Said by somebody.", quote: str = "en") -> Document:
    """A document with each block, in each place the text that somebody wrote."""
    run = Run(said)
    return blocks.cleaned(
        Document(
            locale=locale,
            kind="Briefing summary",
            title=Run("A title"),
            mark="Draft",
            facts=(Fact("For", run),),
            blocks=(
                SummaryBox("In short", (run,)),
                Heading(1, "Part"),
                Paragraph((run, Run(" and more", strong=True))),
                Bullets((run,)),
                Table(
                    said,
                    ("Group", "Submissions", "Share"),
                    (
                        Row((Run("Band"),), band=True),
                        Row((run, Run("1,234"), Run("62%"))),
                        Row((Run("Other"), Run("hidden"), Run("hidden"))),
                    ),
                    "A note.",
                ),
                Chart("A chart", SVG, said),
                Heading(1, "Findings"),
                Finding("1", (run,)),
                Quote(Run(said, None if quote == locale else quote), said, Run(said), "Translated"),
                Heading(1, "Recommendations"),
                Heading(2, "Donors"),
                Recommendation("R1", (run,), said),
            ),
            table_word="Table",
            chart_word="Chart",
            colon=": ",
        )
    )


@cache
def made(locale: str, kind: Format) -> bytes:
    return files.make(
        a_document(locale, "سخن ۶۲٪" if locale in ("fa_AF", "ps") else "Word 62%"), kind
    )


def word_xml(content: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def word_text(content: bytes) -> str:
    parts = [word_xml(content, f"word/{name}.xml") for name in ("header1", "document", "footer1")]
    return "\n".join("".join(p.itertext(f"{W}t")) for part in parts for p in part.iter(f"{W}p"))


def pdf_text(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "made.pdf"
    file.write_bytes(content)
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
        return done.stdout.decode()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def office_text(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "made.docx"
    file.write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        + ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(file)],
        capture_output=True,
        check=True,
        timeout=100,
    )
    return (tmp_path / "made.txt").read_text("utf-8-sig")


def html_text(content: bytes) -> str:
    body = LexborHTMLParser(content.decode()).body
    return body.text(separator=" ") if body else ""


@pytest.mark.parametrize("locale", ["en", "fr", "fa_AF", "ps"])
@pytest.mark.parametrize("kind", list(Format))
def test_each_format_holds_every_word_and_number(locale, kind, tmp_path):
    content = made(locale, kind)
    text = {
        Format.DOCX: lambda: word_text(content),
        Format.PDF: lambda: pdf_text(content, tmp_path),
        Format.HTML: lambda: html_text(content),
        Format.MARKDOWN: content.decode,
    }[kind]()
    for wanted in ("Findings", "1,234", "62%", "hidden", "R1", "Draft", "A note"):
        assert wanted in text, wanted


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here")
def test_another_program_reads_the_word_file(tmp_path):
    text = office_text(made("ps", Format.DOCX), tmp_path)
    for wanted in ("Findings", "1,234", "hidden", "سخن ۶۲٪"):
        assert wanted in text


def test_word_says_right_to_left_everywhere_it_can():
    body = word_xml(made("fa_AF", Format.DOCX))
    for paragraph in body.iter(f"{W}p"):
        assert paragraph.find(f"{W}pPr/{W}bidi") is not None
    tables = list(body.iter(f"{W}tbl"))
    assert tables
    assert all(table.find(f"{W}tblPr/{W}bidiVisual") is not None for table in tables)
    runs = [run for run in body.iter(f"{W}r") if run.find(f"{W}t") is not None]
    own = [run for run in runs if run.find(f"{W}rPr/{W}rtl").get(f"{W}val") == "1"]
    assert own
    assert {run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") for run in own} == {"fa-AF"}
    for bold in body.iter(f"{W}b"):
        assert bold.getparent().find(f"{W}bCs") is not None
    styles = word_xml(made("fa_AF", Format.DOCX), "word/styles.xml")
    fonts = {font.get(f"{W}cs") for font in styles.iter(f"{W}rFonts")} - {None}
    assert "Vazirmatn" in fonts


def test_a_quote_in_another_direction_has_its_own():
    content = files.make(a_document("ps", "Une phrase, dite.", "fr"), Format.DOCX)
    quoted = [
        paragraph
        for paragraph in word_xml(content).iter(f"{W}p")
        if paragraph.find(f"{W}pPr/{W}pStyle") is not None
        and paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Quote"
    ]
    assert [p.find(f"{W}pPr/{W}bidi").get(f"{W}val") for p in quoted] == ["0", "1"]
    assert quoted[0].find(f"{W}r/{W}rPr/{W}lang").get(f"{W}val") == "fr-FR"
    page = LexborHTMLParser(files.make(a_document("ps", "Une phrase.", "fr"), Format.HTML).decode())
    quote = page.css_first("blockquote")
    assert (quote.attributes["lang"], quote.attributes["dir"]) == ("fr", "ltr")


def test_word_tables_repeat_their_head_and_a_chart_says_what_it_shows():
    content = made("en", Format.DOCX)
    word = docx.Document(io.BytesIO(content))
    heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in word.tables[2].rows]
    assert heads == [True, False, False, False]
    drawing = next(node for node in word.element.body.iter() if str(node.tag).endswith("}docPr"))
    assert drawing.get("descr") == "Word 62%"
    assert word.core_properties.author == ""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]


@pytest.mark.parametrize("locale", ["en", "ps"])
def test_the_pdf_is_tagged_has_its_fonts_inside_and_names_language_and_title(locale):
    reader = PdfReader(io.BytesIO(made(locale, Format.PDF)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == {"en": "en", "ps": "ps-AF", "fa_AF": "fa-AF"}.get(locale) or root[
        "/Lang"
    ].startswith(locale)
    assert reader.metadata.title == "A title"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    fonts = {
        font.get_object()["/BaseFont"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Vazirmatn" in font for font in fonts)


def test_pages_are_numbered_in_the_digits_of_the_document(tmp_path):
    long = replace(
        a_document("fa_AF"), blocks=tuple(Paragraph((Run("سخن " * 400),)) for _ in range(4))
    )
    text = pdf_text(files.make(long, Format.PDF), tmp_path)
    assert "۲" in text
    assert not re.search("^[0-9]+$", text, re.M)


def test_the_html_file_asks_nobody_for_anything():
    text = made("ps", Format.HTML).decode()
    tree = LexborHTMLParser(text)
    assert not tree.css("script, link, iframe, img, object")
    assert not re.search(r"(?:src|href)\s*=", text)
    assert set(re.findall(r"url\(\"([a-z]+):", text)) == {"data"}
    assert tree.css_first("html").attributes["dir"] == "rtl"


@pytest.mark.parametrize(("name", "value"), STRINGS, ids=[name for name, _value in STRINGS])
def test_what_people_wrote_is_text_in_html_markdown_and_word(name, value):
    document = a_document("en", value)
    kept = document.facts[0].value.text
    page = LexborHTMLParser(files.make(document, Format.HTML).decode())
    plain = LexborHTMLParser(
        files.make(a_document("en", "x" if kept else ""), Format.HTML).decode()
    )
    breaks = kept.count("\n")
    assert len(page.css("*:not(br)")) == len(plain.css("*:not(br)"))
    assert breaks == 0 or page.css("br")
    lines = files.make(document, Format.MARKDOWN).decode().split("\n")
    assert not [line for line in lines if re.match(r"^\s*<(?!/?div\b)", line)]
    content = files.make(document, Format.DOCX)
    squeezed = "".join(kept.split())
    assert squeezed in "".join(word_text(content).split())
    docx.Document(io.BytesIO(content))


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_wrote_is_text_in_a_pdf(kind, tmp_path):
    values = [
        one["value"] for one in HOSTILE if one["category"] == kind and isinstance(one["value"], str)
    ]
    run = tuple(Paragraph((Run(value),)) for value in values)
    document = replace(a_document(), blocks=run)
    content = files.make(blocks.cleaned(document), Format.PDF)
    text = "".join(pdf_text(content, tmp_path).split())
    for value in values:
        if value.isascii() and value.isprintable() and len(value) < 60:
            assert "".join(value.split()) in text
    names = content.lower()
    assert b"/javascript" not in names
    assert b"/launch" not in names


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("*bold* _it_ `c`", r"\*bold\* \_it\_ \`c\`"),
        ("# head", r"\# head"),
        ("- list", r"\- list"),
        ("1. list", "1\u2060. list"),
        ("1.7 hours", "1.7 hours"),
        ("<b>x</b>", r"\<b\>x\</b\>"),
        ("[a](http://b)", r"\[a\](http\://b)"),
        ("www.evil.example", r"www\.evil.example"),
        ("a | b", r"a \| b"),
        ("a&lt;b", r"a\&lt;b"),
        ("one\n    two", "one two"),
    ],
)
def test_markdown_shows_just_what_was_written(said, wanted):
    assert markdown.escaped(said) == wanted


def test_what_no_file_can_hold_is_taken_out():
    assert blocks.writable("a\x00b\x1b\ud800\ufffe\u202ec\nd\t\u200ce") == "abc\nd\t\u200ce"
