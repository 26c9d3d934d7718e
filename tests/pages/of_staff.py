"""Pages of the provider's desk and of the administrator."""

from __future__ import annotations

from playwright.sync_api import Page, Response

from tests.pages.listed import ADMINISTRATOR, REVIEWER, Listed, filled, pressed, pressing

ORDER = "/review/<number>"
STATES = (
    *("in-review", "claimed", "grown", "approved", "verifying", "administration-review"),
    *("accepted", "returned", "expired"),
)


def claimed(page: Page) -> Response:
    """Claim the order unless one has it: a claim lapses after a while."""
    claim = page.locator('button[data-action="claim"]')
    if claim.count():
        pressed(page, 'button[data-action="claim"]')
    answer = page.reload()
    assert answer is not None
    return answer


def returned_without_a_reason(page: Page) -> Response:
    """Return the order, and forget to say why."""
    claimed(page)
    return pressing('button[data-action="return"]')(page)


DESK = (
    Listed("queue", REVIEWER, "/review", main=True),
    *(
        Listed(f"queue-{state}", REVIEWER, "/review", f"/review?state={state}")
        for state in ("verifying", "returned", "administration-review", "accepted")
    ),
    Listed("queue-none", REVIEWER, "/review", "/review?province=XZ"),
    Listed("found", REVIEWER, "/review", "/review?q={claimed-number}"),
    Listed("found-none", REVIEWER, "/review", act=filled(q="nothing such", button=".find button")),
    *(
        Listed(
            f"review-{state}",
            REVIEWER,
            ORDER,
            f"/review/{{{state}-number}}",
            act=claimed if state == "claimed" else None,
            main=state == "claimed",
        )
        for state in STATES
    ),
    Listed(
        "review-in-full",
        REVIEWER,
        ORDER,
        "/review/{claimed-number}",
        act=pressing('form[action$="/reveal"] button'),
    ),
    Listed(
        "review-refused",
        REVIEWER,
        ORDER,
        "/review/{claimed-number}",
        status=422,
        act=returned_without_a_reason,
    ),
    Listed(
        "review-several",
        REVIEWER,
        "/review",
        act=pressing('button[data-action="claim-several"]', '[name="numbers"]'),
    ),
    Listed("figures", REVIEWER, "/review/figures"),
    Listed("figures-none", REVIEWER, "/review/figures", "/review/figures?province=XZ"),
    Listed("ledger", REVIEWER, "/review/ledger"),
    Listed("ledger-all", REVIEWER, "/review/ledger", "/review/ledger?show=all"),
    Listed("order-to-reviewer", REVIEWER, "/orders", status=403),
)
MANAGEMENT = (
    Listed("admin", ADMINISTRATOR, "/admin/", main=True),
    Listed("staff", ADMINISTRATOR, "/admin/staff"),
    Listed(
        "staff-refused",
        ADMINISTRATOR,
        "/admin/staff",
        status=422,
        act=filled(email="nobody"),
    ),
    Listed("texts", ADMINISTRATOR, "/admin/texts"),
    Listed("audit", ADMINISTRATOR, "/admin/audit"),
    Listed("audit-none", ADMINISTRATOR, "/admin/audit", "/admin/audit?number=none"),
)
