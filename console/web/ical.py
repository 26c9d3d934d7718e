"""One event as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST = 75  # octets of a line, its end not counted (RFC 5545, 3.1)


@dataclass(frozen=True)
class CalendarEvent:
    """A moment with reminders before it. `uid` names it for good, so that it is updated."""

    uid: str
    stamp: datetime
    at: datetime
    title: str
    text: str
    reminders: Sequence[timedelta]
    sequence: int = 0


def calendar(event: CalendarEvent, product: str, language: str) -> bytes:
    """The file: one calendar with this one event, in UTF-8 with CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(product)}//ICP filing//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"DTSTART:{_utc(event.at)}",
        f"SUMMARY;LANGUAGE={language}:{_text(event.title)}",
        f"DESCRIPTION;LANGUAGE={language}:{_text(event.text)}",
        "TRANSP:TRANSPARENT",
        *(line for before in event.reminders for line in _alarm(before, event.title)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _alarm(before: timedelta, title: str) -> tuple[str, ...]:
    hours = int(before.total_seconds() // 3600)
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:-PT{hours}H",
        f"DESCRIPTION:{_text(title)}",
        "END:VALARM",
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """TEXT with its escapes (RFC 5545, 3.3.11); control characters have no place in it."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(c for c in escaped.replace("\r\n", "\n").replace("\n", "\\n") if c.isprintable())


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, no character torn apart; the next begins with a space."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LONGEST:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
