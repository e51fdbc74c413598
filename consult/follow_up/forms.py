"""The form of the report-back, one language at a time, and the words for what is refused."""

from wtforms import TextAreaField
from wtforms.validators import Length

from consult.follow_up.report_back import LONGEST, PARTS, Report
from consult.follow_up.wording import PART_TITLES
from consult.frame.forms import Form
from consult.languages.messages import _, _l

TOO_LONG = _l("Use at most %(max)s letters.")
LIMIT = [Length(max=LONGEST, message=TOO_LONG)]
SIZE = {"rows": 6}


class ReportForm(Form):
    """What respondents read, in one language. An empty part is left out."""

    heard = TextAreaField(
        PART_TITLES["heard"],
        LIMIT,
        description=_l("Thank those who spoke, and say in a few sentences what they told you."),
        render_kw=SIZE,
    )
    done = TextAreaField(
        PART_TITLES["done"],
        LIMIT,
        description=_l("Who has read it, and what was made of it."),
        render_kw=SIZE,
    )
    taken_up = TextAreaField(
        PART_TITLES["taken_up"],
        LIMIT,
        description=_l("What was decided, and what was not. Say it too when it was nothing."),
        render_kw=SIZE,
    )
    next = TextAreaField(
        PART_TITLES["next"],
        LIMIT,
        description=_l("Who does what now, and when there will be news on this page."),
        render_kw=SIZE,
    )

    def parts(self) -> dict[str, str]:
        """Give what was typed, by part; call it only on a valid form."""
        return {name: self[name].data or "" for name in PARTS}

    def say_too_much(self) -> None:
        """Show beside the first part that all languages together are too long."""
        self.heard.errors = [_("All languages together are too long. Write less.")]


class PressForm(Form):
    """A button and its token."""


def filled(report: Report, locale: str) -> ReportForm:
    """Give the form with what is written in a language."""
    return ReportForm(data=dict(report.words.get(locale, {})))
