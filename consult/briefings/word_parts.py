"""The parts of a Word file that python-docx leaves to us: styles, right-to-left, our fonts."""

import io
import uuid
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from consult.languages.locales import Language

FONT = "Vazirmatn"
FONT_FILES = {"embedRegular": "Vazirmatn-Regular.ttf", "embedBold": "Vazirmatn-Bold.ttf"}
FONT_KEY = uuid.UUID("5f2a1c94-7a0b-4a5e-9d3b-0c6d1f7e8a21")
INK, SOFT, DEEP, LINE, TINT, AMBER = "16282C", "4B5C60", "0B4F55", "CFD8D6", "EEF4F2", "6A4400"
# A4 with margins of 24 mm, in twentieths of a point.
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 11906, 16838, 1361
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LANGUAGE_TAGS = {"en": "en-GB", "fr": "fr-FR", "ps": "ps-AF"}
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

# Name: half points, bold, colour, space before and after, indent, kept with what follows.
STYLES: dict[str, tuple[int, bool, str, int, int, int, bool]] = {
    "Normal": (21, False, INK, 0, 120, 0, False),
    "Title": (42, True, INK, 0, 200, 0, True),
    "Subtitle": (20, True, DEEP, 0, 40, 0, True),
    "Heading 1": (28, True, DEEP, 400, 160, 0, True),
    "Heading 2": (24, True, DEEP, 280, 100, 0, True),
    "Heading 3": (21, True, INK, 280, 120, 0, True),
    "Caption": (18, True, INK, 200, 80, 0, True),
    "Note": (17, False, SOFT, 40, 160, 0, False),
    "Table Text": (17, False, INK, 30, 30, 0, False),
    "Table Head": (16, False, SOFT, 30, 30, 0, True),
    "Quote": (21, False, INK, 80, 40, 400, True),
    "Quote Note": (17, False, SOFT, 0, 160, 400, False),
    "Header": (16, False, AMBER, 0, 0, 0, False),
    "Footer": (16, False, SOFT, 0, 0, 0, False),
}


def name(prefixed: str) -> str:
    """Give the whole name of an element or attribute: `w:val`."""
    return f"{{{_WORD}}}{prefixed.removeprefix('w:')}"


def element(tag: str, **attributes: str) -> Any:
    """Give an element with attributes of its own namespace."""
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(name(key), value)
    return made


def empty(language: Language) -> Any:
    """Give a file without content: A4, our styles, our fonts, the direction of its sections."""
    # Heavy, and never needed by a process that only serves the public.
    import docx

    made = docx.Document()
    for style, look in STYLES.items():
        _shape_style(made, style, look)
    _shape_bullets(made)
    section = made.sections[0]._sectPr
    size, margins = section.get_or_add_pgSz(), section.get_or_add_pgMar()
    size.set(name("w:w"), str(PAGE_WIDTH))
    size.set(name("w:h"), str(PAGE_HEIGHT))
    for side in ("top", "bottom", "left", "right"):
        margins.set(name(f"w:{side}"), str(MARGIN))
    if language.dir == "rtl":
        # Behind the columns, where the schema has it.
        at = section.find(name("w:cols"))
        at.addnext(element("w:bidi"))
    _embed_fonts(made)
    _drop_thumbnail(made)
    return made


def run_properties(language: Language, *, right_to_left: bool, strong: bool) -> Any:
    """Give what a run says of itself, in the order of the schema."""
    made = element("w:rPr")
    if strong:
        made.append(element("w:b"))
        made.append(element("w:bCs"))
    made.append(element("w:rtl", val="1" if right_to_left else "0"))
    tag = LANGUAGE_TAGS.get(language.id, language.html)
    made.append(element("w:lang", **({"bidi": tag} if right_to_left else {"val": tag})))
    return made


