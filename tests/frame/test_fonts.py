"""The fonts that ship hold every letter of Dari and Pashto, and join them."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from consult.frame import commands
from consult.frame.static import FOLDER

DOCUMENTS = Path(commands.__file__).parents[1] / "briefings" / "fonts"
SHIPPED = [FOLDER / "fonts" / name for name in commands.WEIGHTS.values()]
WHOLE = [DOCUMENTS / f"Vazirmatn-{weight}.ttf" for weight in commands.WEIGHTS]
# Sorted as LANGUAGES section 5 sorts them, so written without regard to what is shipped.
ALPHABET = "آ ا أ إ ء ب پ ت ټ ث ج ځ چ څ ح خ د ډ ذ ر ړ ز ژ ږ س ش ښ ص ض ط ظ ع غ ف ق ک گ ګ ل م ن ڼ و ه ی ې ۍ ئ"
TWINS = "يكىةۀؤ"
SIGNS = "،؛؟٪٫٬«»…–—“”\u200c\u200d\u200e\u200f"


@pytest.mark.parametrize("file", [*SHIPPED, *WHOLE], ids=lambda file: file.name)
def test_no_letter_is_missing(file):
    held = TTFont(file).getBestCmap()
    wanted = ALPHABET.replace(" ", "") + TWINS + SIGNS + "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
    assert [letter for letter in wanted if ord(letter) not in held] == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_the_joining_rules_and_the_licence_come_with_it(file):
    font = TTFont(file)
    rules = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {"init", "medi", "fina", "rlig"} <= rules
    assert "Open Font License" in font["name"].getDebugName(13)
    assert (file.parent / "OFL.txt").exists()
