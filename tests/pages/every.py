"""The one list of all pages, and the routes that are none."""

from __future__ import annotations

from tests.pages.listed import Listed
from tests.pages.of_anyone import LEADER, MINISTRY, PUBLIC
from tests.pages.of_applicants import ACCOUNTS, ORDERS
from tests.pages.of_staff import DESK, MANAGEMENT

EVERY: tuple[Listed, ...] = (*PUBLIC, *LEADER, *MINISTRY, *ORDERS, *ACCOUNTS, *DESK, *MANAGEMENT)

# What answers GET without being a page of its own, and what it is.
NO_PAGES = {
    "/bootstrap/static/<path:filename>": "a file",
    "/static/<path:filename>": "a file",
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/metrics": "for machines",
    "/miit/phone/texts": "part of /miit/phone",
    "/miit/picture/<token>.png": "a picture",
    "/orders/<number>/checklist": "part of an order's page",
    "/orders/<number>/edit": "leads on to a step",
    "/orders/<number>/materials/<int:material_id>": "a file",
    "/orders/<number>/materials/<int:material_id>/pages/<int:page>": "a picture",
    "/orders/<number>/materials/<int:material_id>/thumbnail": "a picture",
    "/orders/new/who": "part of /orders/new",
    "/review/<number>/materials/<int:material_id>": "a file",
    "/review/<number>/materials/<int:material_id>/pages/<int:page>": "a picture",
    "/review/figures/<name>.svg": "a picture",
    "/review/list": "part of /review",
    "/status/<token>/checklist": "part of a leader's page",
    "/status/<token>/deadline.ics": "a calendar entry",
    "/status/<token>/qr.svg": "a picture",
}
