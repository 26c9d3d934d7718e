"""The administrators' pages: staff, texts, the audit trail, and how the machinery fares."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from flask_security.utils import hash_password

from console import clock
from console.errors import Invalid
from console.models.accounts import ROLES
from console.queries import audit, faring, texts
from console.queries.accounts import account_names
from console.queries.review import Cursor
from console.rules.masking import mask_email
from console.rules.rulebook import load_books
from console.rules.text import T
from console.services import exporting, staff
from console.services.books import book_on
from console.services.texts import put_texts
from console.web import book_notes, queue_args
from console.web.access import require_role
from console.web.account_forms import normalized
from console.web.admin_view import GROUPS, KNOWN, health_lines, trail_lines
from console.web.export import FORMATS, as_file
from console.web.filters import china_time, say
from console.web.guards import NUMBER

blueprint = Blueprint("admin", __name__)
MOST_ROWS = 200_000
LONGEST_NUMBER = 20
TRAIL_HEAD = (
    T("When"),
    T("What"),
    T("Order"),
    T("Who"),
    T("State before"),
    T("State after"),
    T("More"),
)


@blueprint.before_request
def _administrators_only() -> None:
    require_role("administrator")


@blueprint.get("/admin/")
def index() -> str:
    """How worker and ministry fare, and which rulebook is in force."""
    now = clock.now()
    book = book_on(clock.china_day(now))
    return render_template(
        "admin/index.html",
        lines=health_lines(faring.health(now), now),
        book=book,
        readings=book_notes.readings(book) if book else (),
        decisions=book_notes.decisions([book]) if book else (),
        books=[one for one in load_books().values() if one is not book],
    )


@blueprint.get("/admin/staff")
def people() -> str:
    """Who reviews and who administers."""
    return _people()


def _people(refusal: Invalid | None = None) -> str:
    return render_template(
        "admin/staff.html",
        staff=audit.staff(),
        roles=staff.STAFF,
        me=current_user.id,
        refusal=refusal,
        email=request.form.get("email", ""),
        chosen=request.form.getlist("roles"),
    )


@blueprint.post("/admin/staff")
def invite() -> ResponseReturnValue:
    """Make a colleague's account; the link to set a password goes by mail."""
    roles = tuple(role for role in staff.STAFF if role in request.form.getlist("roles"))
    try:
        if not roles:
            raise Invalid(T("Choose at least one role."))
        email = _email(request.form.get("email", ""))
        staff.invite(current_user.id, email, hash_password(secrets.token_urlsafe(32)), roles)
    except Invalid as refusal:
        return _people(refusal), 422
    flash(_("Invited. The link to set a password goes out by e-mail."), "success")
    return redirect(url_for("admin.people"), 303)


def _email(given: str) -> str:
    try:
        return normalized(given)
    except ValueError as error:
        raise Invalid(T("Enter an e-mail address such as name@example.cn.")) from error


@blueprint.post("/admin/staff/<int(max=2147483647):account_id>/<any(enable, disable):what>")
def switch(account_id: int, what: str) -> ResponseReturnValue:
    """Let someone in again, or shut them out at once."""
    staff.set_active(current_user.id, account_id, what == "enable")
    return redirect(url_for("admin.people"), 303)


@blueprint.post(
    "/admin/staff/<int(max=2147483647):account_id>"
    "/<any(give, take):what>/<any(reviewer, administrator):role>"
)
def change_role(account_id: int, what: str, role: str) -> ResponseReturnValue:
    """Give or take a role."""
    assert role in ROLES
    staff.set_role(current_user.id, account_id, role, what == "give")
    return redirect(url_for("admin.people"), 303)


@blueprint.get("/admin/texts")
def edit_texts() -> str:
    """The texts that may change while the console runs."""
    return _texts(dict(texts.texts()))


