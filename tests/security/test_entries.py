"""SECURITY 7-13: codes, answers and floods, from outside."""

from __future__ import annotations

import hashlib
import logging
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from console.miit.mock import sending
from console.miit.mock.codes import mobile_digest, new_code
from console.worker import drain
from tests.security.kit import Portal, answer_of, log_text, on_disk, scalar, tail
from tests.support.clocks import Clock
from tests.support.filings import mobile

WRONG_SIX = "000000"


def test_07_two_thousand_codes_look_drawn_by_lot_and_differ_after_a_restart() -> None:
    codes = [new_code() for _ in range(2000)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in codes)
    for place in range(6):
        counts = Counter(code[place] for code in codes)
        chi_square = sum((counts[str(d)] - 200) ** 2 / 200 for d in range(10))
        assert chi_square < 40.0  # nine degrees of freedom: p > 0.00001, six places in each run
    assert any(code.startswith("0") for code in codes)
    program = "from console.miit.mock.codes import new_code; print([new_code() for _ in range(9)])"
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] != runs[1]


@pytest.mark.own_app  # whose database lies in the folder that is looked through
def test_08_a_code_is_on_the_mock_phone_and_nowhere_else(
    verifying: Any, portal: Portal, tmp_path: Path, caplog: pytest.LogCaptureFixture, people: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    who = verifying.leader
    codes = [*portal.codes(who.mobile), *portal.codes(verifying.owner.mobile)]
    portal.enter(who.mobile, tail(who), codes[0])
    verifying.drive.work()
    owner, reviewer = people.client("owner"), people.client("reviewer")
    pages = [
        owner.get("/orders").text,
        owner.get(f"/orders/{verifying.number}").text,
        reviewer.get(f"/review/{verifying.number}").text,
        reviewer.submit(f"/review/{verifying.number}/reveal").text,
    ]
    log = log_text(caplog.records)
    assert '"request"' in log  # it is the console's log that was looked at
    files = on_disk(tmp_path)
    assert any(name.endswith("sqlite3") for name in files)
    for code in codes:
        alone = re.compile(rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])")
        assert not alone.search(log)
        assert not any(alone.search(page) for page in pages)
        needles = _forms(code, who.mobile)
        for name, content in files.items():
            assert not any(needle in content for needle in needles), name
        dump = "\n".join(_sql(portal.app))
        assert f"'{code}'" not in dump


def _forms(code: str, number: str) -> list[bytes]:
    found: list[bytes] = []
    for words in (code, f"{number}{code}", f"{number} {code}", f"{code}{number}"):
        for kind in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(kind, words.encode())
            found += [digest.hexdigest().encode(), digest.digest()]
    return found


def _sql(app: Flask) -> list[str]:
    from console.extensions import db

    with app.app_context(), db.engine.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())


def test_09_whatever_finds_no_record_gets_one_and_the_same_answer(
    verifying: Any, portal: Portal, clock: Clock
) -> None:
    leader, owner = verifying.leader, verifying.owner
    right, used = portal.codes(leader.mobile)[-1], portal.codes(owner.mobile)[-1]
    assert "verified" in answer_of(portal.enter(owner.mobile, tail(owner), used))
    wrong = portal.wrong(leader.mobile)
    cases = {
        "wrong code": (leader.mobile, tail(leader), wrong),
        "wrong mobile": (mobile(900), tail(leader), right),
        "wrong certificate": (leader.mobile, WRONG_SIX, right),
        "unknown": (mobile(901), WRONG_SIX, "123456"),
        "used": (owner.mobile, tail(owner), used),
        "no code": (leader.mobile, tail(leader), "１２３４５６"),
    }
    pages = {what: portal.enter(*entry) for what, entry in cases.items()}
    for _ in range(3):
        portal.enter(leader.mobile, tail(leader), wrong)  # the fifth locks
    pages["locked"] = portal.enter(leader.mobile, tail(leader), right)
    seen = {_whole(page) for page in pages.values()}
    assert len(seen) == 1
    assert "record" in pages["locked"].text.lower()


