"""Which names keys may have: they become names of form fields and columns, so they are narrow."""

import re

LONGEST_KEY = 40
# First parts of other fields of the form, so that no question can take their place.
RESERVED = frozenset({"consent", "organisation", "contact", "state", "go", "code", "receipt"})
# Second parts that mean something beside a question's own parts.
RESERVED_PARTS = frozenset({"other", "sure", "text", "addressee"})

_KEY = re.compile(r"[a-z][a-z0-9_]*")
# `18_29` is a choice of the profile.
_CHOICE_KEY = re.compile(r"[a-z0-9][a-z0-9_]*")
_SHOWABLE = re.compile(rf"[a-z0-9_]{{1,{LONGEST_KEY}}}(\.[a-z0-9_]{{1,{LONGEST_KEY}}})?")


def is_key(text: str) -> bool:
    """Say whether a section or a question may have this key."""
    return len(text) <= LONGEST_KEY and _KEY.fullmatch(text) is not None


def is_choice_key(text: str) -> bool:
    """Say whether a choice or a row may have this key; it may begin with a digit."""
    return len(text) <= LONGEST_KEY and _CHOICE_KEY.fullmatch(text) is not None


def shown(name: str) -> str:
    """Give a name from outside as a message may repeat it: what is no name may be an answer."""
    return name if _SHOWABLE.fullmatch(name) else "?"
