"""Short names for what a document tells of: facets, parts, and the language a text came from."""

from collections.abc import Sequence

from consult.figures import words
from consult.figures.release import Figure
from consult.figures.words import Kind
from consult.languages import formats, locales
from consult.languages.locales import Language
from consult.languages.messages import Lazy, _, _l

FACETS: dict[str, Lazy] = {
    "sex": _l("Sex"),
    "age_band": _l("Age"),
    "place": _l("Place"),
    "setting": _l("Setting"),
    "organisation_kind": _l("Kind of organisation"),
    "displacement": _l("Displacement"),
    "disability": _l("Disability"),
    "minority": _l("Minority"),
    "scale_of_work": _l("Scale of work"),
}
# Facets whose choices are answers, such as "yes": they need their question beside them.
ANSWERS = ("displacement", "disability", "minority")
LANGUAGES: dict[str, Lazy] = {
    "en": _l("English"),
    "fr": _l("French"),
    "fa_AF": _l("Dari"),
    "ps": _l("Pashto"),
}
# Said by whoever looks into a sentence, so each is whole: some languages bend "from Dari".
TRANSLATED: dict[str, Lazy] = {
    "en": _l("Translated from English by those who made this briefing"),
    "fr": _l("Translated from French by those who made this briefing"),
    "fa_AF": _l("Translated from Dari by those who made this briefing"),
    "ps": _l("Translated from Pashto by those who made this briefing"),
}


def listed(names: Sequence[str]) -> str:
    """Give names one after the other, with the comma of the language."""
    return ("، " if locales.current().dir == "rtl" else ", ").join(names)


def translated(locale: str) -> str:
    """Say, before a text, that it is a translation, and from which language."""
    found = TRANSLATED.get(locale)
    said = str(found) if found else _("Translated by those who made this briefing")
    return said + colon(locales.current()).rstrip()


def colon(language: Language) -> str:
    """Give a colon with the spaces that the language sets around it."""
    return "\u00a0: " if language.id == "fr" else ": "


def share_in_prose(figure: Figure) -> str:
    """Say a share inside a sentence: "62 per cent", as far as its size allows."""
    said = words.reading(figure)
    match said.kind:
        case Kind.HIDDEN:
            return hidden_in_prose()
        case Kind.WHOLE if said.percent is not None:
            return _("%(percent)s per cent", percent=said.percent)
        case Kind.ROUGH if said.percent is not None:
            return _("about %(percent)s per cent", percent=said.percent)
    return words.share(figure) or words.count(figure)


def count_in_prose(figure: Figure) -> str:
    """Say a number inside a sentence, or that it is hidden."""
    return hidden_in_prose() if figure.hidden else words.count(figure)


def hidden_in_prose() -> str:
    """Say inside a sentence that a number is hidden; it need not be small."""
    return _("a hidden number")


def between(figure: Figure) -> str:
    """Give the indicative range of a share for a column of a table; empty where there is none."""
    said = words.reading(figure)
    if said.low is None or said.high is None:
        return ""
    language = locales.current()
    return _(
        "%(low)s to %(high)s",
        low=formats.percent(said.low / 100, language),
        high=formats.percent(said.high / 100, language),
    )
