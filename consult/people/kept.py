"""What somebody had typed when her session ended waits in the sign-in page (SAFETY 2.5).

It lies nowhere else: hidden fields go out with the sign-in page, come back with the passphrase,
and stand in a form of their own afterwards, which she sends when she wants to.
"""

from werkzeug.datastructures import MultiDict

PREFIX = "kept."
# Names that hold any of these are never written into a page.
NEVER = ("passphrase", "secret", "words", "csrf_token")

Fields = list[tuple[str, str]]


def typed(form: MultiDict[str, str]) -> Fields:
    """Give the fields of a form that was sent without a session."""
    return [pair for pair in form.items(multi=True) if _may_stand(pair[0])]


def returned(form: MultiDict[str, str]) -> Fields:
    """Give the fields that the sign-in page held, as it was sent back."""
    pairs = form.items(multi=True)
    held = [(name[len(PREFIX) :], value) for name, value in pairs if name.startswith(PREFIX)]
    return [pair for pair in held if _may_stand(pair[0])]


def _may_stand(name: str) -> bool:
    return not any(word in name.lower() for word in NEVER)
