"""The forms of a briefing: its texts, findings with their evidence, recommendations, sign-off."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from consult.briefings import wording
from consult.briefings.writing import LINES, Body
from consult.frame.forms import CheckboxesField, Form
from consult.languages.messages import _, _l

LONGEST_PART = 12_000
LONGEST_TEXT = 1_200
LONGEST_REASON = 400
TOO_LONG = _l("Use at most %(max)s letters.")
PREFIX = "in_"
BETWEEN = "|"
A_LINE_EACH = _l("One point on each line.")


def _part(label: Any, hint: Any, rows: int = 6) -> Any:
    return TextAreaField(
        label,
        [Length(max=LONGEST_PART, message=TOO_LONG)],
        description=hint,
        render_kw={"rows": rows},
    )


class BodyForm(Form):
    """Masthead and running text in the language of the page."""

    mark = HiddenField()
    for_whom = _part(_l("For whom"), _l("Who is to read it."), rows=2)
    distribution = _part(_l("Distribution"), _l("Who may pass it on, and to whom."), rows=2)
    summary = _part(_l("In short"), A_LINE_EACH)
    context = _part(_l("Context"), _l("One paragraph on each line."))
    gaps = _part(_l("Not heard, or hardly"), A_LINE_EACH)
    caveats = _part(_l("To be read with care"), A_LINE_EACH)
    top_question = SelectField(
        _l("Question whose chart stands at the front"),
        description=_l("The same in every language."),
        validate_choice=True,
    )

    def body(self, before: Body, locale: str) -> Body:
        """Give what was typed, laid over what stands there in the other languages."""

        def texts(name: str) -> dict[str, str]:
            held = dict(getattr(before, name))
            held[locale] = (self[name].data or "").strip()
            return {key: said for key, said in held.items() if said}

        def lines(name: str) -> dict[str, tuple[str, ...]]:
            held = dict(getattr(before, name))
            typed = (self[name].data or "").split("\n")
            held[locale] = tuple(line.strip() for line in typed if line.strip())
            return {key: said for key, said in held.items() if said}

        return Body(
            original=before.original,
            for_whom=texts("for_whom"),
            distribution=texts("distribution"),
            top_question=self.top_question.data or None,
            **{name: lines(name) for name in LINES},
        )

    def say_changed(self) -> None:
        """Say at the first field that somebody else has saved meanwhile."""
        self.for_whom.errors = [
            _(
                "Somebody changed the briefing while you wrote. Your text is still here: compare "
                "it with the briefing, then save again."
            )
        ]


class WordsForm(Form):
    """A text in each language of the consultation; see `words_form`."""

    def texts(self) -> dict[str, str]:
        """Give what was typed, by language id."""
        return {
            field.name.removeprefix(PREFIX): field.data or ""
            for field in self
            if field.name.startswith(PREFIX)
        }


class AdviceForm(WordsForm):
    """A recommendation: to whom, its words, and who made it."""

    addressee = SelectField(_l("To whom"), [InputRequired(_l("Choose to whom it is said."))])
    made_by = CheckboxesField(
        _l("Who asked for it"), description=_l("Groups in whose answers you found it.")
    )

    def groups(self) -> list[tuple[str, str]]:
        """Give the groups that were ticked, as facet and choice."""
        pairs = [chosen.partition(BETWEEN) for chosen in self.made_by.data or ()]
        return [(facet, value) for facet, _between, value in pairs]


class TallyForm(Form):
    """A tally that a finding is to rest on."""

    row = SelectField(_l("Figure"), [InputRequired(_l("Choose a figure."))])
    by = SelectField(_l("Broken down by"))

    def chosen(self) -> tuple[str, str | None, str | None]:
        """Give question, choice and facet."""
        question, _between, choice = str(self.row.data).partition(BETWEEN)
        return question, choice or None, self.by.data or None


class QuoteForm(Form):
    """A cleared quote that a finding is to rest on."""

    quote = RadioField(_l("Quote"), [InputRequired(_l("Choose a quote."))])


class ApproveForm(Form):
    """That a second editor has read the briefing whole; the mark says which state of it."""

    mark = HiddenField()
    read = BooleanField(
        _l("I have read the whole briefing, with every figure and every quote."),
        [InputRequired(_l("Tick this only once you have read it all."))],
    )
    reason = StringField(
        _l("Why no second person looks at it"),
        [Length(max=LONGEST_REASON, message=TOO_LONG)],
        description=_l("At risk level low you may approve what you wrote yourself, with a reason."),
        render_kw={"autocomplete": "off"},
    )

    def say_reason_needed(self) -> None:
        """Show beside the reason that there must be one."""
        self.reason.errors = [_("Say why no second person looks at it.")]


class PressForm(Form):
    """A button alone."""


def words_form(
    kind: type[WordsForm], locales: Sequence[str], original: str, texts: Mapping[str, str]
) -> Any:
    """Make a form with a field for each language, the original first and required."""
    fields: dict[str, Any] = {}
    for locale in sorted(locales, key=lambda one: one != original):
        must = [InputRequired(_l("Write it in the original language first."))]
        fields[f"{PREFIX}{locale}"] = TextAreaField(
            _l("In %(language)s", language=wording.LANGUAGES.get(locale, locale)),
            [*(must if locale == original else []), Length(max=LONGEST_TEXT, message=TOO_LONG)],
            render_kw={"rows": 3},
        )
    made: type[WordsForm] = type(kind.__name__, (kind,), fields)
    return made(data={f"{PREFIX}{locale}": texts.get(locale, "") for locale in locales})


def say_unknown(form: Form, unknown: Mapping[str, Sequence[str]]) -> bool:
    """Show beside each field the placeholders in it that name no figure; say if there are none."""
    for name, found in unknown.items():
        if found:
            form[name].errors = [
                _("This names no figure: %(placeholder)s", placeholder=" ".join(found))
            ]
    return not any(unknown.values())


__all__ = [
    *("BETWEEN", "PREFIX", "AdviceForm", "ApproveForm", "BodyForm", "PressForm", "QuoteForm"),
    *("TallyForm", "WordsForm", "say_unknown", "words_form"),
]
