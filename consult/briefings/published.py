"""A published briefing, read in the clear: no key, and nothing heavy, so public pages may."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.briefings import blocks
from consult.briefings.blocks import Block, Document, Quote
from consult.briefings.models import BriefingVersion
from consult.consultations.models import Consultation
from consult.submissions.models import PublishedQuote


def newest(session: Session, consultation: Consultation) -> BriefingVersion | None:
    """Give the newest published version, or nothing while there is none."""
    return session.scalar(
        select(BriefingVersion)
        .where(BriefingVersion.consultation_id == consultation.id)
        .order_by(BriefingVersion.number.desc())
        .limit(1)
    )


def locales(version: BriefingVersion) -> list[str]:
    """Give the languages in which it was published."""
    return list(version.document["documents"])


def render(session: Session, version: BriefingVersion, locale: str) -> Document:
    """Give it as a document, in its original language where it has not this one.

    Its figures are those of the day it was published; a quote whose voice was withdrawn since, or
    whose consent no longer reaches so far, is not in it.
    """
    held = version.document["documents"]
    found = blocks.from_json(held.get(locale) or held[version.document["original"]])
    assert isinstance(found, Document)  # noqa: S101 - nothing else is published
    rows = select(PublishedQuote).where(PublishedQuote.briefing_version_id == version.id)
    words = {row.id.hex(): row.text for row in session.scalars(rows)}
    return replace(found, blocks=tuple(_living(found.blocks, words)))


def _living(held: tuple[Block, ...], words: Mapping[str, str]) -> Iterator[Block]:
    for block in held:
        if not isinstance(block, Quote) or block.kept is None:
            yield block
        elif block.kept.words in words and block.kept.line in words:
            yield _worded(block, words)


def _worded(quote: Quote, words: Mapping[str, str]) -> Quote:
    assert quote.kept is not None  # noqa: S101 - the caller has looked
    said, translation = quote.kept, quote.translation
    if translation is not None:
        text = words.get(said.translation)
        translation = None if text is None else replace(translation, text=text)
    return replace(
        quote,
        words=replace(quote.words, text=words[said.words]),
        line=words[said.line],
        translation=translation,
    )
