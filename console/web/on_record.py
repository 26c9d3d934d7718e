"""Putting on record that a page was refused to someone signed in, without letting them flood it."""

from __future__ import annotations

import logging

from flask import request
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from console.errors import Busy, Throttled
from console.services.trail import note_refusal
from console.web import throttle
from console.web.guards import NUMBER

log = logging.getLogger(__name__)


def put_on_record(action: str) -> None:
    """One row in the trail; beyond the limit, the log alone has it. Never raises."""
    rule = request.url_rule.rule if request.url_rule else ""
    number = str((request.view_args or {}).get("number", ""))
    account_id = current_user.id if current_user.is_authenticated else None
    try:
        throttle.count(throttle.REFUSALS_ON_RECORD, str(account_id))
        note_refusal(action, account_id, number if NUMBER.fullmatch(number) else "", rule=rule)
    except Throttled:
        return
    except (Busy, SQLAlchemyError):
        log.exception("a refusal could not be put on record")
