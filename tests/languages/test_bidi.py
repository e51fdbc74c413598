from hypothesis import given
from hypothesis import strategies as st

from consult.languages import formats
from consult.languages.locales import LANGUAGES

EN, FR, FA, PS = LANGUAGES.values()
STEERED = st.text("aب1 \n\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", max_size=30)


def balanced(text: str) -> bool:
    depth = 0
    for character in text:
        if character in "\n\u2029" and depth:
            return False
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        if depth < 0:
            return False
    return depth == 0


def test_an_override_is_taken_out_and_the_words_stay():
    assert formats.clean_bidi("abc\u202edef") == "abcdef"
    assert formats.clean_bidi("\u2067left open") == "left open"
    assert formats.clean_bidi("closed twice\u2069\u2069") == "closed twice"


def test_an_isolate_that_is_closed_stays():
    assert formats.clean_bidi("a \u2066b\u2069 c") == "a \u2066b\u2069 c"


@given(STEERED)
def test_what_is_left_steers_nothing_outside(text):
    cleaned = formats.clean_bidi(text)
    assert balanced(cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e")
    assert formats.clean_bidi(cleaned) == cleaned
    kept = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert cleaned.translate(kept) == text.translate(kept)


@given(STEERED)
def test_an_isolated_text_cannot_break_out(text):
    if not set(text) & set("\n\u2029"):
        assert balanced(formats.isolate_text(text))


def test_a_string_is_isolated_when_it_or_the_page_runs_to_the_left():
    assert formats.shown("Kabul", FA) == "\u2068Kabul\u2069"
    assert formats.shown("کابل", EN) == "\u2068کابل\u2069"
    assert formats.shown("Kabul", FR) == "Kabul"


def test_the_first_letter_with_a_direction_decides():
    assert formats.first_strong_direction("12 «سلام» abc") == "rtl"
    assert formats.first_strong_direction("12 abc سلام") == "ltr"
    assert formats.first_strong_direction("12", "rtl") == "rtl"
