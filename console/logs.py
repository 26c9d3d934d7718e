"""Structured logs: one JSON object a line, without personal data.

What goes in is named by the caller (`extra={"fields": {…}}`); SQL parameters are hidden by the
engine. Everything is escaped to ASCII, so that no input can start a line of its own.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import Any

from flask import g, has_request_context

ACCESS = logging.getLogger("console.access")
ENCODER = json.JSONEncoder(ensure_ascii=True, default=str)


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. A traceback is given by place and kind, without the values in messages."""
        entry: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            entry["request_id"] = g.request_id
        entry.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            entry["error"] = type(error).__name__
            entry["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
        return ENCODER.encode(entry)


def set_up(level: int = logging.INFO) -> None:
    """Log to stderr in JSON lines; calling it again changes nothing."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def access(**fields: Any) -> None:
    """One line for one request."""
    ACCESS.info("request", extra={"fields": fields})
