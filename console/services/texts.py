"""Texts that may change while the console runs."""

from __future__ import annotations

from collections.abc import Mapping

from console import clock
from console.errors import Invalid
from console.extensions import db
from console.models import Event, Setting
from console.queries.texts import KEYS, MOST, forget
from console.rules.strings import has_invisible, tidy
from console.rules.text import T
from console.transactions import verb


def put_texts(by: int, texts: Mapping[str, str]) -> None:
    """Set these texts; an empty one is as configured again. Raises Invalid."""
    _put(by, {key: tidy(value) for key, value in texts.items() if key in KEYS})
    forget()


@verb
def _put(by: int, texts: Mapping[str, str]) -> None:
    now = clock.now()
    changed = []
    for key, value in texts.items():
        if len(value) > MOST[key]:
            raise Invalid(T("Enter at most %(limit)d characters here.", limit=MOST[key]))
        if has_invisible(value, lines=True):
            raise Invalid(
                T("Type this anew: it holds characters that cannot be seen, or in parts.")
            )
        known = db.session.get(Setting, key, with_for_update=True)
        if (known.value if known else "") == value:
            continue
        changed.append(key)
        if known is None:
            db.session.add(Setting(key=key, value=value, changed_at=now, changed_by_id=by))
        else:
            known.value, known.changed_at, known.changed_by_id = value, now, by
    if changed:
        data = {"texts": changed}
        db.session.add(
            Event(at=now, action="change-texts", actor="account", actor_id=by, data=data)
        )
