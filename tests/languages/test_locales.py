import pytest

from consult.languages import locales
from consult.languages.locales import LANGUAGES

HEADERS = [
    ("prs-AF,prs;q=0.9,en;q=0.7", "fa_AF"),
    ("fa-IR,fa;q=0.9,en-US;q=0.8", "fa_AF"),
    ("fa-AF", "fa_AF"),
    ("ps-AF,ps;q=0.9,fa;q=0.8", "ps"),
    ("pbt", "ps"),
    ("en-GB,en;q=0.9", "en"),
    ("fr-CD,fr;q=0.9,ln;q=0.8,en;q=0.5", "fr"),
    ("ln,sw;q=0.9,fr;q=0.8", "fr"),
    ("de-DE,de;q=0.9", "en"),
    ("en;q=0.5,ps;q=0.9", "ps"),
    ("fr;q=0,ps;q=0.1", "ps"),
    ("*", "en"),
    ("", "en"),
    (";;;,,q=1,ps;q=nan,fr;q=x", "en"),
    ("PRS_af", "fa_AF"),
    (None, "en"),
]
NAMES = {
    "en": ["en", "en-GB", "eng", "EN_us"],
    "fr": ["fr", "fr-CD", "fra", "fre"],
    "fa_AF": ["fa_AF", "fa-af", "fa", "fa-IR", "prs", "prs-AF", "pes", "per", "fas"],
    "ps": ["ps", "ps-AF", "ps_PK", "pus", "pbt", "pbu"],
}


@pytest.mark.parametrize(("header", "language_id"), HEADERS)
def test_the_first_page_speaks_the_language_the_reader_asked_for(header, language_id):
    assert locales.choose(header, "en").id == language_id


def test_a_reader_of_no_language_of_ours_gets_the_default():
    assert locales.choose("de", "ps").id == "ps"


@pytest.mark.parametrize(
    ("name", "language_id"), [(name, key) for key, names in NAMES.items() for name in names]
)
def test_every_name_from_outside_is_understood(name, language_id):
    assert locales.known(name) == language_id


@pytest.mark.parametrize("name", ["", "de", "farsi", "p", "english", "-", "fa1"])
def test_other_names_are_not(name):
    assert locales.known(name) is None


def test_an_address_is_spelled_in_one_way_alone():
    assert [locales.by_segment(s) for s in ("fa_AF", "FA-AF", "prs", "fa", "")] == [None] * 5
    assert locales.by_segment("fa-af") is LANGUAGES["fa_AF"]
    assert all(locales.by_segment(segment) for segment in locales.ALIASES.values())
    assert not any(locales.by_segment(alias) for alias in locales.ALIASES)


def test_the_order_of_languages_is_that_of_the_switcher():
    assert list(LANGUAGES) == ["en", "fr", "fa_AF", "ps"]


@pytest.mark.parametrize(
    ("language_id", "forms"), [("en", "101"), ("fr", "001"), ("fa_AF", "001"), ("ps", "101")]
)
def test_nought_is_singular_in_french_and_dari(language_id, forms):
    rule = LANGUAGES[language_id].plural
    assert "".join(str(rule(n)) for n in (0, 1, 2)) == forms


def test_the_address_decides_whatever_the_browser_says(app):
    with app.test_request_context("/ps/staff", headers={"Accept-Language": "fr"}):
        assert locales.current().id == "ps"


def test_an_address_without_a_language_speaks_the_default(app):
    with app.test_request_context("/x", headers={"Accept-Language": "fr"}):
        assert locales.current().id == "en"


def test_no_language_is_known_outside_an_application():
    with pytest.raises(RuntimeError):
        locales.current()
