"""SECURITY 32-35, 38, 39: what concurrency and faults must not break."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from console.extensions import db
from tests.security.kit import log_text, rude, scalar, state_of, together
from tests.support.filings import entity_form, valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands


def signed_in(people: People, times: int) -> list[tuple[Any, str]]:
    """One person's session in so many browsers, each with the form's token."""
    client = people.client("owner")
    token, cookie = client.token(), client.get_cookie("session")
    assert cookie is not None
    found = []
    for _ in range(times):
        browser = rude(people.app)
        browser.set_cookie("session", cookie.value)
        found.append((browser, token))
    return found


@both_databases
def test_32_approve_and_return_at_once_decide_once(
    app: Flask, people: People, drive: Hands
) -> None:
    """Fifty rounds are in `make reliability`; here four, over HTTP."""
    for n in range(1, 5):
        number = drive.submit(drive.draft(valid_filing(n)))
        client = people.client("reviewer")
        client.submit(f"/review/{number}/claim")
        token, cookie = client.token(), client.get_cookie("session")
        assert cookie is not None
        browsers = [rude(app), rude(app)]
        for browser in browsers:
            browser.set_cookie("session", cookie.value)
        seen = str(drive.revision(number))

        def decide(which: int, number: str = number, seen: str = seen,
                   browsers: list[Any] = browsers, token: str = token) -> int:  # fmt: skip
            path = f"/review/{number}/{('approve', 'return')[which]}"
            data = {"csrf_token": token, "reasons": "phone", "revision": seen}
            return int(browsers[which].post(path, data=data).status_code)

        assert sorted(together(2, decide)) == [303, 409]
        assert scalar(
            app,
            "SELECT count(*) FROM events JOIN orders ON orders.id = events.order_id "
            f"WHERE number = '{number}' AND action IN ('approve', 'return')",
        ) == 1  # fmt: skip


@both_databases
def test_33_of_twenty_saves_of_one_page_one_wins_and_none_is_lost_silently(
    app: Flask, people: People, drive: Hands
) -> None:
    filing = valid_filing(1)
    number = drive.draft(filing)
    seen = str(drive.revision(number))
    browsers = signed_in(people, 20)
    path = f"/orders/{number}/edit/entity"

    def save(n: int) -> tuple[int, str]:
        client, token = browsers[n]
        form = {**entity_form(filing), "entity-remarks": f"remark number {n}"}
        answer = client.post(path, data={**form, "csrf_token": token, "revision": seen})
        return answer.status_code, answer.text

    answers = together(20, save)
    assert Counter(status for status, _ in answers) == {303: 1, 409: 19}
    winner = next(n for n, (status, _) in enumerate(answers) if status == 303)
    assert drive.order(number).content["entity"]["remarks"] == f"remark number {winner}"
    for n, (status, text) in enumerate(answers):
        if status == 409:
            assert f"remark number {n}" in text  # what was typed is kept


@both_databases
def test_34_the_same_form_ten_times_at_once_is_one_order(
    app: Flask, people: People, drive: Hands
) -> None:
    import re

    client = people.client("owner")
    page = client.get("/orders/new").text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    browsers = signed_in(people, 10)

    def start(n: int) -> str:
        browser, token = browsers[n]
        data = {"csrf_token": token, "key": key[1], "type": "first-filing", "websites": "1"}
        return str(browser.post("/orders/new", data=data).headers.get("Location"))

    assert len(set(together(10, start))) == 1
    assert scalar(app, "SELECT count(*) FROM orders") == 1
    number = drive.draft(valid_filing(7))
    seen = str(drive.revision(number))

    def submit(n: int) -> tuple[int, str | None]:
        browser, token = browsers[n]
        data = {"csrf_token": token, "revision": seen}
        answer = browser.post(f"/orders/{number}/submit", data=data)
        return answer.status_code, answer.headers.get("Location")

    assert set(together(10, submit)) == {(303, f"/orders/{number}")}
    assert scalar(app, "SELECT count(*) FROM rounds") == 1
    assert scalar(app, "SELECT count(*) FROM events WHERE action = 'submit'") == 1


class LosesAnswers:
    """Between the console and its clients: what was answered to a POST never arrives."""

    def __init__(self, app: Any) -> None:
        self.app, self.lose = app, True

    def __call__(self, environ: Any, start: Any) -> Any:
        answer = self.app(environ, start)
        if self.lose and environ["REQUEST_METHOD"] == "POST":
            raise ConnectionResetError("the answer was lost")
        return answer


def test_35_an_answer_lost_after_the_commit_has_one_effect_when_asked_again(
    app: Flask, people: People, drive: Hands
) -> None:
    number = drive.draft(valid_filing(1))
    (client, token), seen = signed_in(people, 1)[0], str(drive.revision(number))
    wire = LosesAnswers(app.wsgi_app)
    app.wsgi_app = wire  # type: ignore[method-assign]
    data = {"csrf_token": token, "revision": seen}
    for _ in range(3):
        with pytest.raises(ConnectionResetError):
            client.post(f"/orders/{number}/submit", data=data)
    wire.lose = False
    again = client.post(f"/orders/{number}/submit", data=data)
    assert (again.status_code, again.headers["Location"]) == (303, f"/orders/{number}")
    assert scalar(app, "SELECT count(*) FROM rounds") == 1
    assert scalar(app, "SELECT count(*) FROM events WHERE action = 'submit'") == 1


def _lost(state: str) -> OperationalError:
    class Lost(Exception):
        sqlstate = state

    return OperationalError("UPDATE", {}, Lost("could not serialize access"))


@both_databases
@pytest.mark.parametrize("state", ["40001", "40P01"])
@pytest.mark.parametrize("times", [2, 9])
def test_38_a_lost_race_is_run_again_whole_at_most_three_times(
    app: Flask, people: People, drive: Hands, state: str, times: int
) -> None:
    number = drive.draft(valid_filing(1))
    client, token = signed_in(people, 1)[0]
    lost: list[str] = []

    def lose(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO rounds") and len(lost) < times:
            lost.append(statement)
            raise _lost(state)

    before = state_of(app)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lose)
        answer = client.post(f"/orders/{number}/submit", data={"csrf_token": token})
        event.remove(db.engine, "before_cursor_execute", lose)
    if times == 2:
        assert answer.status_code == 303
        assert drive.order(number).state == "in-review"
        return
    assert (answer.status_code, len(lost)) == (503, 3)
    assert int(answer.headers["Retry-After"]) > 0
    assert state_of(app) == before


@both_databases
@pytest.mark.parametrize(
    ("who", "path", "form"),
    [
        ("owner", "/account/notices", {"console": "returned"}),
        ("administrator", "/admin/texts", {"provider-name": "Bamboo", "help": "Ring us."}),
    ],
)
def test_38_what_is_saved_for_the_first_time_twice_at_once_is_saved(
    app: Flask, people: People, who: str, path: str, form: dict[str, str]
) -> None:
    client = people.client(who)
    token, cookie = client.token(), client.get_cookie("session")
    assert cookie is not None

    def save(_which: int) -> int:
        browser = rude(app)
        browser.set_cookie("session", cookie.value)
        return int(browser.post(path, data={"csrf_token": token, **form}).status_code)

    assert together(6, save) == [303] * 6


def test_39_fifty_writers_at_once_are_all_served(
    app: Flask, people: People, drive: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    """The thirty seconds of it are in `make reliability`; here three writes of each."""
    filing = valid_filing(1)
    numbers = [drive.draft(filing) for _ in range(50)]
    browsers = signed_in(people, 50)

    def write(n: int) -> list[int]:
        client, token = browsers[n]
        found = []
        for turn in range(3):
            form = {**entity_form(filing), "entity-remarks": f"turn {turn}", "csrf_token": token}
            path = f"/orders/{numbers[n]}/edit/entity"
            found.append(client.post(path, data=form).status_code)
        return found

    assert Counter(s for statuses in together(50, write) for s in statuses) == {303: 150}
    assert "locked" not in log_text(caplog.records)
