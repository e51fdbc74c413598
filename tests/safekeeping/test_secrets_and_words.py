"""The installation secret, and words that stand for bytes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import BadInput, NotNow
from consult.safekeeping import codes, secrets, words
from consult.safekeeping.secrets import LABELS, NoSecret, SecretExists, Secrets
from consult.safekeeping.words import NotAPaperKey

KEY = bytes(range(32))


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    made = secrets.create(tmp_path)
    file = tmp_path / "secrets" / "installation.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert len(file.read_bytes()) == 32
    assert secrets.load(tmp_path).key("pepper") == made.key("pepper")
    with pytest.raises(SecretExists) as error:
        secrets.create(tmp_path)
    assert isinstance(error.value, NotNow)


def test_a_missing_secret_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(NoSecret, match="flask init") as error:
        secrets.load(tmp_path)
    assert isinstance(error.value, BadInput)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"a" * 31, b"a" * 33, b"ab" * 32])
def test_a_wrong_secret_is_refused_in_one_line_without_its_content(tmp_path, content):
    secrets.create(tmp_path)
    secrets.path(tmp_path).write_bytes(content)
    with pytest.raises(NoSecret) as error:
        secrets.load(tmp_path)
    assert len(str(error.value).splitlines()) == 1
    assert not content or content.decode() not in str(error.value)


def test_a_secret_that_is_no_file_is_refused_in_one_line(tmp_path):
    secrets.path(tmp_path).mkdir(parents=True)
    with pytest.raises(NoSecret, match="cannot be read"):
        secrets.load(tmp_path)


def test_every_use_has_a_key_of_its_own():
    held = Secrets(KEY)
    assert len({held.key(label) for label in LABELS}) == len(LABELS) == 12
    with pytest.raises(KeyError):
        held.key("anything")


def test_server_keys_are_never_printed():
    held = Secrets(KEY)
    assert repr(held) == "Secrets(…)"


def test_the_list_has_2048_words_that_four_letters_tell_apart():
    assert len(words.WORDS) == 2048
    assert len({word[:4] for word in words.WORDS}) == 2048
    assert list(words.WORDS) == sorted(words.WORDS)


def test_a_proposed_passphrase_has_six_words_and_is_never_the_same():
    proposed = {words.passphrase() for _ in range(50)}
    assert len(proposed) == 50
    assert all(len(one.split()) == 6 and set(one.split()) <= set(words.WORDS) for one in proposed)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_survives_being_written_as_words(key):
    assert words.from_words(" ".join(words.to_words(key))) == key


def test_words_are_read_however_they_are_laid_out():
    spelt = words.to_words(KEY)
    numbered = "\n".join(f"{n}. {word.upper()}," for n, word in enumerate(spelt, 1))
    assert words.from_words(numbered) == KEY


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "24 words"),
        ("abandon " * 23, "these are 23"),
        ("abandon " * 24, "do not belong together"),
        ("abandon " * 23 + "abandonn", "Word 24"),
        ("\u0430bandon " + "abandon " * 23, "Word 1 "),
    ],
)
def test_words_that_are_no_paper_key_are_refused_with_what_is_wrong(typed, reason):
    with pytest.raises(NotAPaperKey, match=reason):
        words.from_words(typed)


@given(st.integers(0, 23), st.sampled_from(words.WORDS))
def test_a_misspelt_key_is_never_the_key(place, other):
    spelt = words.to_words(KEY)
    changed = [*spelt[:place], other, *spelt[place + 1 :]]
    if changed == spelt:
        return
    with contextlib.suppress(NotAPaperKey):
        assert words.from_words(" ".join(changed)) != KEY


@given(st.binary(min_size=16, max_size=16))
def test_a_token_always_gives_the_same_code_of_20_digits(token):
    code = codes.receipt_code(token, KEY)
    assert (len(code), code.isdigit()) == (20, True)
    assert codes.receipt_code(token, KEY) == code
    assert codes.receipt_code(token, bytes(32)) != code


@pytest.mark.parametrize("code", ["", "1" * 19, "1" * 21, "۱" * 20, "1 " * 10, "²" * 20])
def test_only_twenty_plain_digits_are_looked_for(code):
    with pytest.raises(ValueError):
        codes.receipt_look(code, KEY)


def test_the_same_line_id_in_two_consultations_is_looked_for_apart():
    looks = {codes.import_look(bytes([n]) * 16, "1", KEY) for n in range(3)}
    assert len(looks) == 3
    with pytest.raises(ValueError):
        codes.import_look(b"short", "1", KEY)