@blueprint.post("/admin/texts")
def save_texts() -> ResponseReturnValue:
    """Set them."""
    given = {key: request.form.get(key, "") for key in texts.KEYS}
    try:
        put_texts(current_user.id, given)
    except Invalid as refusal:
        return _texts(given, refusal), 422
    flash(_("Saved. Every page shows it within ten seconds."), "success")
    return redirect(url_for("admin.edit_texts"), 303)


def _texts(values: Mapping[str, str], refusal: Invalid | None = None) -> str:
    return render_template(
        "admin/texts.html",
        keys=texts.KEYS,
        most=texts.MOST,
        values=values,
        refusal=refusal,
        configured=current_app.config["PROVIDER_NAME"],
    )


@blueprint.get("/admin/audit")
def audit_trail() -> str:
    """The trail, newest first, as far as the filters leave it."""
    asked = _asked(request.args)
    # What was typed and is no number leaves nothing, rather than everything.
    typed = request.args.get("number", "").strip()[:LONGEST_NUMBER]
    unread = typed if typed and not asked["number"] else ""
    here = queue_args.place(request.args).before
    rows, older = ((), None) if unread else audit.trail(_looked(asked), here)
    staff_ = {one.id: one.email for one in audit.staff()}
    return render_template(
        "admin/audit.html",
        lines=trail_lines(rows),
        asked=asked,
        unread=unread,
        longest_number=LONGEST_NUMBER,
        staff=staff_,
        someone=_someone(asked["who"]) if int(asked["who"] or 0) not in staff_ else None,
        groups=GROUPS,
        older=_further(asked, older) if older else None,
    )


def _someone(who: str) -> tuple[str, str] | None:
    """Whoever besides the staff the trail is looked through for, masked."""
    if not who:
        return None
    return who, mask_email(account_names([int(who)]).get(int(who), "")) or f"#{who}"


def _further(asked: Mapping[str, str], before: Cursor) -> str:
    further = {**asked, "before": queue_args.written(before)}
    return f"{url_for('admin.audit_trail')}?{urlencode(further)}"


@blueprint.post("/admin/audit/export")
def export_audit() -> ResponseReturnValue:
    """The same as a file; that it left is written into the trail first."""
    kind = request.form.get("format", "")
    if kind not in FORMATS:
        abort(400)
    asked = _asked(request.form)
    exporting.note_export(current_user.id, "audit", kind, asked)
    head = [say(text) for text in TRAIL_HEAD]
    return as_file("audit", kind, head, _trail_rows(_looked(asked)))


def _trail_rows(looked: audit.Looked) -> Iterator[tuple[object, ...]]:
    for line in trail_lines(audit.whole_trail(looked, MOST_ROWS)):
        yield (
            china_time(line.row.at, True),
            line.what,
            line.row.number or "",
            _masked(line.row),
            line.source,
            line.target,
            line.more,
        )


def _masked(row: audit.TrailRow) -> str:
    """Who it was, as the page says it; the account's number tells apart whom the mask does not."""
    return f"{mask_email(row.email)} #{row.actor_id}" if row.email else row.actor


def _asked(args: Mapping[str, str]) -> dict[str, str]:
    number, who, action = (args.get(name, "").strip() for name in ("number", "who", "action"))
    return {
        "number": number.upper() if NUMBER.fullmatch(number) else "",
        "who": who if who.isascii() and who.isdigit() and len(who) < 10 else "",
        "action": action if action in KNOWN else "",
        **{name: _day(args.get(name, "")) for name in ("since", "until")},
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 and text > "2000" else ""
    except ValueError:
        return ""


def _looked(asked: Mapping[str, str]) -> audit.Looked:
    until = _moment(asked["until"])
    return audit.Looked(
        number=asked["number"],
        actor_id=int(asked["who"]) if asked["who"] else None,
        action=asked["action"],
        since=_moment(asked["since"]),
        until=until + timedelta(days=1) if until else None,
    )


def _moment(day: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time(), clock.CHINA) if day else None
