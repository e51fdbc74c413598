"""What every staff form has, and the kinds of fields that only we need.

The respondent's form is not made of these: it reads `questionnaires/answers`.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from consult.languages import formats
from consult.languages.locales import Calendar, current
from consult.languages.messages import FormMessages, _l

CONTROLS = _l("Remove the invisible control characters, or type the text anew.")
NOT_WHOLE = _l("Enter a whole number.")
NO_DAY = _l("Enter a day, a month and a year that exist.")
_LAYOUT = "\n\t"


@dataclass(frozen=True)
class Problem:
    """One line of the summary at the head of a refused page: what to do, and where."""

    field_id: str
    text: Any


def has_controls(text: str) -> bool:
    """Say whether a text holds what no page, log or file should show; line ends and tabs may be."""
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in _LAYOUT for c in text)


def lines(text: Any) -> Any:
    """Give a text with one kind of line end, whatever browser it came from."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types; subclassed once, here
    """A staff form: its own words in the page's language, and nothing typed is lost."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # as above
        """How fields are made and where WTForms' own words come from."""

        def get_translations(self, _form: Any) -> FormMessages:
            """Give the catalogue of the page."""
            return FormMessages()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Make a field; what it reads has one kind of line end."""
            filters = [lines, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, filters=filters, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; a text with control characters is refused beside its field."""
        valid = bool(super().validate(extra_validators))
        for field in self:
            data = field.data if isinstance(field.data, list) else [field.data]
            if any(isinstance(text, str) and has_controls(text) for text in data):
                field.errors = [CONTROLS]
                valid = False
        return valid

    @property
    def status(self) -> int:
        """The status of the page that shows the form: 422 once something is refused."""
        return 422 if self.errors else 200

    @property
    def problems(self) -> list[Problem]:
        """What is refused, in the order of the fields, for the summary."""
        return [
            Problem(_first_control(field), field.errors[0])
            for field in self
            if field.errors and field.type != "CSRFTokenField"
        ]


class CheckboxesField(SelectMultipleField):  # type: ignore[misc] # WTForms ships no types
    """Several of a few choices, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NumberField(StringField):  # type: ignore[misc] # WTForms ships no types
    """A whole number, typed in the digits of any script."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; what cannot be read stays in the field."""
        self.data = None
        typed = valuelist[0] if valuelist else ""
        if typed.strip():
            try:
                self.data = formats.read_integer(typed)
            except ValueError:
                # WTForms shows the argument of a ValueError beside the field.
                raise ValueError(NOT_WHOLE) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else formats.digits(str(self.data), current())


class DayField(Field):  # type: ignore[misc] # WTForms ships no types
    """A day of a calendar that stands beside it; `NAME.day`, `.month`, `.year`, `.calendar`."""

    parts = ("day", "month", "year", "calendar")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the four parts; all empty is no day."""
        typed = [formdata.get(f"{self.name}.{part}", "") if formdata else "" for part in self.parts]
        sent = formdata is not None and any(
            f"{self.name}.{part}" in formdata for part in self.parts
        )
        super().process(None, data, extra_filters)
        self.typed = dict(zip(self.parts, typed, strict=True)) if sent else self._shown()
        if not sent:
            return
        self.raw_data = [part for part in typed[:3] if part.strip()]
        self.data = None
        if self.raw_data:
            try:
                day, month, year, calendar = typed
                self.data = formats.read_date(day, month, year, calendar or "gregorian")
            except ValueError:
                self.process_errors = [NO_DAY]

    def months(self) -> list[tuple[int, str]]:
        """Give the months to choose from, each with its name in both calendars."""
        language = current()
        order: list[Calendar] = ["solar_hijri", "gregorian"]
        names = [formats.months(language, calendar) for calendar in order]
        return [
            (number, f"{formats.digits(str(number), language)} · {one} / {other}")
            for (number, one), (_, other) in zip(*names, strict=True)
        ]

    def _shown(self) -> dict[str, str]:
        day, language = self.data, current()
        if not isinstance(day, date):
            return {"day": "", "month": "", "year": "", "calendar": language.calendar}
        return {
            "day": formats.digits(str(day.day), language),
            "month": str(day.month),
            "year": formats.digits(str(day.year), language),
            "calendar": "gregorian",
        }


def _first_control(field: Any) -> str:
    if field.type in ("RadioField", "CheckboxesField"):
        return f"{field.id}-0"
    return f"{field.id}-day" if field.type == "DayField" else str(field.id)
