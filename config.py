"""The settings: the only reader of the environment.

`settings(os.environ)` gives what `create_app` takes. What is unsafe in production is refused with
one line that says what to set.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from fsspec import get_filesystem_class
from limits.storage import SCHEMES
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from console.outside.mail import outgoing
from console.rules.rulebook import families, load_books

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
LOOPBACK = ["localhost", "127.0.0.1"]
HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist"
TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
KEY = re.compile(r"[A-Za-z0-9_+/-]{43}=")
KEY_HINT = "(urlsafe base64 of 32 bytes: make keys prints one)"


class Unsafe(Exception):
    """A setting that must not be used; the message is one line saying what to set."""


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """The app's settings from an environment. Raises Unsafe."""
    env = environ.get("APP_ENV", "development") or "development"
    if env not in {"development", "production"}:
        raise Unsafe("APP_ENV must be development or production")
    chosen = _common(environ) | (
        _production(environ) if env == "production" else _development(environ)
    )
    chosen["APP_ENV"] = env
    chosen["MIIT_PAGES"] = _switch(environ, "MIIT_PAGES", env == "development")
    return chosen


def settings_or_exit(environ: Mapping[str, str]) -> dict[str, Any]:
    """As `settings`, but a refusal is one line on stderr and the end of the process."""
    try:
        return settings(environ)
    except Unsafe as refusal:
        print(f"Refusing to start: {refusal}", file=sys.stderr)
        raise SystemExit(2) from None


def _common(environ: Mapping[str, str]) -> dict[str, Any]:
    pace = environ.get("MIIT_PACE") or "quick"
    if pace not in {"quick", "real"}:
        raise Unsafe("MIIT_PACE must be quick or real")
    return {
        "SQLALCHEMY_DATABASE_URI": _database_url(environ.get("DATABASE_URL", "")),
        "PROVIDER_NAME": environ.get("PROVIDER_NAME", "").strip() or "Yunqi Cloud",
        "TRUSTED_PROXIES": _number(environ, "TRUSTED_PROXIES", 0),
        "RULEBOOK": _rulebook(environ.get("RULEBOOK", "").strip() or "aliyun-current"),
        "MIIT_PACE": pace,
        "MATERIALS_URL": _materials_url(environ.get("MATERIALS_URL", "").strip()),
        "MATERIALS_REQUIRED": _switch(environ, "MATERIALS_REQUIRED", False),
        # smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465; without it
        # mails stay in the outbox. MAIL_FROM: the address they come from.
        "MAIL_URL": _mail_url(environ),
        "MAIL_FROM": environ.get("MAIL_FROM", ""),
        "RATELIMIT_STORAGE_URI": _limits_store(environ.get("RATELIMIT_STORAGE_URI", "").strip()),
        "HTMX_URL": _htmx_url(environ.get("HTMX_URL", "").strip() or HTMX_URL),
        "METRICS_TOKEN": environ.get("METRICS_TOKEN", "").strip(),
        "STAFF_SECOND_FACTOR": _switch(environ, "STAFF_SECOND_FACTOR", False),
        "SESSION_IDLE_MINUTES": _number(environ, "SESSION_IDLE_MINUTES", 120, least=1),
        "SESSION_ABSOLUTE_HOURS": _number(environ, "SESSION_ABSOLUTE_HOURS", 12, least=1),
    }


def _development(environ: Mapping[str, str]) -> dict[str, Any]:
    keys = dict(_made_once(INSTANCE / "keys.json")) if _any_missing(environ) else {}
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DIGEST_KEY"):
        keys[name] = environ.get(name) or keys[name]
    return {
        "SECRET_KEY": keys["SECRET_KEY"],
        "ENCRYPTION_KEYS": _encryption_keys(keys["ENCRYPTION_KEYS"]),
        "DIGEST_KEY": _key("DIGEST_KEY", keys["DIGEST_KEY"]),
        "BASE_URL": (environ.get("BASE_URL") or _local_url(environ)).rstrip("/"),
        # Loopback names and nothing else: a console with the mock phone open to all must not
        # end up on a network by mistake.
        "TRUSTED_HOSTS": LOOPBACK,
        "CLOCK_OFFSET_FILE": environ.get("CLOCK_OFFSET_FILE") or None,
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_SECURE": False,
    }


