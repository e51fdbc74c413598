"""What is said of a submission besides its answers: its language, channel, lane and consent."""

from consult.languages.messages import Lazy, _l, _lp
from consult.reading.identifying import Kind
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel
from consult.submissions.models import Lane

LANGUAGE_NAMES: dict[str, Lazy] = {
    "en": _l("English"),
    "fr": _l("French"),
    "fa_AF": _l("Dari"),
    "ps": _l("Pashto"),
}
CHANNELS: dict[Channel, Lazy] = {
    Channel.WEB: _l("Web form"),
    Channel.FACILITATOR: _l("Through a facilitator"),
    Channel.PAPER: _l("Paper form"),
    Channel.OFFLINE: _l("Offline file"),
    Channel.STATEMENT: _l("Letter or minutes"),
    Channel.ODK: _l("Imported from ODK"),
    Channel.KOBO: _l("Imported from Kobo"),
    Channel.IMPORT: _l("Imported file"),
}
LANES: dict[Lane, Lazy] = {
    Lane.INVITED: _l("With an invitation code"),
    Lane.OPEN: _l("Open to all"),
    Lane.BURST: _l("Many from one address"),
    Lane.NONE: _l("Not by the web form"),
}
USES: dict[Use, Lazy] = {
    Use.COUNT: _lp("safety", "Count only"),
    Use.QUOTE_ANONYMOUS: _lp("safety", "Quote without a name"),
    Use.QUOTE_ATTRIBUTED: _lp("safety", "Quote with the organisation’s name"),
}
USES_TOLD: dict[Use, Lazy] = {
    Use.COUNT: _lp("safety", "May be counted. No word of it may be quoted."),
    Use.QUOTE_ANONYMOUS: _lp("safety", "May be counted, and quoted without saying who wrote it."),
    Use.QUOTE_ATTRIBUTED: _lp(
        "safety", "May be counted, and quoted with the name of the organisation."
    ),
}
DETAILS: dict[Kind, Lazy] = {
    Kind.PHONE: _l("a phone number"),
    Kind.EMAIL: _l("an email address"),
    Kind.HANDLE: _l("a name in a network"),
    Kind.LINK: _l("a link"),
    Kind.NUMBER: _l("a number, such as that of a document"),
    Kind.COORDINATES: _l("coordinates"),
    Kind.NAME: _l("a name"),
}


def language_name(locale: str) -> Lazy | str:
    """Name a language in the language of the page; one that was added later, by its id."""
    return LANGUAGE_NAMES.get(locale, locale)
