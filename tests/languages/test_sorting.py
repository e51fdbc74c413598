import random

import pytest

from consult.languages.formats import sort_key
from consult.languages.locales import LANGUAGES

# As a reader in Kabul looks them up; ICU gives the same order.
PROVINCES = {
    "fa_AF": "ارزگان،بادغیس،بامیان،بدخشان،بغلان،بلخ،پروان،پکتیا،پکتیکا،پنجشیر،تخار،جوزجان،خوست،دایکندی،زابل،سرپل،سمنگان،غزنی،غور،فاریاب،فراه،کابل،کاپیسا،کندز،کندهار،کنر،لغمان،لوگر،میدان وردک،ننگرهار،نورستان،نیمروز،هرات،هلمند",
    "ps": "اروزګان،بادغیس،بامیان،بدخشان،بغلان،بلخ،پروان،پکتیا،پکتیکا،پنجشېر،تخار،جوزجان،خوست،دایکندي،زابل،سرپل،سمنګان،غزني،غور،فاریاب،فراه،کابل،کاپیسا،کندز،کندهار،کونړ،لغمان،لوګر،میدان وردک،ننګرهار،نورستان،نیمروز،هرات،هلمند",
}


@pytest.mark.parametrize(("language_id", "names"), PROVINCES.items())
def test_provinces_stand_where_a_reader_looks_for_them(language_id, names):
    wanted = names.split("،")
    mixed = random.Random(7).sample(wanted, len(wanted))
    assert sorted(mixed, key=sort_key(LANGUAGES[language_id])) == wanted
    assert sorted(mixed) != wanted


def test_french_accents_only_break_ties():
    names = ["Équateur", "Hérat", "Haut-Uélé", "cote", "côté", "coté", "Zaboul", "eu"]
    assert sorted(names, key=sort_key(LANGUAGES["fr"])) == [
        *("cote", "coté", "côté", "Équateur", "eu", "Haut-Uélé", "Hérat", "Zaboul"),
    ]


def test_keyboards_do_not_change_the_order():
    key = sort_key(LANGUAGES["ps"])
    assert key("علي")[0] == key("علی")[0]
    assert key("كابل")[0] == key("کابل")[0]


def test_latin_stands_before_arabic_and_digits_before_letters():
    assert sorted(["کابل", "Kabul", "3", "۲"], key=sort_key(LANGUAGES["fa_AF"])) == [
        *("۲", "3", "Kabul", "کابل"),
    ]
