"""The texts that may change while the console runs, read once every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from console import clock
from console.extensions import db
from console.models import Setting
from console.rules.text import T

# What may be set, with what it is called, and how long it may be.
KEYS = {
    "provider-name": T("Provider's name"),
    "contact": T("Contact, shown at the foot of every page"),
    "help": T("Help, shown at the foot of every page"),
}
MOST = {"provider-name": 60, "contact": 200, "help": 300}
FRESH = timedelta(seconds=10)
KEPT = "desk-texts"


def texts() -> Mapping[str, str]:
    """What is set, by key; a process hears of a change within ten seconds."""
    now = clock.now()
    kept: tuple[datetime, dict[str, str]] | None = current_app.extensions.get(KEPT)
    if kept is None or abs(now - kept[0]) >= FRESH:
        kept = now, _read()
        current_app.extensions[KEPT] = kept
    return kept[1]


def _read() -> dict[str, str]:
    try:
        rows = db.session.execute(select(Setting.key, Setting.value)).all()
    except DBAPIError:  # a page that says that the database is away must still be drawn
        db.session.rollback()
        return {}
    return {row.key: row.value for row in rows if row.value}


def provider_name() -> str:
    """What the provider is called."""
    return texts().get("provider-name") or str(current_app.config["PROVIDER_NAME"])


def forget() -> None:
    """Read them anew at the next look."""
    extensions: dict[str, Any] = current_app.extensions
    extensions.pop(KEPT, None)
