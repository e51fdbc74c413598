"""The forms of a consultation's people and of its opening, and the words for roles and gates."""

from datetime import date

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from consult.consultations.lifecycle import Gate
from consult.consultations.models import RiskLevel, Role, State
from consult.frame.forms import DayField, Form
from consult.languages.messages import Lazy, _, _l, _lp
from consult.people.accounts import LONGEST_NAME

NAME_TOO_LONG = _l("Use at most %(max)s letters.")
ENTER_NAME = _l("Enter a name.")
OFF = {"autocomplete": "off"}
ROLES: dict[Role, Lazy] = {
    Role.EDITOR: _l("Editor"),
    Role.ANALYST: _l("Analyst"),
    Role.TRANSLATOR: _l("Translator"),
    Role.ANSWER_TRANSLATOR: _l("Translator of answers"),
    Role.FACILITATOR: _l("Facilitator"),
    Role.OBSERVER: _l("Observer"),
}
ROLES_TOLD: dict[Role, Lazy] = {
    Role.ANALYST: _l("Analyst: reads the answers, counts, writes the briefing"),
    Role.EDITOR: _l("Editor: all that, and the questionnaire, opening, approving, publishing"),
    Role.TRANSLATOR: _l("Translator: texts of the questionnaire; reads no answers"),
    Role.ANSWER_TRANSLATOR: _l("Translator of answers: only the answers given to her"),
    Role.FACILITATOR: _l("Facilitator: sends in for groups; reads nothing back"),
    Role.OBSERVER: _l("Observer: published and suppressed material only"),
}
STATES: dict[State, Lazy] = {
    State.DRAFT: _lp("consultation", "Draft"),
    State.PILOT: _lp("consultation", "Pilot"),
    State.OPEN: _lp("consultation", "Open"),
    State.CLOSED: _lp("consultation", "Closed"),
    State.REPORTED: _lp("consultation", "Reported"),
    State.ARCHIVED: _lp("consultation", "Archived"),
}
RISK_LEVELS: dict[RiskLevel, Lazy] = {
    RiskLevel.LOW: _lp("risk level", "Low"),
    RiskLevel.RAISED: _lp("risk level", "Raised"),
    RiskLevel.HIGH: _lp("risk level", "High"),
}
GATES: dict[Gate, Lazy] = {
    Gate.QUESTIONNAIRE: _l("The questionnaire is there"),
    Gate.TEXTS: _l("Every required text is there in every language"),
    Gate.DAYS: _l("The first and the last day are set"),
    Gate.DRILL: _l("Paper keys are drilled"),
    Gate.SECOND_PERSON: _l("A second person has read it all"),
    Gate.DEMONSTRATION: _l("This installation is free of the demonstration"),
}


class AddForm(Form):
    """Somebody new in a consultation: her name and her role."""

    name = StringField(
        _l("Name"),
        [InputRequired(ENTER_NAME), Length(max=LONGEST_NAME, message=NAME_TOO_LONG)],
        description=_l(
            "Of somebody who has an account, or of somebody new. A pseudonym is enough; a "
            "facilitator always gets one."
        ),
        render_kw=OFF,
    )
    role = RadioField(
        _l("Role in this consultation"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(role.value, text) for role, text in ROLES_TOLD.items()],
    )

    def say_administrator(self) -> None:
        """Show beside the name that this account can never read."""
        self.name.errors = [
            _("This is an administrator, who has no role in a consultation. Choose another person.")
        ]

    def say_has_a_role(self) -> None:
        """Show beside the name that she belongs to it already."""
        self.name.errors = [_("She has a role in this consultation already.")]

    def say_bad_name(self) -> None:
        """Show beside the name that nobody could type it again."""
        self.name.errors = [_("Write the name in letters, on one line.")]


class DaysForm(Form):
    """The first and the last day on which a consultation listens."""

    opens_on = DayField(_l("First day"), [InputRequired(_l("Enter the first day."))])
    closes_on = DayField(_l("Last day"), [InputRequired(_l("Enter the last day."))])

    def chosen(self) -> tuple[date, date]:
        """Give both days; call it only on a valid form."""
        opens_on, closes_on = self.opens_on.data, self.closes_on.data
        if opens_on is None or closes_on is None:
            raise ValueError("a day is missing")
        return opens_on, closes_on

    def say_order(self) -> None:
        """Show beside the last day that it comes too early."""
        self.closes_on.errors = [_("Choose a day after the first day.")]

    def say_has_begun(self) -> None:
        """Show beside the first day that it stays."""
        self.opens_on.errors = [_("The first day stays, since the consultation has opened.")]


class SecondForm(Form):
    """The second person whom choosing risk level low takes."""

    second_name = StringField(
        _l("Name of the second person"),
        [InputRequired(ENTER_NAME), Length(max=LONGEST_NAME, message=NAME_TOO_LONG)],
        description=_l("Somebody else with an account, who agrees to risk level low."),
        render_kw=OFF,
    )

    def say_unknown(self) -> None:
        """Show beside the name that it is not another person's."""
        self.second_name.errors = [_("Enter the name of somebody else who has an account here.")]


class DrillForm(Form):
    """The words of a paper key. They are never shown again."""

    words = TextAreaField(
        _l("The 24 words of the paper key"),
        [InputRequired(_l("Enter the words of a paper key."))],
        description=_l("In their order, with spaces between them."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
            "rows": 4,
        },
    )

    def taken(self) -> str:
        """Give the words and forget them."""
        typed, self.words.data = self.words.data or "", ""
        return typed

    def say_wrong(self) -> None:
        """Show that these words are no key of this installation."""
        self.words.errors = [
            _(
                "These words are no paper key of this installation. Type all of them again and "
                "look at each word and at their order."
            )
        ]


class PressForm(Form):
    """A button and its token."""
