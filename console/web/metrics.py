"""`/metrics` in Prometheus' text format: for loopback, or with METRICS_TOKEN. No personal data."""

from __future__ import annotations

import hmac
import ipaddress
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from console import clock
from console.queries.watching import Figures, figures
from console.rules.lifecycle import State

blueprint = Blueprint("metrics", __name__)
PLAIN = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
# What a proxy adds: then "from loopback" says where the proxy is, not who asks.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


class Requests:
    """Requests that this process has answered, by method and class of status."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._seconds = 0.0

    def count(self, method: str, status: int, seconds: float) -> None:
        """One more."""
        kind = method if method in METHODS else "other"
        with self._lock:
            self._counts[kind, f"{status // 100}xx"] += 1
            self._seconds += seconds

    def lines(self) -> Iterable[str]:
        """In Prometheus' words."""
        with self._lock:
            counts, seconds = dict(self._counts), self._seconds
        yield "# TYPE console_requests_total counter"
        for (method, status), count in sorted(counts.items()):
            yield f'console_requests_total{{method="{method}",status="{status}"}} {count}'
        yield "# TYPE console_request_seconds_total counter"
        yield f"console_request_seconds_total {seconds:.3f}"


def init_app(app: Flask) -> None:
    """Give the app its counter."""
    app.extensions["requests"] = Requests()


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """The figures; 404 to whoever may not see them, as if there were no such page."""
    if not _allowed():
        abort(404)
    now = clock.now()
    found = figures(now)
    lines = [*current_app.extensions["requests"].lines(), *_of_database(found, now)]
    return Response("\n".join(lines) + "\n", headers=PLAIN)


def _allowed() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _of_database(found: Figures, now: datetime) -> Iterable[str]:
    yield "# TYPE console_orders gauge"
    for state in State:
        yield f'console_orders{{state="{state.value}"}} {found.orders.get(state.value, 0)}'
    gauges = {
        "orders_counted_seconds": _seconds(now, found.orders_counted_at, 0),
        "deliveries_open": found.deliveries_open,
        "deliveries_stuck": found.deliveries_stuck,
        "delivery_oldest_overdue_seconds": _seconds(now, found.oldest_delivery_due, 0),
        "ministry_news_open": found.news_open,
        "ministry_news_stuck": found.news_stuck,
        "sessions": found.sessions,
        "events_unsealed": found.unsealed_events,
        "worker_last_beat_seconds": _seconds(now, found.worker_seen_at, -1),
    }
    for name, value in gauges.items():
        yield f"# TYPE console_{name} gauge"
        yield f"console_{name} {value}"


def _seconds(now: datetime, moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else max(0, int((now - moment).total_seconds()))
