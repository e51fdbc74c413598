"""Keep the uuids of a consultation when its file is loaded again.

Texts and their translations hang on uuids. What the file names keeps its name; what it does not
name keeps the uuid of what stood under the same key (a question also of the same type) before.
What was not there before gets a new one. A wrong file is left as it is for `parse` to refuse.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from consult.questionnaires.structure import Definition, Question

Known = Mapping[tuple[str, ...], str]


def fill(sections: Any, before: Definition) -> Any:
    """Give the sections of a file with a uuid everywhere; the file itself stays untouched."""
    filling = _Filling(_known(before), set(_named(sections)))
    return filling.items(sections, ("section",), _section)


class _Filling:
    def __init__(self, known: Known, taken: set[str]) -> None:
        self.known = known
        self.taken = taken

    def items(self, value: Any, path: tuple[str, ...], below: Any = None) -> Any:
        if not isinstance(value, list):
            return value
        return [self.item(item, path, below) for item in value]

    def item(self, item: Any, path: tuple[str, ...], below: Any) -> Any:
        if not isinstance(item, dict) or not isinstance(item.get("key"), str):
            return item
        own = (*path, item["key"], *_type_of(item))
        done = {"key": item["key"], "uuid": item.get("uuid") or self.take(own)}
        done |= {name: value for name, value in item.items() if name not in done}
        return below(self, done, own) if below else done

    def take(self, path: tuple[str, ...]) -> str:
        found = self.known.get(path)
        if found is None or found in self.taken:
            found = str(uuid4())
        self.taken.add(found)
        return found


def _section(filling: _Filling, section: dict[str, Any], _path: tuple[str, ...]) -> dict[str, Any]:
    if "questions" in section:
        # Without the section in the path: a question that moves to another keeps its texts.
        section["questions"] = filling.items(section["questions"], ("question",), _question)
    return section


def _question(filling: _Filling, question: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for name in ("choices", "rows"):
        if name in question:
            question[name] = filling.items(question[name], (*path, name))
    return question


def _type_of(item: Mapping[str, Any]) -> tuple[str, ...]:
    return (item["type"],) if isinstance(item.get("type"), str) else ()


def _named(value: Any) -> Iterable[str]:
    """Give every uuid that the file names, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict):
        if isinstance(value.get("uuid"), str):
            yield value["uuid"]
        for item in value.values():
            yield from _named(item)


def _known(definition: Definition) -> Known:
    known: dict[tuple[str, ...], str] = {}
    for section in definition.sections:
        known["section", section.key] = section.uuid
        for question in section.questions:
            known |= _known_of(question)
    return known


def _known_of(question: Question) -> Known:
    path = ("question", question.key, question.type.value)
    known: dict[tuple[str, ...], str] = {path: question.uuid}
    known |= {(*path, "choices", choice.key): choice.uuid for choice in question.choices}
    return known | {(*path, "rows", row.key): row.uuid for row in question.rows}
