"""What every request is held to before a view sees it, so that no view can forget it."""

from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from config.settings import Settings
from consult.frame import addresses

BODY_BYTES = 256 * 1024
PARTS = 1000
NAME_LETTERS = 200
_SAFE = {"GET", "HEAD", "OPTIONS"}
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_HERE = ["localhost", "127.0.0.1", "[::1]"]


def install(app: Flask, settings: Settings) -> None:
    """Check the host of every request, and of what could change something all the rest."""
    ours = settings.public_url.rstrip("/")
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=BODY_BYTES,
        MAX_FORM_PARTS=PARTS,
        TRUSTED_HOSTS=[*_HERE, *filter(None, [urlsplit(ours).hostname])],
        WTF_CSRF_CHECK_DEFAULT=False,
        # Behind a proxy the scheme may be lost; the exact check of the origin stands in for it.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf = CSRFProtect(app)

    @app.before_request
    def guard() -> None:
        if request.method in _SAFE or request.routing_exception:
            return
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)
        _check_body()
        if addresses.is_staff(request.path):
            if _from_elsewhere(ours):
                abort(403)
            csrf.protect()


def _check_body() -> None:
    """Let only forms through, with no more parts and no longer names than ours could have."""
    if (request.content_length or 0) > BODY_BYTES:
        raise RequestEntityTooLarge
    chunked = "Transfer-Encoding" in request.headers
    if (request.content_length or chunked) and request.mimetype not in _FORMS:
        raise BadRequest
    if request.mimetype == "multipart/form-data" and "boundary" not in request.mimetype_params:
        raise BadRequest
    if chunked and not request.environ.get("wsgi.input_terminated"):
        # Its length is unknown, so the form would silently read as empty.
        raise BadRequest
    # Reading the form applies the limits above; a body without parts has no limit on fields.
    names = [name for part in (request.form, request.files) for name, _ in part.items(multi=True)]
    if len(names) > PARTS:
        raise RequestEntityTooLarge
    if any(len(name) > NAME_LETTERS for name in names):
        raise BadRequest


def _from_elsewhere(ours: str) -> bool:
    """Say whether a browser names another site; a client that names none stands on its token."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    wanted = ours or request.host_url.rstrip("/")
    return (origin is not None and origin != wanted) or site not in (None, "same-origin")
