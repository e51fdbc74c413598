"""Puts the planted truths into the codes. Everything told from the codes then holds them."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from consult.demo.codes import Columns, keys_of
from consult.demo.planted import Planted
from consult.demo.voices import VOICES, Voice
from consult.questionnaires.definition import Definition, Question
from consult.questionnaires.structure import PEOPLE_CELLS


def plant(definition: Definition, columns: Columns, planted: Planted, rng: Generator) -> None:
    """Change the codes so that the planted truths hold, as far as the questionnaire has them.

    The quoted voices come first; they keep who they are, and nothing is planted on them.
    """
    for row, voice in enumerate(VOICES[: columns.voices]):
        _seat(definition, columns, row, voice)
    if columns.voices < planted.least:
        return
    field = _Field(definition, columns, rng)
    field.facet("place", planted.thin_place, planted.thin_place_voices)
    field.facet("sex", planted.small_sex, planted.small_sex_voices)
    field.facet("age_band", planted.filter_age, planted.filter_age_voices)
    field.silence(planted.silent_question, planted.silent_setting)
    field.thin_row(planted)
    field.split_row(planted)
    field.gap(planted)
    field.one_large_table(planted)


def _seat(definition: Definition, columns: Columns, row: int, voice: Voice) -> None:
    """Give a quoted voice her profile, and an answer to each question she is quoted on."""
    for key, value in voice.profile.items():
        question = definition.question(key)
        if question is not None and value in keys_of(question):
            columns.codes[key][row] = keys_of(question).index(value)
            columns.answered[key][row] = True
    for key in voice.words:
        if key in columns.answered:
            columns.answered[key][row] = True
        question = definition.question(key)
        if question is not None and voice.addressee in question.choice_keys:
            columns.codes[key][row] = question.choice_keys.index(voice.addressee)


@dataclass
class _Field:
    """Where truths are planted: each voice bears at most one that sets who she is."""

    definition: Definition
    columns: Columns
    rng: Generator

    def __post_init__(self) -> None:
        self.free = np.ones(self.columns.voices, np.bool_)
        self.free[: len(VOICES)] = False

    def facet(self, key: str, value: str, voices: int) -> None:
        """Give exactly so many voices this value of a facet."""
        question = self._with(key, value)
        if question is None:
            return
        rows = self._some(self.free, voices)
        self.columns.codes[key][rows] = keys_of(question).index(value)
        self.columns.answered[key][rows] = True
        self.free[rows] = False

    def silence(self, key: str, setting: str) -> None:
        """Take away the answer of everybody in a setting."""
        if self._with("setting", setting) is not None and key in self.columns.answered:
            self.columns.answered[key] &= ~self._are("setting", setting)

    def thin_row(self, planted: Planted) -> None:
        """Let few take a choice."""
        key, choice = planted.thin_row_question, planted.thin_row_choice
        question = self._with(key, choice)
        if question is not None:
            rows = self._some(self._may(key), planted.thin_row_voices)
            self.columns.codes[key][rows] = question.choice_keys.index(choice)

    def split_row(self, planted: Planted) -> None:
        """Let a few women, and nearly as many men, be all who take a choice."""
        key, choice = planted.split_question, planted.split_choice
        question = self._with(key, choice)
        if question is None:
            return
        for sex, voices in (("woman", planted.split_women), ("man", planted.split_men)):
            if self._with("sex", sex) is not None:
                rows = self._some(self._may(key) & self._are("sex", sex), voices)
                self.columns.codes[key][rows] = question.choice_keys.index(choice)

    def gap(self, planted: Planted) -> None:
        """Let women choose something more often than men, by the planted gap."""
        question = self._with(planted.gap_question, planted.gap_choice)
        if question is None or not {"woman", "man"} <= set(self._keys("sex")):
            return
        answered = self.columns.answered[question.key]
        women, men = (answered & self._are("sex", sex) for sex in ("woman", "man"))
        if not (women.any() and men.any()):
            return
        wanted = round(planted.gap_women * int(women.sum()))
        share = wanted / int(women.sum()) - planted.gap
        self._set_count(question, planted.gap_choice, women, wanted)
        self._set_count(question, planted.gap_choice, men, round(share * int(men.sum())))

    def one_large_table(self, planted: Planted) -> None:
        """Let one people table bring nearly all of a cell that a few others have too."""
        key = "people"
        if key not in self.columns.answered:
            return
        cell = PEOPLE_CELLS.index(planted.people_cell)
        people = self.columns.codes[key]
        people[:, cell] = 0
        may = self._may(key)
        if self._with("sex", "woman") is not None:
            # A group of women has no men.
            may &= ~self._are("sex", "woman")
        rows = self._some(may, planted.people_others + 1)
        people[rows, cell] = self.rng.integers(1, 4, len(rows))
        if len(rows):
            people[rows[0], cell] = planted.people_large

    def _set_count(
        self, question: Question, choice: str, group: NDArray[np.bool_], wanted: int
    ) -> None:
        chosen = self.columns.codes[question.key]
        code = question.choice_keys.index(choice)
        has = chosen[:, code] == 1
        change = wanted - int((has & group).sum())
        alone = [question.choice_keys.index(key) for key in question.exclusive_keys]
        may = group & (has if change < 0 else ~has) & ~chosen[:, alone].any(axis=1)
        may[: len(VOICES)] = False
        for row in self._some(may, abs(change)):
            self._turn(question, chosen[row], code, alone)

    def _turn(
        self, question: Question, ticks: NDArray[np.int64], code: int, alone: list[int]
    ) -> None:
        """Tick or untick a choice, with another in its stead where the limits ask for it."""
        ticks[code] = 1 - ticks[code]
        others = [other for other in range(len(ticks)) if other not in (code, *alone)]
        if ticks[code] and ticks.sum() > (question.most or len(ticks)):
            ticks[self.rng.choice([other for other in others if ticks[other]])] = 0
        elif ticks.sum() < (question.least or 1):
            ticks[self.rng.choice([other for other in others if not ticks[other]])] = 1

    def _with(self, key: str, value: str) -> Question | None:
        question = self.definition.question(key)
        return question if question is not None and value in keys_of(question) else None

    def _keys(self, key: str) -> tuple[str, ...]:
        question = self.definition.question(key)
        return () if question is None else keys_of(question)

    def _are(self, key: str, value: str) -> NDArray[np.bool_]:
        matching = np.equal(self.columns.codes[key], self._keys(key).index(value))
        return np.logical_and(matching, self.columns.answered[key])

    def _may(self, key: str) -> NDArray[np.bool_]:
        may = self.columns.answered[key].copy()
        may[: len(VOICES)] = False
        return may

    def _some(self, rows: NDArray[np.bool_], voices: int) -> NDArray[np.int64]:
        found = self.rng.permutation(np.flatnonzero(rows))[:voices]
        return found.astype(np.int64)
