"""Made-up consultations for the tests of figures: a questionnaire and plain answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from consult.figures.questions import Questions
from consult.questionnaires.conditions import Is
from consult.questionnaires.structure import (
    PEOPLE_CELLS,
    Choice,
    Definition,
    Question,
    QuestionType,
    Row,
    Section,
)

SEX = ("woman", "man", "another", "mixed_group", "undisclosed")
SETTING = ("rural", "urban", "camp", "abroad", "undisclosed")
PLACES = ("AF-KAB", "AF-HER", "AF-BAL", "AF-NUR", "AF-KAN", "AF")


@dataclass(frozen=True)
class Opened:
    id: bytes
    answers: Mapping[str, Any]
    version_id: int = 1
    revision: bytes = field(default=b"r1")


def choices(*keys: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, f"c-{key}") for key in keys)


def question(key: str, kind: QuestionType, **more: Any) -> Question:
    return Question(key, f"u-{key}", kind, **more)


def definition(**relevance: Any) -> Definition:
    """A questionnaire with each type; `kinds` is asked of women only."""
    profile = (
        question("sex", QuestionType.SINGLE, choices=choices(*SEX)),
        question("setting", QuestionType.SINGLE, choices=choices(*SETTING)),
        question("place", QuestionType.PLACE, countries=("AF",)),
    )
    body = (
        question("trust", QuestionType.SCALE, choices=choices("low", "middle", "high")),
        question(
            "needs", QuestionType.MULTIPLE, choices=choices("water", "work", "safety", "none")
        ),
        question(
            "barriers",
            QuestionType.MATRIX,
            choices=choices("never", "often"),
            rows=(Row("money", "r-money"), Row("road", "r-road")),
        ),
        question("order", QuestionType.RANKING, choices=choices("peace", "bread", "school")),
        question("members", QuestionType.INTEGER),
        question("spent", QuestionType.DECIMAL),
        question("founded", QuestionType.DATE),
        question("people", QuestionType.PEOPLE),
        question("ask", QuestionType.RECOMMENDATION, choices=choices("un", "states")),
        question("violence", QuestionType.SINGLE, choices=choices("yes", "no"), sensitive=True),
        question(
            "kinds",
            QuestionType.SINGLE,
            choices=choices("rights", "aid"),
            relevance=Is("sex", ("woman",)),
        ),
        question("words", QuestionType.LONG_TEXT),
    )
    return Definition((Section("about", "s-1", profile), Section("asked", "s-2", body)))


def answers(random: np.random.Generator) -> dict[str, Any]:
    """One set of answers; about one in ten questions is left out."""
    sex = str(random.choice(SEX, p=[0.5, 0.3, 0.02, 0.15, 0.03]))
    lean = 0.65 if sex == "woman" else 0.45
    ranked = [str(key) for key in random.permutation(["peace", "bread", "school"])]
    told: dict[str, Any] = {
        "sex": sex,
        "setting": str(random.choice(SETTING, p=[0.3, 0.5, 0.1, 0.08, 0.02])),
        "place": str(random.choice(PLACES, p=[0.4, 0.3, 0.2, 0.01, 0.04, 0.05])),
        "trust": str(random.choice(["low", "middle", "high"], p=[lean, 0.9 - lean, 0.1])),
        "needs": [k for k in ("water", "work", "safety") if random.random() < lean] or ["none"],
        "barriers": {row: str(random.choice(["never", "often"])) for row in ("money", "road")},
        "order": ranked[: int(random.integers(1, 4))],
        "members": int(random.lognormal(3, 1)),
        "spent": round(float(random.lognormal(4, 1)), 2),
        "founded": f"20{int(random.integers(10, 26))}-0{int(random.integers(1, 10))}-15",
        "people": {cell: int(random.integers(0, 9)) for cell in PEOPLE_CELLS[:6]},
        "ask": {"text": "Pay the teachers.", "addressee": str(random.choice(["un", "states"]))},
        "violence": str(random.choice(["yes", "no"], p=[0.3, 0.7])),
        "words": "A name, a village",
    }
    if sex == "woman":
        told["kinds"] = str(random.choice(["rights", "aid"]))
    return {key: value for key, value in told.items() if random.random() > 0.08}


def opened(count: int, seed: int = 1) -> list[Opened]:
    random = np.random.default_rng(seed)
    return [Opened(random.bytes(16), answers(random)) for _ in range(count)]


def questions() -> Questions:
    return Questions({1: definition()})


def labels(key: str) -> str:
    return f"[{key}]"
