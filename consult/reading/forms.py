"""The forms of quotes: picking words, translating them, clearing them."""

from collections.abc import Mapping, Sequence

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consult.frame.forms import Form
from consult.languages.messages import _, _l
from consult.reading.wording import language_name

LONGEST = 2000
LONGEST_REASON = 400
TOO_LONG = _l("Use at most %(max)s letters.")
PREFIX = "to_"


class PickForm(Form):
    """The words of a quote, cut out of the answer."""

    words = TextAreaField(
        _l("Words of the quote"),
        [
            InputRequired(_l("Leave the words that are to be quoted.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
        description=_l(
            "Delete what is not needed before and after. What stays must stand in the answer "
            "exactly like this; nothing is added or mended."
        ),
        render_kw={"rows": 8},
    )

    def say_not_in_answer(self) -> None:
        """Show beside the words that the answer does not have them like this."""
        self.words.errors = [
            _(
                "These words do not stand in the answer like this. Delete only at the beginning "
                "and at the end."
            )
        ]

    def say_too_short(self) -> None:
        """Show beside the words that they are none."""
        self.words.errors = [_("Leave the words that are to be quoted.")]


class TranslateForm(Form):
    """Translations of one quote, a field for each other language; see `translate_form`."""

    def texts(self) -> dict[str, str]:
        """Give what was typed, by language id; an empty text takes a translation away."""
        return {
            field.name.removeprefix(PREFIX): field.data or ""
            for field in self
            if field.name.startswith(PREFIX)
        }


class ClearForm(Form):
    """That a person has read a quote whole; the mark says which words she read."""

    mark = HiddenField()
    read = BooleanField(
        _l(
            "I have read the words and every translation. Nothing in them tells who speaks, or "
            "of whom, or where to find them."
        ),
        [InputRequired(_l("Tick this only once you have read it all."))],
    )
    reason = StringField(
        _l("Why no second person looks at it"),
        [Length(max=LONGEST_REASON, message=TOO_LONG)],
        description=_l("At risk level low you may clear what you picked yourself, with a reason."),
        render_kw={"autocomplete": "off"},
    )

    def say_reason_needed(self) -> None:
        """Show beside the reason that there must be one."""
        self.reason.errors = [_("Say why no second person looks at it.")]


def translate_form(
    locales: Sequence[str], texts: Mapping[str, str], *, sent: bool
) -> TranslateForm:
    """Make the form with a field for each of these languages, filled with what is there."""
    fields = {
        f"{PREFIX}{locale}": TextAreaField(
            _l("Translation into %(language)s", language=language_name(locale)),
            [Length(max=LONGEST, message=TOO_LONG)],
            render_kw={"rows": 4},
        )
        for locale in locales
    }
    kind: type[TranslateForm] = type("TranslateForm", (TranslateForm,), fields)
    data = {f"{PREFIX}{locale}": texts.get(locale, "") for locale in locales}
    return kind(data=data) if sent else kind(None, data=data)
