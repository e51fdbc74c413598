"""Places of the countries that Consult knows: the country and its ISO 3166-2 areas.

A code names its place by its parts: `AF` a country, `AF-KAB` an area of ISO 3166-2, anything longer
a district below it. The list is `data/places_af_cd.tsv`.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("en", "fr", "fa_AF", "ps")
_COUNTRIES = {
    "AF": ("Afghanistan", "Afghanistan", "افغانستان", "افغانستان"),
    "CD": (
        "Democratic Republic of the Congo",
        "République démocratique du Congo",
        "جمهوری دموکراتیک کانگو",
        "د کانګو ډیموکراتیک جمهوریت",
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A country, or an area of one, with its names by language id; `pcode` is the UN's code."""

    code: str
    names: Mapping[str, str]
    country: str
    pcode: str = ""

    def name(self, language: str) -> str:
        """Give its name in a language, in English where there is none."""
        return self.names.get(language, self.names["en"])

    @property
    def is_country(self) -> bool:
        """Whether it is a whole country."""
        return self.code == self.country


def country(code: str) -> str:
    """Give the country of a place: `AF` of `AF-KAB`."""
    return code.partition("-")[0]


def iso(code: str) -> str:
    """Give the ISO 3166-2 area that a place lies in or is; a country alone stays as it is."""
    return "-".join(code.split("-")[:2])


def of(countries: Collection[str]) -> list[Place]:
    """Give the places of these countries in the list's order, each country before its areas."""
    return [place for place in PLACES.values() if place.country in countries]


def _load() -> dict[str, Place]:
    text = files("consult.questionnaires").joinpath("data/places_af_cd.tsv").read_text("utf-8")
    found = {
        code: Place(code, dict(zip(LANGUAGES, names, strict=True)), code)
        for code, names in _COUNTRIES.items()
    }
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        names = {language: row[language] for language in LANGUAGES}
        found[row["code"]] = Place(row["code"], names, country(row["code"]), row["pcode"])
    ordered = sorted(found.values(), key=lambda place: list(_COUNTRIES).index(place.country))
    return {place.code: place for place in ordered}


PLACES: dict[str, Place] = _load()
COUNTRIES: tuple[str, ...] = tuple(_COUNTRIES)
