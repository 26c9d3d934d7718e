"""Figures for a period and a province, and every list and figure as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console import clock
from console.queries import ledger, review
from console.queries.figures import Figures
from console.queries.figures import figures as read_figures
from console.rules.labels import FILING_TYPES, STATES
from console.rules.provinces import PROVINCES
from console.rules.text import T
from console.services.exporting import note_export
from console.web import queue_args
from console.web.export import FORMATS, as_file
from console.web.figures_view import Table, tables
from console.web.filters import china_time, say
from console.web.guards import reviewer_required
from console.web.ledger_view import KINDS, ledger_lines
from console.web.review_blueprint import blueprint

USUAL = timedelta(days=29)
LONGEST = timedelta(days=366)
MOST_ROWS = 100_000


@blueprint.get("/review/figures")
@reviewer_required
def figures() -> ResponseReturnValue:
    """All figures, each as a chart and a table."""
    asked = _asked(request.args)
    found = _figures(asked)
    return render_template(
        "review/figures.html",
        tables=_tables(asked, found),
        asked=asked,
        provinces=PROVINCES,
        found=found,
    )


@blueprint.get("/review/figures/<name>.svg")
@reviewer_required
def chart(name: str) -> ResponseReturnValue:
    """One chart."""
    from console.web.charts import bars  # what draws them is slow to load

    table = _table(name, _asked(request.args))
    labels = [say(row[0]) for row in table.rows]
    series = {say(table.head[n]): [row[n] for row in table.rows] for n in table.drawn}
    answer = make_response(bars(labels, series, table.lying))  # type: ignore[arg-type]
    answer.content_type = "image/svg+xml"
    return answer


@blueprint.post("/review/figures/<name>/export")
@reviewer_required
def export_figure(name: str) -> ResponseReturnValue:
    """One figure as a file."""
    asked = _asked(request.form)
    table = _table(name, asked)
    kind = _kind()
    note_export(current_user.id, f"figures-{name}", kind, asked)
    return as_file(f"figures-{name}", kind, table.head, table.rows)


@blueprint.post("/review/export")
@reviewer_required
def export_queue() -> ResponseReturnValue:
    """What the queue's filters leave, as a file."""
    which = queue_args.chosen(request.form, current_user.id)
    kind = _kind()
    note_export(current_user.id, "queue", kind, queue_args.plain(which))
    head = [say(text) for text in QUEUE_HEAD]
    return as_file("orders", kind, head, _orders(which))


QUEUE_HEAD = (
    T("Order"),
    T("Filing type"),
    T("State"),
    T("Website or app"),
    T("Province"),
    T("Round"),
    T("Since"),
    T("Deadline"),
)
LEDGER_HEAD = (
    T("Order"),
    T("What"),
    T("Key"),
    T("State"),
    T("Attempts"),
    T("Answer"),
    T("Since"),
    T("Next try"),
)


def _orders(which: review.Chosen) -> Iterator[tuple[object, ...]]:
    for row in review.every(which, MOST_ROWS):
        province = PROVINCES.get(row.province)
        yield (
            row.number,
            FILING_TYPES[row.type],
            STATES[row.state],
            row.label,
            province.name if province else "",
            row.round,
            china_time(row.state_since),
            china_time(row.deadline) if row.deadline else "",
        )


@blueprint.post("/review/ledger/export")
@reviewer_required
def export_ledger() -> ResponseReturnValue:
    """The ledger as a file."""
    shown, kind = request.form.get("show", "all"), request.form.get("kind", "")
    kind = kind if kind in KINDS else ""
    shown = shown if shown in ("open", "stuck", "all") else "all"
    format_ = _kind()
    note_export(current_user.id, "ledger", format_, {"show": shown, "kind": kind})
    head = [say(text) for text in LEDGER_HEAD]
    return as_file("hand-over", format_, head, _told(shown, kind))


def _told(shown: str, kind: str) -> Iterator[tuple[object, ...]]:
    now, before = clock.now(), None
    for _page in range(MOST_ROWS // ledger.PAGE):
        found, before = ledger.page(now, shown, kind, before)
        for line in ledger_lines(found, now):
            yield (
                line.row.order_number,
                line.kind,
                line.row.key,
                line.state_label,
                line.row.attempts,
                line.outcome,
                china_time(line.row.created_at, True),
                china_time(line.row.due_at, True) if line.is_open else "",
            )
        if before is None:
            return


def _kind() -> str:
    kind = request.form.get("format", "")
    return kind if kind in FORMATS else abort(400)


def _asked(args: Mapping[str, str]) -> dict[str, str]:
    """The period, whole days in China, and the province; the last thirty days unasked."""
    today = clock.china_day(clock.now())
    until = min(_day(args.get("until", "")) or today, today)
    since = _day(args.get("since", "")) or until - USUAL
    since = max(min(since, until), until - LONGEST)
    province = args.get("province", "")
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "province": province if province in PROVINCES else "",
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 and text > "2000" else None
    except ValueError:
        return None


def _figures(asked: Mapping[str, str]) -> Figures:
    return read_figures(*_days(asked), clock.now(), asked["province"])


def _days(asked: Mapping[str, str]) -> tuple[date, date]:
    return date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])


def _tables(asked: Mapping[str, str], found: Figures) -> list[Table]:
    return tables(found, *_days(asked), full=current_user.has_role("administrator"))


def _table(name: str, asked: Mapping[str, str]) -> Table:
    found = _tables(asked, _figures(asked))
    return next((one for one in found if one.key == name), None) or abort(404)
