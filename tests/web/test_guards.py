"""Who acts as what, which orders each finds, and what staff without a second factor may open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from flask import Flask, g
from werkzeug.exceptions import Forbidden

from console.errors import NotAllowed, NotFound
from console.extensions import db
from console.models import Account
from console.rules.lifecycle import Role
from console.services.accounts import add_role
from console.services.actors import Actor
from console.web import access, guards
from tests.support.people import People
from tests.web.pages.conftest import Hands, Stage, draft, drive, in_review

__all__ = ["draft", "drive", "in_review"]


@pytest.fixture
def signed_in(app: Flask, people: People) -> Callable[[str], Any]:
    """A request of somebody's."""

    @contextmanager
    def request(who: str, *roles: str) -> Iterator[int]:
        account_id = getattr(people, who).id
        with app.test_request_context():
            for role in roles:
                add_role(account_id, role)
            g._login_user = db.session.get(Account, account_id)
            yield account_id

    return request


SignedIn = Callable[..., Any]


def test_who_is_both_acts_as_the_view_asks_and_else_as_a_reviewer(signed_in: SignedIn) -> None:
    with signed_in("owner", "reviewer") as account_id:
        assert guards.current_actor() == Actor(Role.REVIEWER, account_id)
        for required, role in (
            (guards.applicant_required, Role.APPLICANT),
            (guards.reviewer_required, Role.REVIEWER),
        ):
            assert required(guards.current_actor)() == Actor(role, account_id)


@pytest.mark.parametrize(
    ("who", "role", "other"),
    [
        ("owner", Role.APPLICANT, guards.reviewer_required),
        ("reviewer", Role.REVIEWER, guards.applicant_required),
    ],
)
def test_who_is_one_acts_as_that_alone(
    signed_in: SignedIn, who: str, role: Role, other: Callable[..., Any]
) -> None:
    with signed_in(who) as account_id:
        assert guards.current_actor() == Actor(role, account_id)
        with pytest.raises(NotAllowed, match="Your account is not allowed"):
            other(lambda: "let in")()


def test_an_administrator_is_neither(signed_in: SignedIn) -> None:
    with signed_in("administrator"):
        for ask in (guards.current_actor, access.applicant, access.reviewer):
            with pytest.raises(NotAllowed):
                ask()
        assert access.role_required("reviewer", "administrator")(lambda: "in")() == "in"
        with pytest.raises(NotAllowed):
            access.role_required("reviewer", "applicant")(lambda: "in")()


def test_a_guarded_view_gets_what_it_was_asked_with_and_keeps_its_name(signed_in: SignedIn) -> None:
    def view(one: str, *, two: str) -> str:
        return one + two

    with signed_in("owner"):
        for guard in (access.role_required("applicant"), guards.applicant_required):
            assert guard(view)("a", two="b") == "ab"
            assert guard(view).__name__ == "view"


def test_an_applicant_finds_their_own_orders_alone(signed_in: SignedIn, draft: Stage) -> None:
    with signed_in("owner"):
        assert guards.order_for_applicant_or_404(draft.number).number == draft.number
        for number in ("20200101-222222", "x" * 21, "a b", "\x00", draft.number + "\n"):
            with pytest.raises(NotFound, match="There is no such order"):
                guards.order_for_applicant_or_404(number)
    with signed_in("other"), pytest.raises(NotFound, match="There is no such order"):
        guards.order_for_applicant_or_404(draft.number)
    with signed_in("reviewer"), pytest.raises(NotAllowed):
        guards.order_for_applicant_or_404(draft.number)


def test_a_reviewer_finds_what_was_handed_in_once(
    signed_in: SignedIn, drive: Hands, draft: Stage
) -> None:
    with signed_in("reviewer"):
        for number in (draft.number, "20200101-222222"):
            with pytest.raises(NotFound, match="There is no such order"):
                guards.order_for_reviewer_or_404(number)
    drive.submit(draft.number)
    with signed_in("reviewer"):
        assert guards.order_for_reviewer_or_404(draft.number).number == draft.number
    with signed_in("owner"), pytest.raises(NotAllowed):
        guards.order_for_reviewer_or_404(draft.number)


@pytest.mark.parametrize(
    ("rule", "public"),
    [
        ("/", True),
        ("/miit/verify", True),
        ("/orders", False),
        ("/miit", False),
        ("/x/miit/", False),
    ],
)
def test_the_ministry_s_pages_and_the_list_are_public(rule: str, public: bool) -> None:
    assert access.is_public(rule) is public


def test_other_sites_may_link_here_and_change_nothing(app: Flask) -> None:
    for method, site, refused in (
        ("POST", "cross-site", True),
        ("POST", "same-site", True),
        ("DELETE", "cross-site", True),
        ("POST", "same-origin", False),
        ("POST", "none", False),
        ("POST", None, False),
        ("GET", "cross-site", False),
        ("HEAD", "cross-site", False),
        ("OPTIONS", "same-site", False),
    ):
        headers = {"Sec-Fetch-Site": site} if site else {}
        with (
            app.test_request_context(method=method, headers=headers),
            pytest.raises(Forbidden) if refused else nullcontext(),
        ):
            access._refuse_other_sites()


def test_an_address_that_is_not_there_is_told_so_to_anyone(people: People) -> None:
    assert people.client("nobody").get("/nowhere").status_code == 404


class TestSecondFactorFirst:
    """Where the deployment wants it of staff."""

    SET_UP = "/account/second-factor"

    @pytest.fixture(autouse=True)
    def _wanted(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(app.config, "STAFF_SECOND_FACTOR", True)

    @pytest.mark.parametrize(
        ("who", "path"), [("reviewer", "/review"), ("administrator", "/admin/")]
    )
    def test_staff_are_led_to_setting_it_up_from_wherever_they_go(
        self, people: People, who: str, path: str
    ) -> None:
        client = people.client(who)
        for where in (path, "/account"):
            answer = client.get(where)
            assert (answer.status_code, answer.headers["Location"]) == (303, self.SET_UP)
            answer = client.get(where, headers={"HX-Request": "true"})
            assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, self.SET_UP)
            assert answer.data == b""
        assert client.get(self.SET_UP).status_code == 200

    def test_who_has_one_and_who_needs_none_go_on(self, people: People) -> None:
        with people.app.app_context():
            db.session.get_one(Account, people.reviewer.id).totp_secret = "JBSWY3DPEHPK3PXP"
            db.session.commit()
        with people.app.test_request_context("/account"):
            g._login_user = db.session.get(Account, people.reviewer.id)
            assert access._second_factor_first() is None
        assert people.client("owner").get("/orders").status_code == 200
