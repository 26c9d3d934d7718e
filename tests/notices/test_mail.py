"""Mails: how they are written, sent, tried again, and what comes of them."""

from __future__ import annotations

import logging
import smtplib
from datetime import UTC, datetime
from typing import Any

import pytest

from config import Unsafe, settings
from console.outside import mail as outside
from console.outside.mail import Mail, Nowhere, Refused, Server, Unreachable, compose, outgoing
from console.services import handover, mailing
from console.services.mailing import send_next
from console.web.mail_view import draw
from tests.notices.telling import Postbox, deliveries, run_worker
from tests.support.apps import KEYS
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def mail(**changes: Any) -> Mail:
    """A mail as any."""
    values: dict[str, Any] = {
        "to": "lin@example.cn",
        "subject": "订单 20261121",
        "text": "您的订单\nhttps://console.example.cn/orders/1\n",
        "id": "abc123",
        "language": "zh-Hans",
        "at": AT,
    }
    return Mail(**{**values, **changes})


@pytest.fixture
def postbox(drive: Drive) -> Postbox:
    """In place of a mail server."""
    made = Postbox()
    drive.app.extensions["mail"] = made
    return made


@pytest.fixture
def waiting(drive: Drive, postbox: Postbox) -> Drive:
    """One mail is to be sent, and nothing else is due."""
    postbox.errors = [Unreachable("told")]
    number = drive.draft(valid_filing(1))
    drive.clock.move(days=40)
    run_worker(drive)
    assert [row.outcome for row in deliveries()] == ["try-later"]
    assert number
    return drive


def test_a_message_is_written_for_its_one_receiver() -> None:
    message = compose(mail(), "备案 <console@example.cn>")
    assert message["To"] == "lin@example.cn"
    assert message["Subject"] == "订单 20261121"
    assert message["Message-ID"] == "<abc123@example.cn>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().startswith("您的订单")
    assert bytes(message).isascii()


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "lin@example.cn\nBcc: all@example.cn"},
        {"to": "lin@example.cn\r\n\r\nbody"},
        {"to": "lin@example.cn, all@example.cn"},
        {"to": "<lin@example.cn> all@example.cn"},
        {"to": "lin"},
        {"to": ""},
        {"subject": "a\nBcc: all@example.cn"},
        {"subject": "a\x07b"},
    ],
)
def test_what_could_forge_headers_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Refused):
        compose(mail(**changes), "console@example.cn")


@both_databases
def test_a_mail_is_sent_once(drive: Drive, postbox: Postbox) -> None:
    drive.accept(drive.draft(valid_filing(1)))
    run_worker(drive)
    assert len(postbox.got) == len(deliveries()) == len({sent.id for sent in postbox.got}) > 4
    assert {row.outcome for row in deliveries()} == {"sent"}
    assert all(row.done_at for row in deliveries())


