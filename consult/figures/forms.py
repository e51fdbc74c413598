"""What a reader of figures may choose: a breakdown or one group, and a higher threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from consult.errors import BadInput
from consult.figures import words
from consult.figures.asking import Asked, Source
from consult.figures.release import NotShown, TooLow
from consult.figures.tally import NoFacet, OneAtATime, Tally, filters
from consult.frame.forms import Problem
from consult.languages import formats
from consult.languages.messages import _

SIGN = ":"


class Unreadable(BadInput):
    """The address asks for something that is no choice of the form."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen, as it was typed, to be shown again."""

    by: tuple[str, ...]
    where: tuple[str, ...]
    threshold: str

    @classmethod
    def read(cls, query: "MultiDict[str, str]") -> "Chosen":
        """Read the query of a page's address."""
        return cls(
            tuple(dict.fromkeys(filter(None, query.getlist("by")))),
            tuple(filter(None, query.getlist("where"))),
            query.get("threshold", "").strip(),
        )

    def asked(self) -> Asked:
        """Give what is asked. Raises `NoFacet`, `OneAtATime`, `Unreadable`."""
        if len(self.where) > 1:
            raise OneAtATime("a second filter comes with a later version")
        where = {}
        for text in self.where:
            facet, sign, value = text.partition(SIGN)
            if not (sign and value):
                raise NoFacet("a filter is written FACET:VALUE")
            where[facet] = value
        return Asked(self.by, where, self._threshold())

    def query(self) -> dict[str, Sequence[str]]:
        """Give the query again, for the links to files of the same tally."""
        typed = {"threshold": [self.threshold]} if self.threshold else {}
        return {"by": list(self.by), "where": list(self.where), **typed}

    def _threshold(self) -> int | None:
        if not self.threshold:
            return None
        try:
            return formats.read_integer(self.threshold)
        except ValueError as error:
            raise Unreadable("a threshold is a whole number") from error


@dataclass(frozen=True)
class Options:
    """What the form offers: facets, and the groups of each that may be selected."""

    facets: Sequence[tuple[str, str]]
    groups: Mapping[str, Sequence[tuple[str, str]]]


def options(source: Source, whole: Tally) -> Options:
    """Give the choices of the form, from a tally of all."""
    allowed = filters(whole)
    labels = {
        question.key: {row.key: row.label for row in question.rows}
        for question in whole.questions
        if question.is_facet
    }
    facets = [joined.key for joined in source.columns.questions.facets()]
    return Options(
        [(key, words.facet(key)) for key in facets],
        {
            words.facet(key): [
                (f"{key}{SIGN}{value}", labels[key][value]) for value in allowed[key]
            ]
            for key in facets
            if allowed.get(key)
        },
    )


def problem(error: BadInput, least: int) -> Problem:
    """Say what to do about a choice that was refused, and at which field."""
    match error:
        case NotShown():
            return Problem(
                "where",
                _(
                    "This group cannot be shown by itself: too few are inside or outside of it. "
                    "Choose another."
                ),
            )
        case OneAtATime():
            return Problem("where", _("Choose a breakdown or one group, not both."))
        case TooLow() | Unreadable():
            return Problem("threshold", _("Enter a whole number, %(least)s or more.", least=least))
    return Problem("by", _("Choose one of the list."))
