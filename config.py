"""The settings: the only reader of the environment.

`settings(os.environ)` gives what `create_app` takes. What is unsafe in production is refused with
one line that says what to set.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from console.outside.mail import outgoing

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
LOOPBACK = ["localhost", "127.0.0.1"]
HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist"
TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
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
        "PROVIDER_NAME": environ.get("PROVIDER_NAME") or "Yunqi Cloud",
        "TRUSTED_PROXIES": _number(environ, "TRUSTED_PROXIES", 0),
        "RULEBOOK": environ.get("RULEBOOK") or "aliyun-current",
        "MIIT_PACE": pace,
        "MATERIALS_URL": environ.get("MATERIALS_URL") or (INSTANCE / "materials").as_uri(),
        "MATERIALS_REQUIRED": _switch(environ, "MATERIALS_REQUIRED", False),
        # smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465; without it
        # mails stay in the outbox. MAIL_FROM: the address they come from.
        "MAIL_URL": _mail_url(environ),
        "MAIL_FROM": environ.get("MAIL_FROM", ""),
        "RATELIMIT_STORAGE_URI": environ.get("RATELIMIT_STORAGE_URI") or "memory://",
        "HTMX_URL": (environ.get("HTMX_URL") or HTMX_URL).rstrip("/"),
        "METRICS_TOKEN": environ.get("METRICS_TOKEN", ""),
        "STAFF_SECOND_FACTOR": _switch(environ, "STAFF_SECOND_FACTOR", False),
        "SESSION_IDLE_MINUTES": _number(environ, "SESSION_IDLE_MINUTES", 120),
        "SESSION_ABSOLUTE_HOURS": _number(environ, "SESSION_ABSOLUTE_HOURS", 12),
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
    base_url = environ.get("BASE_URL", "").rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not parts.hostname:
        raise Unsafe("set BASE_URL to the address people use, beginning with https://")
    hosts = [host.strip() for host in environ.get("TRUSTED_HOSTS", "").split(",") if host.strip()]
    if not hosts or "*" in hosts:
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


def _database_url(url: str) -> str:
    """Name the driver: a bare postgresql:// (or postgres://) means psycopg 3."""
    if not url:
        INSTANCE.mkdir(mode=0o700, exist_ok=True)
        return f"sqlite:///{INSTANCE / 'console.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


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


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit()):
        raise Unsafe(f"{name} must be a whole number")
    return int(value)


def _key(name: str, value: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(value.encode("ascii"))
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32 or len(set(raw)) < 8:
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
