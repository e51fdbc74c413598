import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.people import passphrases
from consult.people.passphrases import Fault
from consult.safekeeping import words


def fault(text, name="Palwasha"):
    return passphrases.fault(text, name=name)


@pytest.mark.parametrize(
    "text",
    [
        "tulip rain seven rivers",
        "we walk to school together",
        "زه هره ورځ ښوونځي ته ځم",
        "من هر روز به باغ کلان می‌روم",
        "🌷" * 64,
        "kQ7#vv0!pZr2@@x",
        "483920174829301",
        "x" * 7 + "tulip rain" + "y" * 200,
    ],
)
def test_a_passphrase_of_ones_own_is_taken(text):
    assert fault(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "consultation2026",
        "Inclusive Peace 2026!",
        "PasswordPassword1",
        "passphrase passphrase",
        "correct horse battery staple",
        "qwertyuiop123456",
        "aaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345678",
        "Kabul-Afghanistan-2026",
        "palwasha palwasha 1",
        "افغانستان صلح ۱۴۰۵",
        "motdepasse consultation",
    ],
)
def test_words_that_are_tried_first_are_refused(text):
    assert fault(text) is Fault.EXPECTED


def test_the_name_of_the_person_is_among_them():
    assert fault("Organisation of Rokhshana 2026", name="Rokhshana") is Fault.EXPECTED


def test_the_limits_count_characters():
    assert fault("tulip rain tre") is Fault.TOO_SHORT
    assert fault("tulip rain tree") is None
    assert fault("tulip " * 43) is Fault.TOO_LONG
    assert fault("a quick tulip\x00 in the rain") is Fault.UNREADABLE


@given(st.randoms(use_true_random=False))
def test_six_proposed_words_are_never_refused(random):
    proposed = " ".join(random.choice(words.WORDS) for _ in range(6))
    assert len(proposed) < passphrases.SHORTEST or fault(proposed) is None


@given(st.text())
def test_the_canonical_form_is_stable(text):
    once = passphrases.canonical(text)
    assert passphrases.canonical(once) == once


def test_a_command_is_told_in_one_line_what_is_wrong():
    assert passphrases.demand("tulip rain seven rivers", name="x") == "tulip rain seven rivers"
    with pytest.raises(passphrases.BadPassphrase, match="at least 15 characters"):
        passphrases.demand("short", name="x")
