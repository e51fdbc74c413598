"""Opened answers as columns of codes: no text, no name and no day of a submission is in them.

Columns live in memory only, and no longer than the session that opened the answers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any, Protocol, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import versions
from consult.consultations.access import Unlocked
from consult.consultations.models import QuestionnaireVersion
from consult.errors import Refused
from consult.figures.questions import Joined, Questions
from consult.questionnaires import places, relevance
from consult.questionnaires.structure import PEOPLE_CELLS, Definition, QuestionType
from consult.submissions import opening

Array: TypeAlias = NDArray[Any]
Pair: TypeAlias = tuple[bytes, bytes]
Coder: TypeAlias = Callable[[Any], Iterable[int | float]]

MASK_BITS = 16
ASKED, UNASKED, ABSENT = 1, 0, -1


class Answered(Protocol):
    """What columns need of an opened submission."""

    @property
    def id(self) -> bytes:
        """The random id."""

    @property
    def revision(self) -> bytes:
        """The mark that changes with each amendment."""

    @property
    def version_id(self) -> int:
        """The version of the questionnaire that was answered."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers by question key."""


class Uncountable(Refused):
    """An answer that its questionnaire does not know: leaving it out would be a wrong count."""


@dataclass(frozen=True)
class Columns:
    """The answers of all submissions that count, in the order of their random ids.

    `data` holds for each question an array of (columns, submissions): codes from 1 and 0 for no
    answer; masks, or one column a choice; ranks from 1; numbers with NaN; ordinal days; the
    cells of a people table and last whether it was answered. `asked` says for questions with a
    condition who was asked. `unreadable` submissions are in no column and must be told; `fresh`
    is how many were opened for this look.
    """

    questions: Questions
    pairs: tuple[Pair, ...]
    data: Mapping[str, Array]
    asked: Mapping[str, Array]
    unreadable: frozenset[bytes] = frozenset()
    fresh: int = 0

    def __len__(self) -> int:
        return len(self.pairs)


def build(opened: Iterable[Answered], questions: Questions) -> Columns:
    """Code opened submissions. Raises `Uncountable`."""
    coders = {joined.id: _coder(joined) for joined in questions}
    blanks = {joined.id: (_blank(joined),) * _width(joined) for joined in questions}
    lines: dict[str, list[Any]] = {name: [] for name in coders}
    asked: dict[str, list[int]] = {name: [] for name in questions.conditioned}
    keyed = {
        version_id: _keyed(definition, questions, coders)
        for version_id, definition in questions.versions.items()
    }
    pairs: list[Pair] = []
    for one in opened:
        definition = _version(questions, one.version_id)
        pairs.append((one.id, one.revision))
        coded = _coded(keyed[one.version_id], one.answers)
        for name, line in lines.items():
            line.append(coded.get(name, blanks[name]))
        _note_asked(asked, definition, questions, one.answers)
    order = np.array(sorted(range(len(pairs)), key=pairs.__getitem__), np.intp)
    return Columns(
        questions,
        tuple(sorted(pairs)),
        {joined.id: _array(joined, lines[joined.id])[:, order] for joined in questions},
        {name: np.array(line, np.int8)[order] for name, line in asked.items()},
    )


def refreshed(held: Columns, living: set[Pair], new: Columns) -> Columns:
    """Give what lives of the held columns, with the new ones of the same questions."""
    kept = [i for i, pair in enumerate(held.pairs) if pair in living]
    pairs = [*(held.pairs[i] for i in kept), *new.pairs]
    order = np.array(sorted(range(len(pairs)), key=pairs.__getitem__), np.intp)

    def joined(old: Array, fresh: Array) -> Array:
        return np.concatenate([old[..., kept], fresh], axis=-1)[..., order]

    return Columns(
        new.questions,
        tuple(sorted(pairs)),
        {name: joined(held.data[name], fresh) for name, fresh in new.data.items()},
        {name: joined(held.asked[name], fresh) for name, fresh in new.asked.items()},
        new.unreadable,
        new.fresh,
    )


