"""Static files under names that hold a hash of their content, packed once and served from memory.

The names are made when the program starts, so there is no build step and nothing to forget.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped] # ships none
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import Response

from config.settings import Settings
from consult.frame import headers

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
# One file before the first text of a page. The order decides, so there is no @layer.
BUNDLES = {
    "page.css": (
        "css/tokens.css",
        "css/base.css",
        "css/components.css",
        "css/form.css",
        "css/print.css",
    ),
    "staff.css": ("css/staff.css",),
}
_PACKED_ALREADY = {".woff2", ".png"}
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".svg": "image/svg+xml"}
_URL = re.compile(r'url\("\.\./([^"]+)"\)')


@dataclass(frozen=True)
class File:
    """One file to be served: its path with the hash, and its content as it is and packed."""

    url: str
    type: str
    contents: dict[str, bytes]

    @property
    def plain(self) -> bytes:
        """The content as it is."""
        return self.contents[""]


@cache
def files() -> dict[str, File]:
    """Give every static file by the name that templates use."""
    found: dict[str, File] = {}
    for path in sorted(FOLDER.rglob("*")):
        name = path.relative_to(FOLDER).as_posix()
        if path.is_file() and path.suffix in {".woff2", ".js", ".svg", ".png"}:
            found[name] = _file(name, _tightened(path))
    for name, parts in BUNDLES.items():
        style = "\n".join((FOLDER / part).read_text("utf-8") for part in parts)
        style = _URL.sub(lambda match: f'url("{found[match[1]].url}")', _without_comments(style))
        found[name] = _file(name, style.encode())
    return found


def static_url(name: str) -> str:
    """Give the path of a static file, such as `page.css` or `js/exit.js`."""
    return files()[name].url


def install(app: Flask, settings: Settings) -> None:
    """Serve the static files before any request reaches the program."""
    sent = headers.of(headers.Headers.STATIC, production=settings.production)
    server = WhiteNoise(app.wsgi_app)
    server.files = {file.url: _Held(file, sent) for file in files().values()}
    app.wsgi_app = server  # type: ignore[method-assign] # the way Flask's documentation shows


class _Held:
    """Answers for one file, in the shape WhiteNoise expects of its own."""

    def __init__(self, file: File, sent: dict[str, str]) -> None:
        self._etag = '"' + file.url.rsplit(".", 2)[-2] + '"'
        self._sent = {**sent, "Content-Type": file.type, "ETag": self._etag}
        if len(file.contents) > 1:
            self._sent["Vary"] = "Accept-Encoding"
        self._contents = sorted(file.contents.items(), key=lambda item: len(item[1]))

    def get_response(self, method: str, environ: dict[str, Any]) -> Response:
        """Give the file in the smallest form that the caller understands."""
        if method not in ("GET", "HEAD"):
            sent = [*self._sent.items(), ("Allow", "GET, HEAD"), ("Content-Length", "0")]
            return Response(HTTPStatus.METHOD_NOT_ALLOWED, sent, None)
        if environ.get("HTTP_IF_NONE_MATCH") == self._etag:
            return Response(HTTPStatus.NOT_MODIFIED, list(self._sent.items()), None)
        accepted = set(re.findall(r"\w+", environ.get("HTTP_ACCEPT_ENCODING", "")))
        coding, body = next(item for item in self._contents if not item[0] or item[0] in accepted)
        sent = [*self._sent.items(), ("Content-Length", str(len(body)))]
        if coding:
            sent.append(("Content-Encoding", coding))
        return Response(HTTPStatus.OK, sent, BytesIO(body) if method == "GET" else None)


def _file(name: str, content: bytes) -> File:
    path = Path(name)
    mark = hashlib.blake2b(content, digest_size=8).hexdigest()
    kind = _TYPES.get(path.suffix) or guess_type(name)[0] or "application/octet-stream"
    contents = {"": content}
    if path.suffix not in _PACKED_ALREADY:
        contents["br"] = brotli.compress(content, quality=11)
        contents["gzip"] = gzip.compress(content, 9, mtime=0)
        kind = f"{kind}; charset=utf-8"
    return File(f"{PREFIX}{path.with_suffix('')}.{mark}{path.suffix}", kind, contents)


def _tightened(path: Path) -> bytes:
    """Give a file's content; a script without the comment lines that only we read."""
    if path.suffix != ".js":
        return path.read_bytes()
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return "".join(line.lstrip() for line in lines if not line.lstrip().startswith("//")).encode()


def _without_comments(style: str) -> str:
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"\s+", " ", style)
    return re.sub(r" ?([{};,]) ?", r"\1", style).replace(";}", "}").strip()
