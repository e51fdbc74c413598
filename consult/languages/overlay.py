"""What was published on line over the shipped catalogues: the seam between the two."""

from collections.abc import Iterable, Sequence
from typing import Protocol

# Context, source (or its two forms), translation (or its forms).
Row = tuple[str | None, str | Sequence[str], str | Sequence[str]]


class Overlay(Protocol):
    """Published edits of each language; both answers come from the database of every worker."""

    def revision(self, language_id: str) -> int:
        """Give a number that grows with each publication in a language; asked once a second."""

    def published(self, language_id: str) -> Iterable[Row]:
        """Give the published rows of a language, to lie over the shipped ones."""


class Nothing:
    """An overlay without rows: catalogues are edited in their files alone."""

    def revision(self, language_id: str) -> int:  # noqa: ARG002 - the seam's signature
        """Give nought, for nothing is ever published."""
        return 0

    def published(self, language_id: str) -> Iterable[Row]:  # noqa: ARG002 - the seam's signature
        """Give no rows."""
        return ()
