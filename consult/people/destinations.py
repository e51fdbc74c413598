"""Where to go after signing in: only to a page of our own route table (SAFETY 4.2)."""

import re

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from consult.frame import addresses

# No second slash at the start, no backslash, no control character, nothing that is encoded twice.
_PLAIN = re.compile(r"/[A-Za-z0-9][A-Za-z0-9/_.-]*(?:\?[A-Za-z0-9/_.~=&%+:-]*)?")


def known(target: str, routes: MapAdapter, *, method: str = "GET") -> str | None:
    """Give back a target if it is the path, with its query, of a staff page that takes `method`."""
    path = target.partition("?")[0]
    if not _PLAIN.fullmatch(target) or not addresses.is_staff(path):
        return None
    try:
        routes.match(path, method=method)
    except HTTPException:
        return None
    return target
