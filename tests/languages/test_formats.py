from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.languages import calendars, formats
from consult.languages.locales import LANGUAGES

EN, FR, FA, PS = LANGUAGES.values()
languages = st.sampled_from(list(LANGUAGES.values()))


def bare(text: str) -> str:
    return text.strip(formats.LRI + formats.PDI)


@pytest.mark.parametrize(
    ("language", "number", "share"),
    [
        (EN, "1,234.5", "25%"),
        (FR, "1\u202f234,5", "25\u00a0%"),
        (FA, "۱٬۲۳۴٫۵", "۲۵٪"),
        (PS, "۱٬۲۳۴٫۵", "۲۵٪"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, number, share):
    assert formats.number(1234.5, language) == number
    assert bare(formats.percent(0.25, language)) == share


def test_a_sign_is_a_run_of_its_own_where_the_page_runs_to_the_left():
    assert formats.number(-5, FA) == "\u2066−۵\u2069"
    assert formats.percent(0.05, PS) == "\u2066۵٪\u2069"
    assert formats.number(-5, EN) == "−5"
    assert formats.number(5, FA) == "۵"


def test_decimals_are_rounded_half_away_from_nought():
    assert formats.number(Decimal("2.5"), EN, 0) == "3"
    assert formats.number(0.125, EN, 2) == "0.13"
    assert formats.number(3, EN, 1) == "3.0"
    assert formats.number(-0.4, EN, 0) == "0"
    assert formats.percent(1 / 3, FR, 1) == "33,3\u00a0%"
    with pytest.raises(ValueError):
        formats.number(float("nan"), EN)


@given(st.integers(-999_999_999, 999_999_999), languages)
def test_what_we_write_we_read(n, language):
    assert formats.read_integer(formats.number(n, language)) == n
    assert formats.read_decimal(formats.number(n / 100, language, 2)) == n / 100


@given(st.text())
def test_reading_a_number_gives_one_or_refuses(text):
    for read in (formats.read_integer, formats.read_decimal):
        with suppress(ValueError):
            assert abs(read(text)) < 1_000_000_000


INTEGERS = {
    "۱۲۳": 123,
    "١٢٣": 123,
    "१२३": 123,
    "۱٬۲۳۴": 1234,
    "1 234": 1234,
    "1\u202f234": 1234,
    "1\u00a0234": 1234,
    "1’234": 1234,
    "1.234": 1234,
    "1,234,567": 1234567,
    "−5": -5,
    "+5": 5,
    "-0": 0,
    " 7\n": 7,
    "\u200f۱۲\u200c": 12,
    "1۲٣": 123,
}
DECIMALS = {
    "۱۲٫۵": 12.5,
    "1.234,5": 1234.5,
    "1,234.5": 1234.5,
    "1 234,5": 1234.5,
    "۱٬۲۳۴٫۵": 1234.5,
    "1.234": 1.234,
    "1.234.567": 1234567,
    "-0,5": -0.5,
    "٫۵": 0.5,
    "17": 17,
}


@pytest.mark.parametrize(("typed", "value"), INTEGERS.items())
def test_a_whole_number_is_read_in_any_script(typed, value):
    assert formats.read_integer(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12.5", "۱۲٫۵", "²", "1e5", "12 34", "1_000", "0x1", "NaN", "true", "1,23", "- 5"]
    + [
        "1.234,567",
        "1234567890",
        "9223372036854775807",
        "½",
        "五",
        "1 2345",
        "5%",
        "--5",
        "1,,234",
    ],
)
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValueError):
        formats.read_integer(typed)


@pytest.mark.parametrize(("typed", "value"), DECIMALS.items())
def test_a_number_with_decimals_is_read_with_either_mark(typed, value):
    assert formats.read_decimal(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", "5.", "1.23.4", ".", ",", "1e3", "Infinity", "3.0000000000000000000001", "0.1+0.2"],
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError):
        formats.read_decimal(typed)


def test_minus_nought_is_nought():
    assert str(formats.read_decimal("-0.0")) == "0.0"


def test_a_code_is_its_digits_alone():
    assert formats.read_code("۱۲۳۴-١٢٣٤ 5678\u200f²abc") == "123412345678"


def test_only_ascii_digits_become_the_languages_own():
    assert formats.digits("S/12 ٣", PS) == "S/۱۲ ٣"
    assert formats.ascii_digits("۱٢3²") == "123²"


@pytest.mark.parametrize(
    ("solar", "day"),
    [
        ((1405, 1, 1), date(2026, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1405, 8, 28), date(2026, 11, 19)),
        ((1404, 12, 29), date(2026, 3, 20)),
        ((1408, 12, 30), date(2030, 3, 20)),
    ],
)
def test_the_two_calendars_agree(solar, day):
    year, month, number = solar
    assert calendars.solar_hijri(day) == solar
    assert formats.read_date(str(number), str(month), str(year), "solar_hijri") == day


@pytest.mark.parametrize(
    ("year", "leap"),
    [(1399, True), (1403, True), (1404, False), (1405, False), (1408, True), (1412, True)],
)
def test_a_leap_year_has_a_thirtieth_of_hut(year, leap):
    if leap:
        assert formats.read_date(30, 12, year, "solar_hijri")
    else:
        with pytest.raises(ValueError):
            formats.read_date(30, 12, year, "solar_hijri")


@given(st.dates(calendars.EARLIEST, calendars.LATEST))
def test_a_day_survives_the_other_calendar(day):
    year, month, number = calendars.solar_hijri(day)
    assert formats.read_date(number, month, year, "solar_hijri") == day
    assert formats.read_date(day.day, day.month, day.year, "gregorian") == day


@given(st.dates(date(1950, 1, 1), date(2099, 12, 30)))
def test_one_day_later_is_one_day_later(day):
    assert calendars.solar_hijri(day) < calendars.solar_hijri(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "month", "year", "calendar"),
    [
        ("30", "2", "2026", "gregorian"),
        ("1", "13", "2026", "gregorian"),
        ("15", "9", "1447", "gregorian"),
        ("31", "12", "9999", "gregorian"),
        ("1", "1", "26", "gregorian"),
        ("31", "12", "1405", "solar_hijri"),
        ("-1", "1", "1405", "solar_hijri"),
        ("", "1", "1405", "solar_hijri"),
        ("1", "1", "1405", "hijri"),
        ("1", "1", "1405", ""),
    ],
)
def test_a_day_that_is_none_is_refused(day, month, year, calendar):
    with pytest.raises(ValueError):
        formats.read_date(day, month, year, calendar)


