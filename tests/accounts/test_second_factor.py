"""The second factor: setting it up, signing in with it, losing it."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from console.extensions import db
from console.services.second_factor import CODES, prove
from console.services.totp import step_of
from tests.accounts.conftest import Phone, Post, actions
from tests.support.clocks import Clock
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People, sign_in

Enrol = Callable[[LintingClient], list[str]]


def half_way(people: People, client: LintingClient, **more: str):  # type: ignore[no-untyped-def]
    answer = sign_in(client, people.owner.email, **more)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/second-factor")
    return answer


def test_setting_it_up_shows_a_key_and_then_the_recovery_codes_once(
    people: People, enrol: Enrol, post: Post
) -> None:
    owner = people.client("owner")
    page = owner.get("/account/second-factor").text
    assert 'src="data:image/svg+xml' in page
    assert people.owner.email not in page
    codes = enrol(owner)
    assert len(set(codes)) == CODES
    assert not [c for c in codes if c in owner.get("/account/second-factor").text]
    assert f"{CODES} recovery codes are left" in owner.get("/account").text
    assert "second-factor-on" in actions(people)
    assert "The second factor is on" in post.come()[0].subject


def test_the_key_stays_while_the_page_is_looked_at_and_ends_with_the_half_hour(
    people: People, phone: Phone, clock: Clock
) -> None:
    owner = people.client("owner")
    phone.scan(owner.get("/account/second-factor").text)
    first = phone.key
    phone.scan(owner.get("/account/second-factor").text)
    assert phone.key == first
    clock.move(minutes=31)
    phone.scan(owner.get("/account/second-factor").text)
    assert phone.key != first


@pytest.mark.parametrize("wrong", ["password", "code"])
def test_it_takes_the_password_and_the_app_s_code(people: People, phone: Phone, wrong: str) -> None:
    owner = people.client("owner")
    phone.scan(owner.get("/account/second-factor").text)
    data = {"password": PASSWORD, "code": phone.code()} | {
        wrong: "000000" if wrong == "code" else "not the password"
    }
    assert owner.submit("/account/second-factor", data).status_code == 422
    assert 'data-second-factor="off"' in owner.get("/account").text


def test_neither_key_nor_codes_are_in_the_database_in_clear(
    people: People, phone: Phone, enrol: Enrol
) -> None:
    codes = enrol(people.client("owner"))
    with people.app.app_context():
        rows = [
            str(db.session.execute(db.text(f"SELECT * FROM {table}")).all())
            for table in ("accounts", "recovery_codes", "account_letters", "events")
        ]
    text = "".join(rows)
    assert phone.key not in text
    assert not [c for c in codes if c in text or c.replace("-", "") in text]


def test_signing_in_takes_both_steps_and_then_goes_on(
    people: People, client: LintingClient, phone: Phone, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    answer = half_way(people, client, next="/orders/new")
    assert client.get("/account").status_code == 303  # the password alone opens nothing
    page = client.get(answer.headers["Location"])
    assert 'name="next" value="/orders/new"' in page.text
    done = client.submit("/second-factor", {"code": phone.code(), "next": "/orders/new"})
    assert (done.status_code, done.headers["Location"]) == (303, "/orders/new")
    assert client.get("/account").status_code == 200


def test_a_hostile_next_leads_nowhere_else(
    people: People, client: LintingClient, phone: Phone, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    half_way(people, client)
    done = client.submit("/second-factor", {"code": phone.code(), "next": "//evil.example"})
    assert done.headers["Location"] == "/"


def test_a_code_is_good_once(
    people: People, new_client: Callable[[], LintingClient], phone: Phone, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    code, first, second = phone.code(), new_client(), new_client()
    half_way(people, first)
    half_way(people, second)
    assert first.submit("/second-factor", {"code": code}).status_code == 303
    assert second.submit("/second-factor", {"code": code}).status_code == 422
    assert second.get("/account").status_code == 303


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_ten_copies_of_one_code_one_succeeds(
    people: People, phone: Phone, enrol: Enrol, kind: str
) -> None:
    codes = enrol(people.client("owner"))
    code = phone.code() if kind == "app" else codes[0]

    def attempt(_number: int) -> bool:
        with people.app.app_context():
            try:
                return prove(people.owner.id, code)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(attempt, range(10))).count(True) == 1


def test_a_recovery_code_does_once_however_it_is_typed(
    people: People, new_client: Callable[[], LintingClient], enrol: Enrol
) -> None:
    code = enrol(people.client("owner"))[3]
    for entered, status in ((f" {code.upper().replace('-', ' ')} ", 303), (code, 422)):
        client = new_client()
        half_way(people, client)
        assert client.submit("/second-factor", {"code": entered}).status_code == status
    assert f"{CODES - 1} recovery codes are left" in people.client("owner").get("/account").text
    assert "recovery-code-used" in actions(people)


def test_another_s_recovery_code_is_none(
    people: People, client: LintingClient, enrol: Enrol
) -> None:
    theirs = enrol(people.client("other"))[0]
    enrol(people.client("owner"))
    half_way(people, client)
    assert client.submit("/second-factor", {"code": theirs}).status_code == 422


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_refused(
    people: People, client: LintingClient, phone: Phone, enrol: Enrol, steps: int
) -> None:
    enrol(people.client("owner"))
    half_way(people, client)
    assert client.submit("/second-factor", {"code": phone.code(steps)}).status_code == 422


@pytest.mark.parametrize("code", ["１２３４５６", "1_2345", "12345", "1234567", "", "x" * 5000])
def test_what_is_no_code_is_refused(
    people: People, client: LintingClient, enrol: Enrol, code: str
) -> None:
    enrol(people.client("owner"))
    half_way(people, client)
    assert client.submit("/second-factor", {"code": code}).status_code == 422


def test_guessing_is_throttled_whatever_the_browser(
    people: People, new_client: Callable[[], LintingClient], enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    statuses = []
    for _ in range(6):
        client = new_client()
        half_way(people, client)
        for _ in range(2):
            statuses.append(client.submit("/second-factor", {"code": "000000"}).status_code)
    assert statuses == [422] * 10 + [429] * 2


@pytest.mark.parametrize("spoil", ["late", "password", "disabled", "never"])
def test_the_step_between_does_not_outlive_what_it_rests_on(
    people: People, client: LintingClient, phone: Phone, clock: Clock, enrol: Enrol, spoil: str
) -> None:
    from console.services.accounts import change_password, set_active

    enrol(people.client("owner"))
    if spoil != "never":
        half_way(people, client)
    if spoil == "late":
        clock.move(minutes=6)
    with people.app.app_context():
        if spoil == "password":
            change_password(people.owner.id, "x")
        elif spoil == "disabled":
            set_active(people.owner.id, False)
    answer = client.submit("/second-factor", {"code": phone.code()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert client.get("/account").status_code == 303


def test_the_step_between_opens_nothing_else(
    people: People, client: LintingClient, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    half_way(people, client)
    for path in ("/orders", "/account", "/account/second-factor", "/account/password"):
        assert client.get(path).headers["Location"].startswith("/login")


def test_new_recovery_codes_take_the_password_and_end_the_old_ones(
    people: People, client: LintingClient, enrol: Enrol
) -> None:
    owner = people.client("owner")
    old = enrol(owner)
    path = "/account/second-factor/codes"
    assert owner.submit(path, {"password": "not the password"}).status_code == 422
    page = owner.submit(path, {"password": PASSWORD}).text
    fresh = re.findall(r"<code>([a-z0-9-]{14})</code>", page)
    assert len(fresh) == CODES
    half_way(people, client)
    assert client.submit("/second-factor", {"code": old[0]}).status_code == 422
    assert client.submit("/second-factor", {"code": fresh[0]}).status_code == 303


def test_switching_it_off_takes_the_password(
    people: People, client: LintingClient, enrol: Enrol
) -> None:
    owner = people.client("owner")
    enrol(owner)
    path = "/account/second-factor/off"
    assert owner.submit(path, {"password": "not the password"}).status_code == 422
    assert owner.submit(path, {"password": PASSWORD}).status_code == 303
    assert sign_in(client, people.owner.email).headers["Location"] == "/"
    assert "second-factor-off" in actions(people)


@pytest.mark.parametrize("what", ["off", "codes"])
def test_without_one_there_is_nothing_to_change(people: People, what: str) -> None:
    answer = people.client("owner").submit(f"/account/second-factor/{what}", {"password": PASSWORD})
    assert answer.status_code == 403


def test_recovering_the_password_does_not_go_around_it(
    people: People, client: LintingClient, post: Post, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    post.come()
    client.submit("/recover", {"email": people.owner.email})
    new = {"new_password": "another river at dawn", "new_password_confirm": "another river at dawn"}
    assert client.submit(post.link(), new).headers["Location"] == "/login"
    answer = sign_in(client, people.owner.email, "another river at dawn")
    assert answer.headers["Location"].startswith("/second-factor")


class TestStaff:
    """STAFF_SECOND_FACTOR=on."""

    @pytest.fixture
    def settings_for_app(self) -> dict[str, bool]:
        return {"STAFF_SECOND_FACTOR": True}

    @pytest.mark.parametrize("who", ["reviewer", "administrator"])
    def test_staff_set_it_up_before_anything_else(
        self, people: People, enrol: Enrol, who: str
    ) -> None:
        staff = people.client(who)
        for path in ("/review", "/account", "/account/password", "/orders"):
            assert staff.get(path).headers["Location"] == "/account/second-factor"
        fragment = staff.get("/review", headers={"HX-Request": "true"})
        assert fragment.headers["HX-Redirect"] == "/account/second-factor"
        assert fragment.data == b""
        assert "Your role needs a second factor" in staff.get("/account/second-factor").text
        enrol(staff)
        assert staff.get("/account").status_code == 200

    def test_staff_cannot_switch_it_off(self, people: People, enrol: Enrol) -> None:
        staff = people.client("reviewer")
        enrol(staff)
        answer = staff.submit("/account/second-factor/off", {"password": PASSWORD})
        assert answer.status_code == 403
        assert 'data-second-factor="on"' in staff.get("/account").text

    def test_applicants_go_on_as_before(self, people: People) -> None:
        assert people.client("owner").get("/orders").status_code == 200


def test_a_published_code_of_the_standard_is_recognised() -> None:
    """RFC 6238, appendix B: the key "12345678901234567890", 59 s after 1970, last six digits."""
    from datetime import UTC, datetime

    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert step_of(key, "287082", datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) == 1
    assert step_of(key, "287083", datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) is None
