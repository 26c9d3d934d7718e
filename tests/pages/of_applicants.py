"""Pages of applicants, their accounts and their orders in every state."""

from __future__ import annotations

from playwright.sync_api import Page, Response

from tests.pages.listed import (
    ADMINISTRATOR,
    APPLICANT,
    CAREFUL,
    NEWCOMER,
    SECOND,
    Listed,
    filled,
    pressed,
    pressing,
)

ORDER = "/orders/<number>"
EDIT = f"{ORDER}/edit"
PAPER = f"{ORDER}/materials/<int:material_id>/preview"
NEW = "/orders/new"
ABOUT = (
    f'{NEW}/<any(change, "add-service", "cancel-entity", "cancel-service", "cancel-access"):code>'
)
STATES = (
    *("blank", "draft", "in-review", "approved", "verifying", "three-failed"),
    *("administration-review", "accepted", "returned", "returned-by-administration", "expired"),
    *("tries-used-up", "lapsed", "cancelled", "taken-over"),
)
OF_SECOND = {"approved", "three-failed", "cancelled", "taken-over"}
STEPS = ("entity", "services", "services/1", "materials", "check")
STEP_RULES = {"services/1": "services/<int:position>"}


def steps(order: str) -> tuple[Listed, ...]:
    """All steps of one order."""
    return tuple(
        Listed(
            f"edit-{order}-{step.replace('/', '-')}",
            SECOND if order in OF_SECOND else APPLICANT,
            f"{EDIT}/{STEP_RULES.get(step, step)}",
            f"{{{order}}}/edit/{step}",
            main=(order, step) in {("draft", "entity"), ("draft", "check")},
        )
        for step in STEPS
    )


def hostile_file(page: Page) -> Response:
    """Upload what is no picture; the page's script puts the answer into the page."""
    page.locator("#file-other").set_input_files(
        {"name": "licence.png", "mimeType": "image/png", "buffer": b"<html><script>1</script>"}
    )
    with page.expect_response(lambda answer: answer.url.endswith("/add")) as answer:
        page.locator("#upload button").click()
    page.locator(".summary").wait_for()
    return answer.value


def signed_out_meanwhile(page: Page) -> Response:
    """Save a form after the session was ended: signed out, with the cookie from before."""
    before = page.context.cookies()
    token = page.locator('main [name="csrf_token"]').first.input_value()
    page.request.post("/logout", form={"csrf_token": token})
    page.context.add_cookies(before)  # type: ignore[arg-type]
    return pressed(page, "main .form-actions .btn-primary")


ORDERS = (
    Listed("orders", APPLICANT, "/orders", main=True),
    Listed("orders-none", NEWCOMER, "/orders"),
    Listed("orders-no-older", APPLICANT, "/orders", "/orders?before={no-older}"),
    *(
        Listed(
            f"order-{state}",
            SECOND if state in OF_SECOND else APPLICANT,
            ORDER,
            f"{{{state}}}",
            main=state == "verifying",
            on_paper=True,
        )
        for state in STATES
    ),
    Listed("order-of-others", SECOND, ORDER, "{draft}", status=404),
    *steps("draft"),
    *steps("blank"),
    *steps("returned"),
    *steps("tries-used-up"),
    *steps("taken-over"),
    Listed(
        "edit-refused",
        APPLICANT,
        f"{EDIT}/entity",
        "{draft}/edit/entity",
        status=422,
        act=filled(entity_leader__mobile="12345", entity_leader__email="nobody"),
    ),
    Listed(
        "service-refused",
        APPLICANT,
        f"{EDIT}/services/<int:position>",
        "{draft}/edit/services/1",
        status=422,
        act=filled(service__domain="no domain"),
    ),
    Listed(
        "file-refused",
        APPLICANT,
        f"{EDIT}/materials",
        "{draft}/edit/materials",
        status=422,
        act=hostile_file,
    ),
    Listed(
        "submit-refused",
        APPLICANT,
        f"{EDIT}/check",
        "{blank}/edit/check",
        status=422,
        act=pressing('form[action$="/submit"] button'),
    ),
    Listed("paper", APPLICANT, PAPER, "{draft}/materials/{paper}/preview"),
    Listed("new", APPLICANT, NEW, main=True),
    Listed("new-refused", APPLICANT, NEW, status=422, act=filled(websites="0")),
    *(
        Listed(f"new-{code}", APPLICANT, ABOUT, f"{NEW}/{code}")
        for code in ("change", "add-service", "cancel-entity", "cancel-service", "cancel-access")
    ),
    Listed(
        "new-change-refused",
        APPLICANT,
        ABOUT,
        f"{NEW}/change",
        status=422,
        act=pressing("#new-order button.btn-primary"),
    ),
    Listed("new-add-provider", APPLICANT, f"{NEW}/add-provider"),
    Listed(
        "new-add-provider-refused",
        APPLICANT,
        f"{NEW}/add-provider",
        status=422,
        act=pressing("#new-order button.btn-primary"),
    ),
    Listed("filed", APPLICANT, "/filed"),
    Listed("filed-none", NEWCOMER, "/filed"),
    Listed(
        "signed-out-while-typing",
        APPLICANT,
        f"{EDIT}/entity",
        "{draft}/edit/entity",
        status=401,
        act=signed_out_meanwhile,
        signs_in=True,
    ),
    *(
        Listed(f"broken-{n}", APPLICANT, "", f"/broken/{n}", status=n)
        for n in (403, 409, 413, 429, 500, 503)
    ),
)
ACCOUNTS = (
    Listed("account", APPLICANT, "/account", main=True),
    Listed("account-with-factor", CAREFUL, "/account"),
    Listed("account-of-staff", ADMINISTRATOR, "/account"),
    Listed("password", APPLICANT, "/account/password"),
    Listed(
        "password-refused",
        APPLICANT,
        "/account/password",
        status=422,
        act=filled(password="x", new_password="short", new_password_confirm="other"),
    ),
    Listed("factor-off", APPLICANT, "/account/second-factor"),
    Listed(
        "factor-refused",
        APPLICANT,
        "/account/second-factor",
        status=422,
        act=filled(code="000000", password="x"),
    ),
    Listed("factor-on", CAREFUL, "/account/second-factor"),
    Listed("notices", APPLICANT, "/notices"),
    Listed("notices-none", NEWCOMER, "/notices"),
    Listed("notice-choices", APPLICANT, "/account/notices"),
    Listed("notice-choices-of-staff", ADMINISTRATOR, "/account/notices"),
)
