"""A mail as a message, and the servers it goes to."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from typing import Any

import pytest

from config import Unsafe, settings
from console.outside import mail as outside
from console.outside.mail import Mail, Nowhere, Refused, Server, Unreachable, compose, outgoing
from tests.support.apps import KEYS

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
