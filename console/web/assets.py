"""One style sheet and one script of ours, Bootstrap, the icon: named by content, kept for good."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from console.web.scoped import scoped

HERE = Path(__file__).resolve().parents[1] / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
COMMON = ("console", "forms", "parts")
# Each for the pages that name it in their block `styles`; where two speak, the later one wins.
OF_PAGES = (
    "order",
    "filling",
    "types",
    "leader",
    "materials",
    "account",
    "landing",
    "notices",
    "rulebooks",
    "desk",
    "miit",
)
SCRIPTS = ("console", "materials")
DIGEST = re.compile(r"^[0-9a-f]{12}\.")
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file as it is sent. `name` holds its digest, so that the address changes with it."""

    name: str
    mimetype: str
    body: bytes
    packed: bytes


def init_app(app: Flask) -> None:
    """Serve them beside the other static files, and tell the templates where they are."""
    app.view_functions["static"] = lambda filename: _send(app, filename)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of an asset: "console.css", "console.js", "bootstrap.css" or "icon.svg"."""
    return f"/static/{_assets()[name].name}"


def _send(app: Flask, filename: str) -> ResponseReturnValue:
    stem, _, rest = filename.partition(".")
    found = _assets().get(f"{stem}.{rest.rpartition('.')[2]}") if DIGEST.search(rest) else None
    if found is None:
        return app.send_static_file(filename)
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(found.packed if packed else found.body, mimetype=found.mimetype)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # While processes are replaced one by one, a page of the one may ask the other.
    response.headers["Cache-Control"] = FOR_GOOD if found.name == filename else "no-cache"
    response.set_etag(found.name)
    return response.make_conditional(request)


@cache
def _assets() -> dict[str, Asset]:
    """All of them, by the name templates use; put together when the first page is drawn."""
    script = "\n".join(_text(f"{name}.js") for name in SCRIPTS)
    return {
        "console.css": _asset("console.css", "text/css", _sheet()),
        "console.js": _asset("console.js", "text/javascript", script),
        "bootstrap.css": _asset("bootstrap.css", "text/css", BOOTSTRAP.read_text("utf-8")),
        "icon.svg": _asset("icon.svg", "image/svg+xml", _text("icon.svg")),
    }


def _sheet() -> str:
    common = [_text(f"{name}.css") for name in COMMON]
    return "\n".join(
        common + [scoped(_text(f"{name}.css"), f".styles-{name}") for name in OF_PAGES]
    )


def _asset(name: str, mimetype: str, text: str) -> Asset:
    body = text.encode("utf-8")
    stem, _, kind = name.partition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{stem}.{digest}.{kind}", mimetype, body, gzip.compress(body, 9, mtime=0))


def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8")
