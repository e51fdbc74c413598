"""YAML as we take and give it: plain data, limited in size and depth, every key once.

The file is read event by event instead of through a loader. So no tag makes an object, an alias
cannot blow up, and a bare `no`, `18_29` or `2026-11-01` is the text that stands there: YAML 1.1
would make False, 1829 and a date of them, and the first two are keys of choices here.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from consult.errors import BadInput

LARGEST_BYTES = 2_000_000
DEEPEST = 24
WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
BROKEN = re.compile(r"[+-]?(0|[1-9][0-9]*)\.[0-9]+")
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# Breaks of YAML 1.1 that a block of lines would not bring back as they were.
ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")


class NotReadable(BadInput):
    """The file is no YAML that we take; the message names the line."""


def read(content: bytes) -> Any:
    """Give the one document of a file; raises `NotReadable`."""
    if len(content) > LARGEST_BYTES:
        raise NotReadable(f"the file is larger than {LARGEST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable(f"byte {error.start}: this is no UTF-8") from error
    try:
        return _document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotReadable(f"line {line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise NotReadable(f"this is no YAML: {' '.join(str(error).split())}") from error


def write(document: Any) -> str:
    """Give a document as YAML; what `read` makes of it is equal, texts to the last space."""
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, indent=2
    )


class _Dumper(yaml.SafeDumper):
    """Block style, indented lists, and no aliases for a list that stands twice."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the name is the library's
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name is the library's
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if ODD_BREAKS.search(text):
        style = '"'
    elif "\n" in text:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _document(events: Iterator[yaml.Event]) -> Any:
    next(events)
    begin = next(events)
    if isinstance(begin, yaml.StreamEndEvent):
        raise NotReadable("the file is empty")
    found = _node(events, next(events), depth=0)
    next(events)
    if not isinstance(next(events), yaml.StreamEndEvent):
        raise NotReadable("the file holds more than one document")
    return found


def _node(events: Iterator[yaml.Event], event: yaml.Event, depth: int) -> Any:
    if depth > DEEPEST:
        raise NotReadable(f"line {_line(event)}: nested more than {DEEPEST} deep")
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise NotReadable(f"line {_line(event)}: anchors and aliases are not taken")
    if getattr(event, "tag", None) not in (None, "!"):
        raise NotReadable(f"line {_line(event)}: tags are not taken")
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, depth)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, depth)
    if not isinstance(event, yaml.ScalarEvent):
        raise NotReadable(f"line {_line(event)}: this is out of place")
    return _plain(event.value) if event.implicit[0] else event.value


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise NotReadable(f"line {_line(event)}: a key must be a word")
        _node(events, event, depth + 1)
        if event.value in found:
            raise NotReadable(f"line {_line(event)}: the key {event.value!r} stands twice")
        found[event.value] = _node(events, next(events), depth + 1)
    return found


def _sequence(events: Iterator[yaml.Event], depth: int) -> list[Any]:
    found = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        found.append(_node(events, event, depth + 1))
    return found


def _plain(value: str) -> Any:
    if value in WORDS:
        return WORDS[value]
    if WHOLE.fullmatch(value) and len(value) <= 16:
        return int(value)
    return float(value) if BROKEN.fullmatch(value) and len(value) <= 32 else value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
