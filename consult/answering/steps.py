"""From step to step: what a button does with what was typed. Nothing here is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from consult.answering.state import CHECK, CONSENT, START, FormState, Typed
from consult.questionnaires import answers, relevance
from consult.questionnaires.answers import Reason, Refusal
from consult.questionnaires.structure import Definition, Question, Section
from consult.safekeeping import envelope
from consult.submissions.consent import Use
from consult.submissions.inbox import Consent

SECTION = "section:"
USE = "consent.use"
NAME = "organisation.name"
NAME_LIMIT = 200
FORWARD = ("next", "check", "send")
# Left for everything that is sealed beside the answers: consent, language, organisation.
ROOM_BYTES = envelope.part_room() - 1_500


@dataclass(frozen=True)
class Given:
    """What was agreed to: the consent, and the organisation's name where it may be used."""

    use: Use
    organisation: str | None = None


@dataclass(frozen=True)
class Outcome:
    """Where a form stands after a button: its state, what was refused, and whether it is sent."""

    state: FormState
    refusals: tuple[Refusal, ...] = ()
    sends: bool = False


def press(
    definition: Definition, state: FormState, go: str, fields: Typed, offers: Iterable[str]
) -> Outcome:
    """Do what a button says with what was typed on the state's step; nothing typed is lost.

    A button that this step does not have leaves the form where it is.
    """
    state = _remember(definition, state, fields)
    if go == "back":
        return Outcome(_back(definition, state))
    if go.startswith(SECTION):
        return Outcome(_change(definition, state, go))
    if go in FORWARD:
        return _forward(definition, state, offers)
    return Outcome(state)


def answers_of(definition: Definition, state: FormState) -> dict[str, Any]:
    """Give the answers that stand: read from accepted sections, asked, and not withdrawn since."""
    if "answers" not in state.worked_out:
        found: dict[str, Any] = {}
        for section in definition.sections:
            if section.key in state.accepted:
                for reading in _read(section.questions, state, section.key):
                    found |= reading.answers
        state.worked_out["answers"] = relevance.kept(definition, found)
    answers: dict[str, Any] = state.worked_out["answers"]
    return answers


def sections_of(definition: Definition, state: FormState) -> list[Section]:
    """Give the sections that are asked, each with the questions that are."""
    if "sections" not in state.worked_out:
        answers = answers_of(definition, state)
        state.worked_out["sections"] = relevance.relevant_sections(definition, answers)
    sections: list[Section] = state.worked_out["sections"]
    return sections


def section_of(definition: Definition, state: FormState) -> Section | None:
    """Give the section that the state's step shows, or nothing where it shows none."""
    if not state.step.startswith(SECTION):
        return None
    key = state.step.removeprefix(SECTION)
    found = sections_of(definition, state)
    return next((section for section in found if section.key == key), None)


def is_last(definition: Definition, state: FormState) -> bool:
    """Say whether the way forward leads to the check page, as far as can be known now."""
    if state.changing:
        return True
    sections = sections_of(definition, state)
    return bool(sections) and state.step == SECTION + sections[-1].key


def given(state: FormState, offers: Iterable[str]) -> tuple[Given | None, tuple[Refusal, ...]]:
    """Give the consent that was chosen, or why it cannot be taken."""
    typed = state.typed.get(CONSENT, {})
    chosen = (typed.get(USE) or [""])[0]
    if not chosen:
        return None, (Refusal(USE, USE, Reason.MISSING),)
    if chosen not in set(offers) or chosen not in {use.value for use in Use}:
        return None, (Refusal(USE, USE, Reason.UNKNOWN_CHOICE),)
    if Use(chosen) is not Use.QUOTE_ATTRIBUTED:
        return Given(Use(chosen)), ()
    name = answers.take_words(NAME, (typed.get(NAME) or [""])[0], limit=NAME_LIMIT)
    if name.value is None:
        return None, name.refusals or (Refusal(NAME, NAME, Reason.MISSING),)
    return Given(Use.QUOTE_ATTRIBUTED, name.value), ()


def consent_of(given_now: Given, *, version: int, language: str) -> Consent:
    """Give the consent with the version and the language of its wording."""
    return Consent(use=given_now.use, wording={"version": version, "language": language})


def _remember(definition: Definition, state: FormState, fields: Typed) -> FormState:
    """Keep what was typed; a section that no longer reads well is not accepted any more."""
    state = state.with_typed(_own_fields(definition, state, fields))
    section = section_of(definition, state)
    if section and section.key in state.accepted and _refused(section, state):
        state = _without(state, section)
    return state