def test_a_day_is_typed_in_any_digits():
    assert formats.read_date("۲۸", "۸", "۱۴۰۵", "solar_hijri") == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "19 November 2026"),
        (FR, "19 novembre 2026"),
        (FA, "۲۸ عقرب ۱۴۰۵ (۱۹ نومبر ۲۰۲۶)"),
        (PS, "د ۱۴۰۵ کال د لړم ۲۸مه (د ۲۰۲۶ کال د نومبر ۱۹مه)"),
    ],
)
def test_a_day_is_written_in_words(language, text):
    assert formats.date(date(2026, 11, 19), language) == text


def test_french_has_its_own_word_for_the_first():
    assert formats.date(date(2026, 1, 1), FR) == "1er janvier 2026"


PASHTO_MONTHS = [
    "وري",
    "غويي",
    "غبرګولي",
    "چنګاښ",
    "زمري",
    "وږي",
    "تلې",
    "لړم",
    "لیندۍ",
    "مرغومي",
    "سلواغې",
    "کب",
]


@pytest.mark.parametrize(("number", "name"), list(enumerate(PASHTO_MONTHS, start=1)))
def test_a_pashto_month_is_bent_after_its_preposition(number, name):
    day = formats.read_date(2, number, 1405, "solar_hijri")
    assert formats.date(day, PS).startswith(f"د ۱۴۰۵ کال د {name} ۲مه (")


def test_a_month_to_choose_stands_in_its_plain_form():
    assert formats.months(PS, "solar_hijri")[6] == (7, "تله")
    assert formats.months(FA, "solar_hijri")[0] == (1, "حمل")
    assert formats.months(FR, "gregorian")[1] == (2, "février")
    assert all(
        [n for n, _ in formats.months(language, calendar)] == list(range(1, 13))
        for language in LANGUAGES.values()
        for calendar in calendars.CALENDARS
    )


def test_a_moment_is_a_day_only_in_a_zone():
    evening = datetime(2026, 3, 20, 20, 30, tzinfo=ZoneInfo("UTC"))
    days = {
        zone: evening.astimezone(ZoneInfo(zone)).date()
        for zone in ("UTC", "Asia/Kabul", "Africa/Kinshasa")
    }
    assert formats.date(days["Asia/Kabul"], FA).startswith("۱ حمل ۱۴۰۵")
    assert formats.date(days["UTC"], FA).startswith("۲۹ حوت ۱۴۰۴")
    assert days["Africa/Kinshasa"] == days["UTC"]
    with pytest.raises(TypeError):
        formats.shown(evening, FA)