def test_failures_are_tried_again_after_growing_pauses(
    waiting: Drive, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    pauses = []
    postbox.until = None
    for _ in range(6):
        [row] = deliveries()
        waiting.clock.set(max(row.due_at, postbox.until or row.due_at))
        postbox.errors = [Unreachable("told")]
        send_next(draw, postbox)
        [row] = deliveries()
        pauses.append(round((row.due_at - waiting.clock.now).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[-1] > 8 * pauses[0]
    assert row.attempts == 7
    waiting.clock.move(minutes=20)
    assert send_next(draw, postbox)
    [row] = deliveries()
    assert (row.outcome, len(postbox.got)) == ("sent", 1)


def test_a_server_that_does_not_answer_is_left_alone_and_holds_up_nothing(
    drive: Drive, postbox: Postbox
) -> None:
    tried: list[int] = []

    class Silent(Postbox):
        def send(self, mail: Mail) -> str:
            tried.append(1)
            raise Unreachable("timeout")

    drive.app.extensions["mail"] = Silent()
    drive.clock.move(hours=0)
    drive.approve(drive.draft(valid_filing(1)))
    assert drive.order(drive.draft(valid_filing(2))).state == "draft"
    run_worker(drive)
    assert 1 <= len(tried) <= 4
    assert {row.outcome for row in deliveries()} <= {"try-later", None}


def test_a_refused_mail_is_given_up_and_the_next_goes_out(drive: Drive, postbox: Postbox) -> None:
    postbox.errors = [Refused(550)]
    drive.approve(drive.draft(valid_filing(1)))
    assert deliveries()[0].outcome == "refused"
    assert {row.outcome for row in deliveries()[1:]} == {"sent"}


def test_after_very_many_attempts_a_mail_is_given_up(
    waiting: Drive, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "MOST_ATTEMPTS", 2)
    postbox.errors = [Unreachable("told")]
    waiting.clock.move(minutes=20)
    send_next(draw, postbox)
    [row] = deliveries()
    assert row.outcome == "gave-up"
    assert row.done_at is not None


@both_databases
def test_what_one_worker_sends_another_leaves_alone_until_the_lease_ends(
    waiting: Drive, postbox: Postbox
) -> None:
    waiting.clock.move(minutes=1)
    assert handover.lease(mail=True) is not None  # and the worker dies here
    assert not send_next(draw, postbox)
    waiting.clock.move(minutes=3)
    assert send_next(draw, postbox)
    assert len(postbox.got) == 1


def test_mails_and_the_ministry_do_not_wait_for_each_other(waiting: Drive) -> None:
    waiting.clock.move(minutes=20)
    assert handover.lease() is None
    assert handover.lease(mail=True) is not None


def test_the_log_holds_no_address(
    waiting: Drive, postbox: Postbox, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    waiting.clock.move(minutes=20)
    postbox.errors = [Unreachable("timeout")]
    send_next(draw, postbox)
    assert "put off" in caplog.text
    assert people.owner.email not in caplog.text


class Smtp:
    """In place of smtplib's connection; `error` is raised by the step named."""

    steps: list[str]
    error: tuple[str, Exception] | None

    def __init__(self, host: str, port: int, **more: Any) -> None:
        self.steps.append(f"connect {host}:{port}")
        assert more["timeout"] == outside.TIMEOUT
        self._maybe("connect")

    def _maybe(self, step: str) -> None:
        if self.error and self.error[0] == step:
            raise self.error[1]

    def starttls(self, context: object) -> None:
        """Encrypt from here on."""
        assert context is not None
        self.steps.append("starttls")
        self._maybe("starttls")

    def login(self, user: str, password: str) -> None:
        """Say who we are."""
        self.steps.append(f"login {user} {password}")
        self._maybe("login")

    def send_message(self, message: Any) -> None:
        """Hand over."""
        self.steps.append(f"send {message['To']}")
        self._maybe("send")

    def close(self) -> None:
        """Hang up."""
        self.steps.append("close")

    def __enter__(self) -> Smtp:
        return self

    def __exit__(self, *_: object) -> None:
        self.steps.append("quit")


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> type[Smtp]:
    """No mail leaves the test."""
    Smtp.steps, Smtp.error = [], None
    monkeypatch.setattr(smtplib, "SMTP", Smtp)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Smtp)
    return Smtp


def test_over_smtp_nothing_is_said_before_it_is_encrypted(smtp: type[Smtp]) -> None:
    server = outgoing("smtp://us%40er:p%3Aw@mail.example.cn", "console@example.cn")
    assert server.send(mail()) == "sent"
    assert smtp.steps == [
        "connect mail.example.cn:587",
        "starttls",
        "login us@er p:w",
        "send lin@example.cn",
        "quit",
    ]


def test_over_smtps_it_is_encrypted_from_the_start(smtp: type[Smtp]) -> None:
    outgoing("smtps://mail.example.cn:1465", "console@example.cn").send(mail())
    assert smtp.steps == ["connect mail.example.cn:1465", "send lin@example.cn", "quit"]


REFUSED = {"lin@example.cn": (550, b"no such user")}
BUSY = {"lin@example.cn": (451, b"greylisted")}


@pytest.mark.parametrize(
    ("step", "error", "expected"),
    [
        ("connect", TimeoutError(), Unreachable),
        ("connect", ConnectionRefusedError(), Unreachable),
        ("starttls", smtplib.SMTPNotSupportedError(), Unreachable),
        ("login", smtplib.SMTPAuthenticationError(535, b"no"), Unreachable),
        ("send", smtplib.SMTPServerDisconnected(), Unreachable),
        ("send", smtplib.SMTPRecipientsRefused(BUSY), Unreachable),
        ("send", smtplib.SMTPRecipientsRefused(REFUSED), Refused),
        ("send", smtplib.SMTPDataError(554, b"spam"), Refused),
        ("send", smtplib.SMTPDataError(451, b"later"), Unreachable),
    ],
)
def test_an_error_is_sorted_by_what_to_do_next_and_tells_no_address(
    smtp: type[Smtp], step: str, error: Exception, expected: type[Exception]
) -> None:
    smtp.error = (step, error)
    with pytest.raises(expected) as raised:
        outgoing("smtp://u:p@mail.example.cn", "console@example.cn").send(mail())
    assert "example" not in str(raised.value)


def test_without_a_server_mails_stay_in_the_outbox() -> None:
    assert isinstance(outgoing("", ""), Nowhere)
    assert outgoing("", "").send(mail()) == "kept"


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("mail.example.cn", "console@example.cn"),
        ("http://mail.example.cn", "console@example.cn"),
        ("smtp://mail.example.cn?tls=none", "console@example.cn"),
        ("smtp://mail.example.cn:99999", "console@example.cn"),
        ("smtp://mail.example.cn", ""),
        ("smtp://mail.example.cn", "console"),
        ("smtp://user:secret@mail.example.cn", "a@example.cn\nBcc: b@example.cn"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_telling_the_password(
    url: str, sender: str
) -> None:
    with pytest.raises(Unsafe) as refusal:
        settings(KEYS | {"MAIL_URL": url, "MAIL_FROM": sender})
    assert "MAIL_" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_on_the_same_machine_it_may_go_without_tls() -> None:
    server = outgoing("smtp://localhost:2525?tls=none", "console@example.cn")
    assert isinstance(server, Server)
    assert (server.tls, server.port) == ("none", 2525)