def _production(environ: Mapping[str, str]) -> dict[str, Any]:
    if environ.get("DEBUG", "").lower() not in FALSE or (
        environ.get("FLASK_DEBUG", "").lower() not in FALSE
    ):
        raise Unsafe("unset DEBUG and FLASK_DEBUG: they are for development only")
    secret = environ.get("SECRET_KEY", "")
    if len(secret) < 32 or len(set(secret)) < 10:
        raise Unsafe("set SECRET_KEY to at least 32 random characters")
    base_url = environ.get("BASE_URL", "").strip().rstrip("/")
    parts = _parts(base_url)
    if parts is None or parts.scheme != "https" or parts.query or parts.fragment:
        raise Unsafe("set BASE_URL to the address people use, beginning with https://")
    named = environ.get("TRUSTED_HOSTS", "").lower().split(",")  # as browsers send them
    hosts = [host.strip() for host in named if host.strip()]
    if not hosts or any(re.search(r"[\s/*;@]", host) or not host.strip(".") for host in hosts):
        raise Unsafe("set TRUSTED_HOSTS to the host names this console answers to, comma-separated")
    if environ.get("CLOCK_OFFSET_FILE"):
        raise Unsafe("unset CLOCK_OFFSET_FILE: the clock cannot be moved in production")
    return {
        "SECRET_KEY": secret,
        "ENCRYPTION_KEYS": _encryption_keys(environ.get("ENCRYPTION_KEYS", "")),
        "DIGEST_KEY": _key("DIGEST_KEY", environ.get("DIGEST_KEY", "")),
        "BASE_URL": base_url,
        "TRUSTED_HOSTS": hosts,
        "CLOCK_OFFSET_FILE": None,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "PREFERRED_URL_SCHEME": "https",
    }


def _any_missing(environ: Mapping[str, str]) -> bool:
    return not all(environ.get(name) for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DIGEST_KEY"))


def _local_url(environ: Mapping[str, str]) -> str:
    return f"http://localhost:{_number(environ, 'PORT', 5000)}"


def _parts(url: str) -> SplitResult | None:
    """An address taken apart; None where it is none, or names no host."""
    try:
        parts = urlsplit(url)
        whole = parts.port is not None or bool(parts.hostname)
    except ValueError:
        return None
    return parts if whole and not re.search(r"\s", url) else None


def _database_url(url: str) -> str:
    """Name the driver: a bare postgresql:// (or postgres://) means psycopg 3."""
    url = url.strip()
    if not url:
        INSTANCE.mkdir(mode=0o700, exist_ok=True)
        return f"sqlite:///{INSTANCE / 'console.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        parts = None
    kind = parts and (parts.drivername, parts.database not in (None, "", ":memory:"))
    if kind not in {("sqlite", True), ("postgresql+psycopg", True), ("postgresql+psycopg", False)}:
        raise Unsafe(
            "set DATABASE_URL to postgresql://user:password@host/name or sqlite:////path/of/a/file"
        )
    return url


def _materials_url(url: str) -> str:
    url = url or (INSTANCE / "materials").as_uri()
    try:
        get_filesystem_class(url.partition("://")[0] if "://" in url else "file")
    except (ImportError, ValueError) as wrong:
        why = " ".join(str(wrong).split())
        raise Unsafe(f"set MATERIALS_URL to file:///… or s3://bucket/folder ({why})") from None
    return url


def _limits_store(url: str) -> str:
    scheme = url.partition("://")[0] if "://" in url else ""
    if url and (scheme not in SCHEMES or (scheme in {"redis", "rediss"} and not _parts(url))):
        raise Unsafe("RATELIMIT_STORAGE_URI must be memory:// or redis://host:port")
    return url or "memory://"


def _htmx_url(url: str) -> str:
    parts = _parts(url)
    if not url.startswith("/") and (parts is None or parts.scheme not in {"http", "https"}):
        raise Unsafe("HTMX_URL must begin with https:// or, for a path of this console, with /")
    return url.rstrip("/")


def _rulebook(name: str) -> str:
    known = [*load_books(), *families()]
    if name not in known:
        raise Unsafe(f"RULEBOOK must be one of {', '.join(known)}")
    return name


def _mail_url(environ: Mapping[str, str]) -> str:
    url = environ.get("MAIL_URL", "").strip()
    try:
        outgoing(url, environ.get("MAIL_FROM", ""))
    except ValueError as wrong:
        raise Unsafe(str(wrong)) from None
    return url


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise Unsafe(f"{name} must be on or off")
    return value in TRUE


def _number(environ: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) < least:
        raise Unsafe(f"{name} must be a whole number from {least} to 99999")
    return int(value)


def _key(name: str, value: str) -> str:
    value = value.strip()
    # Nothing else, although decoding would skip it: two keys without a comma are not one.
    if not KEY.fullmatch(value) or len(set(base64.urlsafe_b64decode(value))) < 8:
        raise Unsafe(f"set {name} to a random key {KEY_HINT}")
    return value


def _encryption_keys(value: str) -> list[str]:
    keys = [key.strip() for key in value.split(",") if key.strip()]
    if not keys:
        raise Unsafe(f"set ENCRYPTION_KEYS to at least one random key {KEY_HINT}")
    return [_key("ENCRYPTION_KEYS", key) for key in keys]


def new_key() -> str:
    """A random key, as ENCRYPTION_KEYS and DIGEST_KEY want it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def _made_once(path: Path) -> dict[str, str]:
    """Development's keys: the first process to ask writes them, all others read the same."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        made = {name: new_key() for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DIGEST_KEY")}
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="keys-")  # mode 0600
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(made, file)
        try:
            os.link(name, path)  # fails where another process was first
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    keys: dict[str, str] = json.loads(path.read_text(encoding="ascii"))
    return keys
