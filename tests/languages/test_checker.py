import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.languages import checker
from consult.languages.checker import Kind

N = "%(count)s answers"


def kinds(ids, strings, locale=None, **limits):
    ids = (ids,) if isinstance(ids, str) else ids
    strings = (strings,) if isinstance(strings, str) else strings
    return {problem.kind for problem in checker.errors(ids, strings, locale=locale, **limits)}


SEEDED = [
    ("Hello %(name)s", "سلام", Kind.PLACEHOLDERS),
    ("Hello %(name)s", "سلام %(nam)s", Kind.PLACEHOLDERS),
    ("Hello %(name)s", "%(name)s %(name)s", Kind.PLACEHOLDERS),
    ("Hello %(name)s", "سلام %(name)d", Kind.PLACEHOLDERS),
    ("Hello", "سلام %(x)s", Kind.PLACEHOLDERS),
    ("Hello", "سلام %(", Kind.PERCENT),
    ("Hello", "سلام %s %n", Kind.PERCENT),
    ("Hello", "<script>alert</script>", Kind.MARKUP),
    ("Hello", "<a onclick=x>سلام</a>", Kind.MARKUP),
    ("Hello", "سلام &lt;b", Kind.MARKUP),
    ("Hello", "سلام &#60;", Kind.MARKUP),
    ("Hello", "سلام <!-- x", Kind.MARKUP),
    ("Hello", "سلا\x07م", Kind.CONTROL),
    ("Hello", "سلا\tم", Kind.CONTROL),
    ("Hello", "سلام\u202e", Kind.BIDI),
    ("Hello", "\u2067سلام", Kind.BIDI),
    ("Hello", "سلام\n", Kind.LINE_BREAK),
    ("Hello", "\nسلام", Kind.LINE_BREAK),
    ("Hello", "سلаم", Kind.SCRIPT),
    ("Hello", "سلامx", Kind.MIXED),
    ("Call us", "به 0700123456 زنگ بزنید", Kind.ADDED),
    ("Call us", "به ۰۷۰۰۱۲۳۴۵۶ زنگ بزنید", Kind.ADDED),
    ("Visit us", "به example.org بیایید", Kind.ADDED),
    ("Visit us", "به http://x بیایید", Kind.ADDED),
    ("Visit us", "javascript:alert", Kind.ADDED),
    ("Write to us", "به a@b بنویسید", Kind.ADDED),
    ("Write to us", "به @someone بنویسید", Kind.ADDED),
]


@pytest.mark.parametrize(("source", "text", "kind"), SEEDED)
def test_a_dangerous_translation_is_found(source, text, kind):
    assert kind in kinds(source, text, "fa_AF")


GOOD = [
    ("Hello %(name)s", "سلام %(name)s", "fa_AF"),
    ("%(share)s of 25 answers", "%(share)s له ۲۵ ځوابونو", "ps"),
    ("A table (PDF)", "جدول (PDF)", "fa_AF"),
    ("Fewer than 5 <= 6", "کمتر از ۵ <= ۶", "fa_AF"),
    ("Women & men", "زنان & مردان", "fa_AF"),
    ("100% anonymous", "100 % anonyme", "fr"),
    ("See https://un.org/a", "به https://un.org/a", "fa_AF"),
    ("Add", "اضافه کردن\u200cها", "fa_AF"),
]


@pytest.mark.parametrize(("source", "text", "locale"), GOOD)
def test_a_faithful_translation_passes(source, text, locale):
    assert kinds(source, text, locale) == set()


def test_every_plural_form_is_held_against_the_plural_source():
    ids = ("%(count)s answer", N)
    assert kinds(ids, ("%(count)s réponse", "%(count)s réponses")) == set()
    assert kinds(ids, ("une réponse", "%(count)s réponses")) == {Kind.PLACEHOLDERS}
    assert Kind.PLURAL in kinds(ids, ("%(count)s réponse",))
    assert Kind.PLURAL in kinds(ids, ("%(count)s réponse", ""))


def test_a_text_for_a_narrow_place_has_a_limit():
    assert kinds("Add", "اضافه کردن", limit=5) == {Kind.LENGTH}


def test_arabic_letters_are_foreign_in_french():
    assert kinds("Dari", "دری", "fr") == {Kind.SCRIPT}
    assert kinds("Dari (دری)", "dari (دری)", "fr") == set()


@pytest.mark.parametrize(
    ("source", "text", "locale", "kind"),
    [
        ("Yes", "Yes", "ps", Kind.SAME),
        ("Yes, we do", "Oui bien", "ps", Kind.MOSTLY_LATIN),
        ("Village", "کلی ښه", "fa_AF", Kind.PASHTO_LETTERS),
        ("Why?", "چرا?", "fa_AF", Kind.PUNCTUATION),
        ("One, two", "یک, دو", "fa_AF", Kind.PUNCTUATION),
        ("5 days", "٥ روز", "fa_AF", Kind.ARABIC_DIGITS),
        ("Write to a@un.org", "بنویسید", "fa_AF", Kind.LOST),
        ("Add", "اضافه ", "fa_AF", Kind.SPACE),
        ("A sentence of some length", "جمله", "fa_AF", Kind.RATIO),
    ],
)
def test_a_doubtful_translation_is_pointed_at(source, text, locale, kind):
    assert kind in {problem.kind for problem in checker.warnings((source,), (text,), locale)}


def test_a_term_of_the_glossary_is_expected():
    terms = {"receipt code": "کد رسید"}
    found = checker.warnings(("Your receipt code",), ("شمارهٔ شما",), "fa_AF", terms=terms)
    assert [problem.kind for problem in found] == [Kind.TERM]
    assert not checker.warnings(("Your receipt code",), ("كد رسيد شما",), "fa_AF", terms=terms)


@pytest.mark.parametrize(
    ("locale", "typed", "mended"),
    [
        ("fa_AF", "علي كابل موسى", "علی کابل موسی"),
        ("ps", "كابل گټه", "کابل ګټه"),
        ("ps", "يو غزني سړي", "یو غزني سړي"),
        (
            "fr",
            "Quoi ? Oui : « 25 % » ; bien !",
            "Quoi\u202f? Oui\u00a0: «\u202f25\u00a0%\u202f»\u202f; bien\u202f!",
        ),
        ("fr", "sur %(total)s", "sur %(total)s"),
        ("fr", "e\u0301", "é"),
        ("en", "a ? b", "a ? b"),
    ],
)
def test_slips_of_the_keyboard_are_mended(locale, typed, mended):
    assert checker.repaired(typed, locale) == mended
    assert checker.repaired(mended, locale) == mended


@given(st.text(), st.text())
def test_no_text_breaks_the_checker(source, text):
    checker.errors((source,), (text,))
    checker.warnings((source,), (text,), "ps")


@given(st.text("ab %()sd<>&;\u202e\u2066", min_size=1))
def test_a_text_that_passes_holds_no_tag_no_override_and_only_known_placeholders(text):
    if not checker.errors(("%(a)s",), (text,)):
        assert text.count("%(a)s") == 1
        assert "%" not in text.replace("%(a)s", "")
        assert not {"<a", "<b", "<s", "<d", "\u202e"} & {text[i : i + 2] for i in range(len(text))}