def _own_fields(definition: Definition, state: FormState, fields: Typed) -> Typed:
    """Drop what does not belong to the step, so that nothing foreign travels along."""
    if state.step == CONSENT:
        names = {USE, NAME}
    elif section := section_of(definition, state):
        names = set().union(*map(answers.field_names, section.questions))
    else:
        names = set()
    return {name: values for name, values in fields.items() if name in names}


def _forward(definition: Definition, state: FormState, offers: Iterable[str]) -> Outcome:
    if state.step == CONSENT:
        _, refusals = given(state, offers)
        return Outcome(state, refusals) if refusals else _finish(definition, state)
    if state.step == CHECK:
        gap = _gap(definition, state)
        return _show_gap(state, gap) if gap else Outcome(_leave(state, CONSENT))
    section = section_of(definition, state)
    if section is None:
        return Outcome(state.sent_to(_after(definition, state, None)))
    readings = _read(section.questions, state, section.key)
    refusals = tuple(refusal for reading in readings for refusal in reading.refusals)
    if refusals:
        doubted = {r.key: r.doubted for r in readings if r.doubted is not None}
        return Outcome(replace(state, doubted={**state.doubted, **doubted}), refusals)
    taken = {**state.accepted, section.key: [question.key for question in section.questions]}
    state = replace(state, accepted=taken)
    if too_much := _too_much(definition, state, section):
        return Outcome(_without(state, section), too_much)
    return Outcome(state.sent_to(_after(definition, state, section)))


def _leave(state: FormState, step: str) -> FormState:
    return replace(state.sent_to(step), changing=False)


def _finish(definition: Definition, state: FormState) -> Outcome:
    gap = _gap(definition, state)
    return _show_gap(state, gap) if gap else Outcome(state, sends=True)


def _show_gap(state: FormState, section: Section) -> Outcome:
    """Lead to a section that is not answered yet, and say what it lacks."""
    there = replace(state.sent_to(SECTION + section.key), changing=True)
    return Outcome(there, _refused(section, there))


def _gap(definition: Definition, state: FormState) -> Section | None:
    return next((s for s in sections_of(definition, state) if not _is_done(s, state)), None)


def _is_done(section: Section, state: FormState) -> bool:
    """Say whether a section was taken with all the questions that are asked in it now."""
    asked_then = state.accepted.get(section.key)
    return asked_then is not None and {q.key for q in section.questions} <= set(asked_then)


def _without(state: FormState, section: Section) -> FormState:
    """Give the state in which a section has yet to be taken."""
    left = {key: asked for key, asked in state.accepted.items() if key != section.key}
    return replace(state, accepted=left)


def _after(definition: Definition, state: FormState, section: Section | None) -> str:
    """Give the step that follows a section; after a change only what is not answered yet."""
    sections = sections_of(definition, state)
    if state.changing:
        sections = [s for s in sections if not _is_done(s, state)]
    elif section is not None:
        keys = [s.key for s in definition.sections]
        place = keys.index(section.key)
        sections = [s for s in sections if keys.index(s.key) > place]
    return SECTION + sections[0].key if sections else CHECK


def _back(definition: Definition, state: FormState) -> FormState:
    """Go to the step that was sent last, as long as there is still such a step."""
    steps = {START, CHECK, *(SECTION + s.key for s in sections_of(definition, state))}
    trail = list(state.trail)
    while trail:
        step = trail.pop()
        if step in steps:
            return replace(state, step=step, trail=tuple(trail))
    return replace(state, step=START, trail=())


def _change(definition: Definition, state: FormState, step: str) -> FormState:
    """Open a section again from the check page."""
    known = {SECTION + section.key for section in sections_of(definition, state)}
    if state.step != CHECK or step not in known:
        return state
    return replace(state.sent_to(step), changing=True)


def _read(
    questions: Iterable[Question], state: FormState, section_key: str
) -> list[answers.Reading]:
    typed = state.typed.get(SECTION + section_key, {})
    return [answers.read(q, typed, confirmed=state.doubted.get(q.key)) for q in questions]


def _refused(section: Section, state: FormState) -> tuple[Refusal, ...]:
    readings = _read(section.questions, state, section.key)
    return tuple(refusal for reading in readings for refusal in reading.refusals)


def _too_much(definition: Definition, state: FormState, section: Section) -> tuple[Refusal, ...]:
    """Refuse the longest answer of a section when all together would not fit into one part."""
    whole: Mapping[str, Any] = answers_of(definition, state)
    if len(envelope.json_bytes(whole)) <= ROOM_BYTES:
        return ()
    own = [q.key for q in section.questions if q.key in whole]
    longest = max(own, key=lambda key: len(envelope.json_bytes(whole[key])))
    question = next(q for q in section.questions if q.key == longest)
    field = f"{longest}.text" if question.type.value == "recommendation" else longest
    return (Refusal(longest, field, Reason.TOO_LONG),)
