"""The condition under which something is asked: a small tree over earlier answers.

In a file: `{question: KEY, is: [choice, …]}`, `{question: KEY, at_least: n}`, `{all: […]}`,
`{any: […]}`, `{not: …}`. A question that was not answered fulfils neither `is` nor `at_least`,
so `not` of it holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Is:
    """One of these choices was chosen, or a place in one of these was named."""

    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number, or the total of a people table, reaches this."""

    question: str
    number: int | float


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition: TypeAlias = Is | AtLeast | AllOf | AnyOf | Not


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Say whether a condition is met by these answers, which must hold asked questions only."""
    match condition:
        case Is(question, choices):
            return _is_one_of(answers.get(question), choices)
        case AtLeast(question, number):
            return _amount(answers.get(question)) >= number
        case AllOf(parts):
            return all(holds(part, answers) for part in parts)
        case AnyOf(parts):
            return any(holds(part, answers) for part in parts)
        case Not(part):
            return not holds(part, answers)


def leaves(condition: Condition) -> Iterator[Is | AtLeast]:
    """Give the comparisons of a condition, as often as they stand in it."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def to_data(condition: Condition) -> dict[str, Any]:
    """Give a condition as it stands in a file."""
    match condition:
        case Is(question, choices):
            return {"question": question, "is": list(choices)}
        case AtLeast(question, number):
            return {"question": question, "at_least": number}
        case AllOf(parts):
            return {"all": [to_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_data(part) for part in parts]}
        case Not(part):
            return {"not": to_data(part)}


def from_data(data: Mapping[str, Any]) -> Condition:
    """Give the condition that `to_data` wrote; what people wrote goes through `parse` first."""
    if "all" in data:
        return AllOf(tuple(from_data(part) for part in data["all"]))
    if "any" in data:
        return AnyOf(tuple(from_data(part) for part in data["any"]))
    if "not" in data:
        return Not(from_data(data["not"]))
    if "is" in data:
        return Is(data["question"], tuple(data["is"]))
    return AtLeast(data["question"], data["at_least"])


def _is_one_of(value: Any, choices: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return any(choice in choices for choice in value)
    if not isinstance(value, str):
        return False
    # `AF-KAB-03` lies in `AF-KAB` and in `AF`; no choice key holds a hyphen.
    return value in choices or any(value.startswith(f"{choice}-") for choice in choices)


def _amount(value: Any) -> float:
    if isinstance(value, dict):
        return sum(number for number in value.values() if isinstance(number, int))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return float("-inf")
