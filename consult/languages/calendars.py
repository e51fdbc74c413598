"""The names of months, and days in the two calendars. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from persiantools.jdatetime import JalaliDate

Calendar = Literal["gregorian", "solar_hijri"]
CALENDARS: tuple[Calendar, ...] = ("gregorian", "solar_hijri")

# Nobody answers with a day outside these years; another year was meant in the other calendar.
EARLIEST = date(1900, 1, 1)
LATEST = date(2099, 12, 31)


def _names(twelve: str) -> tuple[str, ...]:
    return tuple(twelve.split())


GREGORIAN: Mapping[str, tuple[str, ...]] = {
    "en": _names(
        "January February March April May June July August September October November December"
    ),
    "fr": _names(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
    "fa_AF": _names("جنوری فبروری مارچ اپریل می جون جولای اگست سپتمبر اکتوبر نومبر دسمبر"),
    "ps": _names("جنوري فبروري مارچ اپریل مۍ جون جولای اګست سېپتمبر اکتوبر نومبر دسمبر"),
}
# CLDR has Persian letters in its Pashto table and a mark in its Dari one; so these are our own.
SOLAR_HIJRI: Mapping[str, tuple[str, ...]] = {
    "en": _names("Hamal Sawr Jawza Saratan Asad Sonbola Mizan Aqrab Qaws Jadi Dalw Hut"),
    "fr": _names("hamal sawr jawza saratan asad sonbola mizan aqrab qaws jadi dalw hut"),
    "fa_AF": _names("حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"),
    "ps": _names("وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"),
}
# Pashto bends a month's name after «د», as every written date has it.
SOLAR_HIJRI_AFTER_DE = _names("وري غويي غبرګولي چنګاښ زمري وږي تلې لړم لیندۍ مرغومي سلواغې کب")


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Give year, month and day of a date in the Solar Hijri calendar."""
    there = JalaliDate(day)  # type: ignore[no-untyped-call] # ships none
    return there.year, there.month, there.day


def gregorian(year: int, month: int, day: int, calendar: Calendar) -> date:
    """Give the date that three numbers name in a calendar.

    Raises `ValueError` when there is no such day, or when it is not between 1900 and 2099.
    """
    if calendar == "gregorian":
        found = date(year, month, day)
    elif calendar == "solar_hijri":
        found = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    else:
        raise ValueError("no such calendar")
    if not EARLIEST <= found <= LATEST:
        raise ValueError("no year that anybody means")
    return found


def month_names(language_id: str, calendar: Calendar) -> tuple[str, ...]:
    """Give the twelve names as they stand alone, in a list to choose from."""
    return (SOLAR_HIJRI if calendar == "solar_hijri" else GREGORIAN)[language_id]