class Cache:
    """The columns of each sitting, by consultation; they are gone when the sitting ends."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[Any, dict[int, Columns]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, sitting: Any, consultation_id: int) -> Columns | None:
        """Give what this sitting holds of a consultation."""
        with self._lock:
            return self._held.get(sitting, {}).get(consultation_id)

    def put(self, sitting: Any, consultation_id: int, columns: Columns) -> None:
        """Hold columns as long as the sitting lives."""
        with self._lock:
            self._held.setdefault(sitting, {})[consultation_id] = columns


_cache = Cache()


def load(session: Session, unlocked: Unlocked, *, cache: Cache = _cache) -> Columns:
    """Give the columns of what lives now, opening only what this sitting has not opened."""
    living = opening.living(session, unlocked)
    # Read after what lives, so that each submission's version is among them.
    published = _published(session, unlocked)
    held = cache.get(unlocked.sitting, unlocked.consultation.id)
    if held is None or held.questions.versions != published:
        # A new version may widen a column; it comes rarely, so all is coded anew.
        held = build((), Questions(published))
    fresh = {name for name, _ in living - set(held.pairs)}
    unreadable: list[bytes] = []
    opened = opening.each(session, unlocked, fresh, unreadable=unreadable) if fresh else ()
    new = build(opened, held.questions)
    new = replace(new, unreadable=frozenset(unreadable), fresh=len(new))
    columns = refreshed(held, living, new)
    cache.put(unlocked.sitting, unlocked.consultation.id, columns)
    return columns


def _published(session: Session, unlocked: Unlocked) -> dict[int, Definition]:
    found = session.scalars(
        select(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.consultation_id == unlocked.consultation.id,
            QuestionnaireVersion.published,
        )
        .order_by(QuestionnaireVersion.number)
    )
    return {version.id: versions.definition(version) for version in found}


def _version(questions: Questions, version_id: int) -> Definition:
    definition = questions.versions.get(version_id)
    if definition is None:
        raise Uncountable(f"submissions rest on version {version_id}, which is not published")
    return definition


def _keyed(
    definition: Definition, questions: Questions, coders: Mapping[str, Coder]
) -> dict[str, tuple[str, Coder]]:
    """Give the column and the coder of each key that a version counts."""
    return {
        question.key: (joined.id, coders[joined.id])
        for question in definition.questions()
        if (joined := questions.of(question)) is not None
    }


def _coded(
    keyed: Mapping[str, tuple[str, Coder]], answers: Mapping[str, Any]
) -> dict[str, tuple[int | float, ...]]:
    coded = {}
    for key, value in answers.items():
        column = keyed.get(key)
        if column is None or value is None:
            continue
        name, coder = column
        try:
            coded[name] = tuple(coder(value))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Uncountable(f"an answer to {key} does not fit its question") from error
    return coded


def _note_asked(
    asked: Mapping[str, list[int]],
    definition: Definition,
    questions: Questions,
    answers: Mapping[str, Any],
) -> None:
    if not asked:
        return
    ids = {joined.id for q in definition.questions() if (joined := questions.of(q))}
    met = {
        joined.id
        for question in relevance.asked(definition, answers)
        if (joined := questions.of(question))
    }
    for name, line in asked.items():
        line.append(ASKED if name in met else UNASKED if name in ids else ABSENT)


def _coder(joined: Joined) -> Coder:
    codes, width = joined.codes, _width(joined)
    match joined.type:
        case QuestionType.PLACE:
            return lambda value: (codes[places.iso(value)],)
        case QuestionType.RECOMMENDATION:
            return lambda value: (codes[value["addressee"]],)
        case QuestionType.MULTIPLE if width == 1:
            return lambda value: (sum(1 << (codes[key] - 1) for key in set(value)),)
        case QuestionType.MULTIPLE:
            return lambda value: _at(width, ((codes[key] - 1, 1) for key in value))
        case QuestionType.RANKING:
            return lambda value: _at(
                width, ((codes[key] - 1, rank) for rank, key in enumerate(value, 1))
            )
        case QuestionType.MATRIX:
            at = {row.key: position for position, row in enumerate(joined.rows)}
            return lambda value: _at(width, ((at[row], codes[key]) for row, key in value.items()))
        case QuestionType.PEOPLE:
            return lambda value: (
                *(int(value.get(cell, 0)) for cell in PEOPLE_CELLS),
                int(bool(value)),
            )
        case QuestionType.DATE:
            return lambda value: (date.fromisoformat(value).toordinal(),)
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            return lambda value: (float(value),)
    # Made once and not for each answer: nearly all columns are of this kind.
    return {key: (code,) for key, code in codes.items()}.__getitem__


def _at(width: int, values: Iterable[tuple[int, int]]) -> Iterable[int]:
    line = [0] * width
    for position, value in values:
        line[position] = value
    return line


def _width(joined: Joined) -> int:
    match joined.type:
        case QuestionType.MULTIPLE if len(joined.choices) > MASK_BITS:
            return len(joined.choices)
        case QuestionType.RANKING:
            return len(joined.choices)
        case QuestionType.MATRIX:
            return len(joined.rows)
        case QuestionType.PEOPLE:
            return len(PEOPLE_CELLS) + 1
    return 1


def _dtype(joined: Joined) -> DTypeLike:
    match joined.type:
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            return np.float64
        case QuestionType.DATE:
            return np.int32
        case QuestionType.PEOPLE:
            return np.uint32
        case QuestionType.MULTIPLE:
            return np.uint16 if len(joined.choices) <= MASK_BITS else np.uint8
    return np.uint8 if len(joined.choices) <= np.iinfo(np.uint8).max else np.uint16


def _blank(joined: Joined) -> int | float:
    return float("nan") if joined.type in (QuestionType.INTEGER, QuestionType.DECIMAL) else 0


def _array(joined: Joined, lines: list[Any]) -> Array:
    array = np.array(lines, _dtype(joined)).reshape(len(lines), _width(joined))
    return np.ascontiguousarray(array.T)
