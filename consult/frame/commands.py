"""For developers: makes the two small fonts of the pages from the whole ones (docs/design.md)."""

from pathlib import Path

import click

from consult.errors import BadInput
from consult.frame.refusals import Commands
from consult.frame.static import FOLDER

# Every letter of Dari and Pashto, and the Arabic twins that people type for some of them.
LETTERS = (
    "آاأإءبپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکگګلمنڼوؤهۀة"
    "یېۍئيىكھە"  # noqa: RUF001 - the twins are meant
)
MARKS = "".join(map(chr, range(0x064B, 0x0656))) + "\u0670"
DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
SIGNS = " \u00a0.:()/-!+·•،؛؟٪٫٬«»…–—“”‘’×\u200c\u200d\u200e\u200f"  # noqa: RUF001 - meant
WEIGHTS = {"Regular": "text-400.woff2", "Bold": "text-700.woff2"}


@click.group("fonts", cls=Commands)
def fonts() -> None:
    """Fonts of the pages (developers only; needs requirements-dev.txt)."""


@fonts.command("build")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def build(source: Path) -> None:
    """Make the subsets from SOURCE, the folder of Vazirmatn's TTF files."""
    for weight, name in WEIGHTS.items():
        file = source / f"Vazirmatn-{weight}.ttf"
        if not file.exists():
            raise BadInput(f"{file.name} is not in {source}")
        target = FOLDER / "fonts" / name
        subset(file, target)
        click.echo(f"{target.name}: {target.stat().st_size} bytes")


def subset(source: Path, target: Path) -> None:
    """Write the part of a font that our pages use, with all joining rules, as woff2."""
    # A developers' package without types, absent where the program runs.
    from fontTools import subset as tool  # type: ignore[import-untyped]

    options = tool.Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]  # copyright and licence stay in the file
    font = tool.load_font(str(source), options)
    cutter = tool.Subsetter(options)
    cutter.populate(text=LETTERS + MARKS + DIGITS + SIGNS)
    cutter.subset(font)
    tool.save_font(font, str(target), options)
