"""The forms of signing in, of one's own account, and of the people page."""

from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from consult.frame.forms import Form
from consult.languages.messages import Lazy, _, _l
from consult.people.accounts import LONGEST_NAME
from consult.people.models import Standing
from consult.people.passphrases import LONGEST, SHORTEST, Fault

NAME_TOO_LONG = _l("Use at most %(max)s letters.")
ENTER_NAME = _l("Enter a name.")
ENTER_PASSPHRASE = _l("Enter your passphrase.")
NOT_RIGHT = _l(
    "The name or the passphrase is not right. After five wrong tries in a row, wait a minute "
    "before you try again."
)
STANDINGS: dict[Standing, Lazy] = {
    Standing.MEMBER: _l("Member: takes part in the consultations she is given a role in"),
    Standing.EDITOR: _l("Editor: may also make consultations"),
    Standing.ADMINISTRATOR: _l("Administrator: people and settings, never answers"),
}
STANDING_NAMES: dict[Standing, Lazy] = {
    Standing.MEMBER: _l("Member"),
    Standing.EDITOR: _l("Editor"),
    Standing.ADMINISTRATOR: _l("Administrator"),
}
# A browser may offer a stored passphrase here and nowhere else.
CURRENT = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password"}
OFF = {"autocomplete": "off"}


class SignInForm(Form):
    """A name and a passphrase."""

    name = StringField(
        _l("Name"),
        [InputRequired(ENTER_NAME)],
        render_kw={"autocomplete": "username", "maxlength": LONGEST_NAME},
    )
    passphrase = PasswordField(
        _l("Passphrase"), [InputRequired(ENTER_PASSPHRASE)], render_kw=CURRENT
    )

    def say_not_right(self) -> None:
        """Show what no field alone is to blame for."""
        self.name.errors = [NOT_RIGHT]


class _NewPassphrase(Form):
    """A passphrase typed twice, since nobody can mend one that was mistyped."""

    passphrase = PasswordField(
        _l("New passphrase"),
        [InputRequired(_l("Enter a passphrase."))],
        description=_l(
            "Use %(least)s to %(most)s characters. Several words are easier to keep in mind.",
            least=SHORTEST,
            most=LONGEST,
        ),
        render_kw=NEW,
    )
    passphrase_again = PasswordField(
        _l("The same passphrase again"),
        [InputRequired(_l("Enter the passphrase a second time."))],
        render_kw=NEW,
    )

    def chosen(self) -> str:
        """Give what was typed; call it only on a valid form."""
        return self.passphrase.data or ""

    def agrees(self) -> bool:
        """Whether both fields hold the same; says so beside the second if not."""
        if self.passphrase.data == self.passphrase_again.data:
            return True
        self.passphrase_again.errors = [_("The two passphrases differ. Enter the same one twice.")]
        return False

    def say_fault(self, fault: Fault) -> None:
        """Show why the passphrase is refused, and what to do."""
        self.passphrase.errors = [_faults()[fault]]


class InvitationForm(_NewPassphrase):
    """A person's first own passphrase."""


class ChangeForm(_NewPassphrase):
    """Another passphrase for the one who is signed in."""

    current_passphrase = PasswordField(
        _l("Your passphrase until now"), [InputRequired(ENTER_PASSPHRASE)], render_kw=CURRENT
    )
    suspicion = BooleanField(
        _l("Somebody may know my passphrase"),
        description=_l(
            "A new key is made as well. You read answers again once a colleague has given you "
            "access anew."
        ),
    )

    def say_not_right(self) -> None:
        """Show beside the field that the present passphrase is not this one."""
        self.current_passphrase.errors = [
            _(
                "This is not your passphrase. After five wrong tries in a row, wait a minute "
                "before you try again."
            )
        ]


class SecondForm(Form):
    """A second administrator, for what no administrator may do alone."""

    second_name = StringField(_l("Name of a second administrator"), render_kw=OFF)
    second_passphrase = PasswordField(_l("Passphrase of the second administrator"), render_kw=OFF)

    def say_second_missing(self) -> None:
        """Show that an administrator takes two."""
        self.second_name.errors = [
            _("For an administrator, a second administrator enters name and passphrase here.")
        ]

    def say_second_not_right(self) -> None:
        """Show that the second person could not be confirmed."""
        self.second_name.errors = [
            _("This is not the name and passphrase of another administrator.")
        ]


class InviteForm(SecondForm):
    """A new person: her name and what she is to the installation."""

    name = StringField(
        _l("Name"),
        [InputRequired(ENTER_NAME), Length(max=LONGEST_NAME, message=NAME_TOO_LONG)],
        description=_l("A pseudonym is enough. A facilitator always gets one."),
        render_kw=OFF,
    )
    standing = RadioField(
        _l("What she is to this installation"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(standing.value, text) for standing, text in STANDINGS.items()],
    )

    def say_name_taken(self) -> None:
        """Show beside the name that it is in use."""
        self.name.errors = [
            _("There is a person with this name or one that looks the same. Choose another name.")
        ]

    def say_bad_name(self) -> None:
        """Show beside the name that nobody could type it again."""
        self.name.errors = [_("Write the name in letters, on one line.")]


class PressForm(Form):
    """A button and its token."""


def _faults() -> dict[Fault, str]:
    return {
        Fault.TOO_SHORT: _("Use at least %(min)s characters.", min=SHORTEST),
        Fault.TOO_LONG: _("Use at most %(max)s characters.", max=LONGEST),
        Fault.EXPECTED: _(
            "This is made of words that are tried first. Take other words, or the six above."
        ),
        Fault.UNREADABLE: _("Use only signs that can be typed."),
    }
