"""Why an answer is refused, as codes; forms and commands word them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

Limit: TypeAlias = int | float | date | tuple[int | float, int | float]


class Reason(StrEnum):
    """Why an answer, or a part of it, is not taken; in brackets what `limit` holds."""

    MISSING = "missing"  # a required question, or a row of a required matrix, is not answered
    TOO_LONG = "too_long"  # (most characters)
    CHARACTER = "character"  # a control character, lone surrogate or noncharacter is in the text
    ONE_ONLY = "one_only"  # several values where one is asked for
    NOT_AN_INTEGER = "not_an_integer"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"  # (least number)
    TOO_LARGE = "too_large"  # (greatest number)
    IMPLAUSIBLE = "implausible"  # (low, high): say with KEY.sure that it is right
    NOT_A_DATE = "not_a_date"
    TOO_EARLY = "too_early"  # (first day)
    TOO_LATE = "too_late"  # (last day)
    UNKNOWN_CHOICE = "unknown_choice"
    TOO_FEW = "too_few"  # (least number of choices or ranks)
    TOO_MANY = "too_many"  # (greatest number of choices or ranks)
    EXCLUSIVE = "exclusive"  # a choice that stands alone was combined with another
    TWICE = "twice"  # the same choice, or the same rank, twice
    NOT_A_RANK = "not_a_rank"  # (the greatest rank)
    RANK_LEFT_OUT = "rank_left_out"  # (the rank that nothing got)
    UNKNOWN_PLACE = "unknown_place"  # no place of the question's countries
    NO_PEOPLE = "no_people"  # a required people table counts nobody
    NO_TEXT = "no_text"  # a recommendation has an addressee and says nothing
    NO_ADDRESSEE = "no_addressee"  # a recommendation is addressed to nobody
    WRONG_KIND = "wrong_kind"  # another kind of JSON value than the question takes
    UNKNOWN_ROW = "unknown_row"  # of a matrix
    UNKNOWN_CELL = "unknown_cell"  # of a people table
    UNKNOWN_QUESTION = "unknown_question"
    NOT_CHOSEN = "not_chosen"  # a text beside `other`, which is not chosen


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a question's answer is not taken, at which field of the form, and why."""

    key: str
    field: str
    reason: Reason
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of one answer: its value, or why it is refused; neither when empty.

    `value` is None as soon as anything is refused. `doubted` is the value that was found
    implausible, to be handed to the next `read` as `confirmed`.
    """

    key: str
    value: Any = None
    other: str | None = None
    refusals: tuple[Refusal, ...] = ()
    doubted: Any = None

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to keep: KEY and, where it was written, KEY.other."""
        found = {} if self.value is None else {self.key: self.value}
        return found if self.other is None else found | {f"{self.key}.other": self.other}
