import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.languages import folding


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("علي", "علی"),
        ("كابل", "کابل"),
        ("خانه ها", "خانه\u200cها"),
        ("Ecole", "école"),
        ("امن", "آمن"),
        ("زلمی", "ځلمی"),
        ("ګټه", "گته"),
        ("ښځې", "شزی"),
        ("1405", "۱۴۰۵"),
        ("صفحه", "صفحهٔ"),
        ("سلام", "سَلامٌ"),
        ("سلام", "ســـلام"),
    ],
)
def test_a_search_finds_the_word_however_it_was_typed(typed, written):
    assert folding.key(typed) == folding.key(written)


def test_passages_keep_their_pashto_letters_and_joiners():
    assert folding.canonical("ښځې\u200cيې") == "ښځې\u200cیې"
    assert folding.canonical("a\u202eb\u200dc") == "abc"


@given(st.text())
def test_the_canonical_form_is_its_own(text):
    once = folding.canonical(text)
    assert folding.canonical(once) == once


@given(st.text("آاأيیىكکەہةۀئؤېۍګ\u0301\u0654\u064b\u200d\u200c۱٢e é", max_size=12))
def test_what_is_one_passage_is_one_search(text):
    assert folding.key(folding.canonical(text)) == folding.key(text)
