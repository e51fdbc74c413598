"""The headers of every answer: one of four sets, exact (SAFETY 3.6)."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

from config.settings import Settings
from consult.frame import addresses

View = TypeVar("View", bound=Callable[..., Any])
CHOSEN = "consult_headers"

_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framed_by}; object-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
_FEATURES = (
    "accelerometer=(), camera=(), clipboard-read=(), clipboard-write={clipboard}, "
    "display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
    "payment=(), publickey-credentials-get=(), usb=()"
)
_ALL = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_ANY_PAGE = {
    **_ALL,
    "Content-Security-Policy": _PAGE.format(framed_by="'none'"),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": _FEATURES.format(clipboard="()"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


class Headers(Enum):
    """The four sets. A static file is the only answer that may be kept."""

    PUBLIC = "public"
    STAFF = "staff"
    PREVIEW = "preview"
    STATIC = "static"


TABLE: dict[Headers, dict[str, str]] = {
    Headers.PUBLIC: {
        **_ANY_PAGE,
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": _FEATURES.format(clipboard="(self)"),
    },
    Headers.STAFF: {
        **_ANY_PAGE,
        "Content-Security-Policy": _ANY_PAGE["Content-Security-Policy"] + "; frame-src 'self'",
    },
    Headers.PREVIEW: {
        **_ANY_PAGE,
        "Content-Security-Policy": _PAGE.format(framed_by="'self'"),
        "X-Frame-Options": "SAMEORIGIN",
    },
    Headers.STATIC: {
        **_ALL,
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Permissions-Policy": _FEATURES.format(clipboard="()"),
    },
}
IN_PRODUCTION = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
ON_LEAVING = {"Clear-Site-Data": '"cache", "cookies", "storage"'}


def of(kind: Headers, *, production: bool) -> dict[str, str]:
    """Give the headers of a set, by name."""
    return {**TABLE[kind], **(IN_PRODUCTION if production else {})}


def preview(view: View) -> View:
    """Let a staff page show this one in a frame; stands under the route like a mark."""
    setattr(view, CHOSEN, Headers.PREVIEW)
    return view


def install(app: Flask, settings: Settings) -> None:
    """Send the right set with every page, redirect and error."""
    sets = {kind: of(kind, production=settings.production) for kind in Headers}

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(sets[_kind()])
        if request.path == addresses.leave():
            response.headers.update(ON_LEAVING)
        return response


def _kind() -> Headers:
    if addresses.is_staff(request.path):
        view = current_app.view_functions.get(request.endpoint or "")
        chosen = getattr(view, CHOSEN, Headers.STAFF)
        return chosen if isinstance(chosen, Headers) else Headers.STAFF
    return Headers.PUBLIC
