"""The only reader of wall time. Everything else receives a moment or asks `now()`."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_offset_file: Path | None = None


def set_offset_file(path: str | None) -> None:
    """Name the file whose number of seconds is added to the clock; None reads the clock as it is.

    Development only: the file is read afresh at each call, so that every process moves together.
    """
    global _offset_file
    _offset_file = Path(path) if path else None


def _offset() -> timedelta:
    if _offset_file is None:
        return timedelta()
    try:
        text = _offset_file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return timedelta()
    return timedelta(seconds=float(text or 0))


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset()


def china_day(moment: datetime) -> date:
    """The calendar day in China (UTC+8) at an aware moment."""
    return moment.astimezone(CHINA).date()


def machine_seconds() -> float:
    """The machine's own time, the offset left out: for parts that keep time by themselves."""
    return time.time()
