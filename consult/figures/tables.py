"""What was counted, before anything is hidden: plain numbers that never leave this room.

Pure, so that the rules of disclosure can be tested without a web or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from consult.figures.cover import Ints


class Form(Enum):
    """How the rows of a table add up."""

    ONE_OF = "each who answered is in one row"
    ANY_OF = "each row is a table of its own: chosen, not chosen"


@dataclass(frozen=True)
class Table:
    """The counts of one table: a question's, or those of one row of a matrix.

    `by` and `groups` have for each facet one column a group, in the questionnaire's order, and
    last those who did not answer the facet; `groups` counts who answered this table.
    """

    form: Form
    counts: Ints
    answered: int
    by: Mapping[str, Ints]
    groups: Mapping[str, Ints]


@dataclass(frozen=True)
class Named:
    """What a condition says of another question: its id, and the choices named, by position.

    `all_seen` is false where the condition looks finer than the question is counted.
    """

    id: str
    choices: tuple[int, ...] = ()
    all_seen: bool = True


@dataclass(frozen=True)
class Counted:
    """One question, counted over the universe, with what decides whether it is shown.

    `asked`, `unasked`: how many fulfilled its condition or not, None without a condition;
    `asked_by`: those asked, for each facet by group.
    """

    id: str
    key: str
    tables: tuple[Table, ...]
    answered: int
    groups: Mapping[str, Ints]
    asked_by: Mapping[str, Ints] = field(default_factory=dict)
    asked: int | None = None
    unasked: int | None = None
    conditions: tuple[Named, ...] = ()
    facet: bool = False
    undisclosed: int | None = None
    sensitive: bool = False
