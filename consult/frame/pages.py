"""The pages of no other room: other names of a language lead to the one that we write."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from consult.frame import addresses, marks
from consult.languages.locales import ALIASES

pages = Blueprint("frame", __name__, template_folder="templates")


@marks.public
def other_name(rest: str = "") -> ResponseReturnValue:  # noqa: ARG001 - the path is used whole
    """Lead `/dari/…` to `/fa-af/…`."""
    return redirect(addresses.alias(addresses.whole(request)) or "/", 303)


for name in ALIASES:
    pages.add_url_rule(f"/{name}", view_func=other_name, strict_slashes=False)
    pages.add_url_rule(f"/{name}/<path:rest>", view_func=other_name)
