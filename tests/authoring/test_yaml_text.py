"""YAML in and out: plain data only, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.authoring import yaml_text
from consult.authoring.yaml_text import NotReadable

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
SAFE = TEXT.filter(lambda text: text.isprintable() or "\n" in text)
NUMBER = st.integers(-(10**9), 10**9)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBER | SAFE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(SAFE, DATA, min_size=1, max_size=5))
def test_what_is_written_is_read_as_it_was(data):
    assert yaml_text.read(yaml_text.write(data).encode()) == data


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\n", "\n a", "  a\nb", "a \nb", "a\n\n", "x\u2028y", "مه\u200cکن", "yes", "18_29"],
)
def test_a_text_keeps_every_space_and_line(text):
    assert yaml_text.read(yaml_text.write({"t": text}).encode()) == {"t": text}


@pytest.mark.parametrize("bare", ["no", "yes", "on", "18_29", "2026-11-01", "1e5", "0x1f", "12:30"])
def test_a_bare_word_is_the_text_that_stands_there(bare):
    assert yaml_text.read(f"key: {bare}".encode()) == {"key": bare}


@pytest.mark.parametrize(
    ("bare", "value"), [("true", True), ("false", False), ("7", 7), ("-2.5", -2.5), ("~", None)]
)
def test_a_bare_number_or_truth_is_one(bare, value):
    assert yaml_text.read(f"key: {bare}".encode()) == {"key": value}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"a: 1\nb:\n  c: 1\n  c: 2\n", "line 4: the key 'c' stands twice"),
        (b"a: &all [1]\nb: *all\n", "line 1: anchors"),
        (b"a: *all\n", "line 1"),
        (b"a: !!python/object/apply:os.system [x]\n", "line 1: tags"),
        (b"? [a, b]\n: 1\n", "a key must be a word"),
        (b"a: 1\n--- \nb: 2\n", "more than one document"),
        (b"a: [1\n", "line"),
        (b"a: \xff\n", "no UTF-8"),
        (b"a: \x07\n", "no YAML"),
        (b"[" * 30 + b"]" * 30, "nested more than"),
        (b"[" * 100_000, "nested more than"),
        (b"a: " + b"x" * yaml_text.LARGEST_BYTES, "larger than"),
    ],
)
def test_what_is_no_plain_file_is_refused_with_its_line(content, reason):
    with pytest.raises(NotReadable, match=reason):
        yaml_text.read(content)