def _whole(page: Any) -> tuple[Any, ...]:
    from tests.security.kit import stripped

    return page.status_code, tuple(sorted(page.headers.keys())), stripped(page)


def test_10_the_time_of_an_answer_tells_nothing(
    verifying: Any, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 of each, really: `make reliability`. Here by a clock that tells what was slow."""
    portal, who = Portal(app), verifying.leader
    browser, wrong = portal.browser(), portal.wrong(verifying.leader.mobile)
    known, unknown = (who.mobile, tail(who), wrong), (mobile(902), WRONG_SIX, wrong)
    now, slept = [7.0], [0.0]
    passing = SimpleNamespace(monotonic=lambda: now[0], sleep=lambda s: slept.__setitem__(0, s))
    monkeypatch.setattr("console.miit.mock.pages.time", passing)
    for entry, work in ((known, 0.031), (unknown, 0.002), (known, 0.049), (unknown, 0.017)):

        def looking(number: str, began: float = now[0], work: float = work) -> str:
            now[0] = began + work
            return mobile_digest(number)

        monkeypatch.setattr("console.miit.mock.portal.mobile_digest", looking)
        began = now[0]
        portal.enter(*entry, browser)
        assert now[0] > began
        assert now[0] - began + slept[0] == pytest.approx(0.05)


NO_CODES = [
    "１２３４５６",
    "١٢٣٤٥٦",
    " 123456",
    "123456\n",
    "123\u200b456",
    "1_2345",
    "12345",
    "1234567",
    "-12345",
    "0x1234",
    "1e5   ",
    "𝟏𝟐𝟑𝟒𝟓𝟔",
    "123456\x00",
    "1" * 64,
    "१२३४५६",
]


def test_11_what_is_no_code_gets_the_one_answer_and_is_no_fault(
    verifying: Any, portal: Portal
) -> None:
    who = verifying.leader
    right = portal.codes(who.mobile)[-1]
    wide = right.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    for code in [*NO_CODES, wide, f" {right}", f"{right}\n", f"{right}\u200b"]:
        page = portal.enter(who.mobile, tail(who), code)
        assert (page.status_code, answer_of(page)) == (200, "no-record"), repr(code)
    assert answer_of(portal.enter(who.mobile, tail(who), right)) == "verified-others-waiting"


def test_12_one_guess_at_each_of_many_orders_is_throttled_and_others_are_not(
    verifying: Any, portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    who, browser = verifying.leader, portal.browser()
    right = portal.codes(who.mobile)[-1]
    let_in = 0
    for n in range(2000):
        page = portal.enter(mobile(n), WRONG_SIX, "123456", browser)
        if page.status_code == 429:
            break
        let_in += 1
    assert let_in <= 300
    assert int(page.headers["Retry-After"]) > 0
    assert "throttled" in caplog.text
    elsewhere = portal.enter(
        who.mobile, tail(who), right, environ_overrides={"REMOTE_ADDR": "198.51.100.7"}
    )
    assert answer_of(elsewhere) == "verified-others-waiting"


class Killed(BaseException):
    """The process ends here."""


def test_13_a_worker_killed_between_sending_and_noting_sends_one_live_code(
    handed_over: Any, portal: Portal, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    import threading

    told = sending._told

    def die(*_args: Any) -> None:
        raise Killed

    monkeypatch.setattr(sending, "_told", die)
    with app.app_context(), pytest.raises(Killed):
        drain(app.extensions["ministry"], threading.Event(), once=True)
    monkeypatch.setattr(sending, "_told", told)
    handed_over.drive.work()
    who = handed_over.leader
    assert len(portal.codes(who.mobile)) == 1
    assert scalar(app, "SELECT max(resends_used) FROM miit_people") == 0
    live = (
        "SELECT max(n) FROM (SELECT count(*) n FROM miit_codes WHERE void_at IS NULL "
        "GROUP BY person_id)"
    )
    assert scalar(app, live) == 1
    right = portal.codes(who.mobile)[-1]
    assert answer_of(portal.enter(who.mobile, tail(who), right)) == "verified-others-waiting"