def shape_table(
    table: Any,
    widths: Sequence[int],
    language: Language,
    *,
    lines: bool = True,
    fill: str | None = None,
) -> None:
    """Give a table its widths, its direction and thin lines, or a filled box."""
    old = table._tbl.tblPr
    made = element("w:tblPr")
    if language.dir == "rtl":
        made.append(element("w:bidiVisual"))
    made.append(element("w:tblW", w=str(sum(widths)), type="dxa"))
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH") if lines and not fill else ():
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=LINE))
    made.append(borders)
    made.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="200" if fill else "50", type="dxa"))
    made.append(margins)
    table._tbl.replace(old, made)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(name("w:w"), str(width))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            properties = cell._tc.get_or_add_tcPr()
            for old_width in properties.findall(name("w:tcW")):
                properties.remove(old_width)
            properties.insert(0, element("w:tcW", w=str(width), type="dxa"))
            if fill:
                properties.append(element("w:shd", val="clear", color="auto", fill=fill))


def picture(paragraph: Any, png: bytes, width_mm: float) -> Any:
    """Put a picture into a paragraph, and give the element that holds its description."""
    from docx.shared import Mm

    inline = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width_mm))._inline
    return inline.docPr


def _shape_style(word: Any, style: str, look: tuple[int, bool, str, int, int, int, bool]) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    half_points, bold, colour, before, after, indent, keep = look
    known = [one.name for one in word.styles]
    found = word.styles[style] if style in known else None
    found = found or word.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    root = found.element
    for old in [*root.findall(name("w:pPr")), *root.findall(name("w:rPr"))]:
        root.remove(old)
    paragraph = element("w:pPr")
    if keep:
        paragraph.append(element("w:keepNext"))
    spacing = {"before": str(before), "after": str(after), "line": "276", "lineRule": "auto"}
    paragraph.append(element("w:spacing", **spacing))
    if indent:
        paragraph.append(element("w:ind", left=str(indent)))
    if style == "Header":
        paragraph.append(element("w:jc", val="center"))
    if style.startswith("Heading"):
        paragraph.append(element("w:outlineLvl", val=str(int(style[-1]) - 1)))
    root.append(paragraph)
    root.append(_style_run(half_points, bold=bold, colour=colour))


def _style_run(half_points: int, *, bold: bool, colour: str) -> Any:
    made = element("w:rPr")
    made.append(element("w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT))
    # "0" undoes what a style further up would set.
    made.append(element("w:b", val="1" if bold else "0"))
    made.append(element("w:bCs", val="1" if bold else "0"))
    made.append(element("w:color", val=colour))
    made.append(element("w:sz", val=str(half_points)))
    made.append(element("w:szCs", val=str(half_points)))
    return made


def _shape_bullets(word: Any) -> None:
    """Keep the bullets of the template; only their letters are ours, from "Normal"."""
    root = word.styles["List Bullet"].element
    for old in root.findall(name("w:rPr")):
        root.remove(old)


def _embed_fonts(word: Any) -> None:
    """Put the fonts into the file, so that it looks the same where they are not installed."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    table = next(
        relation.target_part
        for relation in word.part.rels.values()
        if relation.reltype.endswith("/fontTable")
    )
    entries = []
    for kind, font in FONT_FILES.items():
        blob = files("consult.briefings").joinpath(f"fonts/{font}").read_bytes()
        uri = PackURI(f"/word/fonts/{kind}.odttf")
        part = Part(uri, _OBFUSCATED, _obfuscated(blob), table.package)
        key = f"{{{str(FONT_KEY).upper()}}}"
        relation = table.relate_to(part, f"{_RELATIONS}/font")
        entries.append(f'<w:{kind} r:id="{relation}" w:fontKey="{key}"/>')
    table._blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:fonts xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}"><w:font w:name="{FONT}">'
        f'<w:family w:val="swiss"/><w:pitch w:val="variable"/>{"".join(entries)}</w:font></w:fonts>'
    ).encode()
    settings = word.settings.element
    settings.insert(1, element("w:embedTrueTypeFonts"))


def _drop_thumbnail(word: Any) -> None:
    """Take out the little picture of the template, which is of another document."""
    relations = word.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[key]


def _obfuscated(font: bytes) -> bytes:
    """Turn the first 32 bytes as ECMA-376 part 4, section 2.8.1 asks: by the key, backwards."""
    key = FONT_KEY.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(font[:32], key, strict=True)) + font[32:]
