"""Sending one mail: over SMTP with TLS where a server is configured, else to nobody."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT = 10  # seconds, for each answer of the server
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

SENT, KEPT = "sent", "kept"


@dataclass(frozen=True)
class Mail:
    """What one person is sent. `id` is the same however often it is sent."""

    to: str
    subject: str
    text: str
    id: str
    language: str
    at: datetime


class Unreachable(Exception):
    """The server did not take it now: trying again may help. Holds nothing of the mail."""


class Refused(Exception):
    """The server will never take it, or it cannot be written. Holds nothing of the mail."""


class Outgoing(Protocol):
    """Where mails go. `failures`: how often in a row it could not be reached."""

    failures: int

    def send(self, mail: Mail) -> str:
        """Send one and tell what came of it. Raises Unreachable, Refused."""

    def resting(self, now: datetime) -> bool:
        """Whether it is no use to try now."""

    def rest(self, until: datetime) -> None:
        """It failed once more: leave it alone until then."""


class Nowhere:
    """Development: mails stay in the outbox, where a page shows them."""

    failures = 0

    def send(self, mail: Mail) -> str:
        """Written as if it were sent, so that what could not be sent is found out."""
        compose(mail, "Console <console@localhost.localdomain>")
        return KEPT

    def resting(self, now: datetime) -> bool:
        """Never."""
        return False

    def rest(self, until: datetime) -> None:
        """No need."""


@dataclass
class Server:
    """An SMTP server. `tls`: "from-the-start", "starttls", or "none" on the same machine."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    sender: str
    failures: int = 0
    _until: datetime | None = None

    def send(self, mail: Mail) -> str:
        """Hand one mail over on a connection of its own."""
        message = compose(mail, self.sender)
        try:
            with self._connect() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _sorted(min(codes, default=450)) from None
        except smtplib.SMTPResponseException as error:
            # A wrong password is ours to mend: no reason to throw mails away.
            kind = Unreachable if isinstance(error, smtplib.SMTPAuthenticationError) else None
            raise (kind or _sorted)(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError as error:
            raise Unreachable(type(error).__name__) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        self.failures, self._until = 0, None
        return SENT

    def _connect(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.tls == "from-the-start":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=secure
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.tls == "starttls":
                connection.starttls(context=secure)  # raises where the server has none
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def resting(self, now: datetime) -> bool:
        """Whether the server failed lately: its silence must not hold up the worker's other jobs.

        Set back clocks do not prolong the rest.
        """
        longest = timedelta(hours=1)
        return self._until is not None and now < self._until < now + longest

    def rest(self, until: datetime) -> None:
        """Leave the server alone until then."""
        self.failures += 1
        self._until = until


def _sorted(code: int) -> Exception:
    return Refused(code) if 500 <= code < 600 else Unreachable(code)


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message. Raises Refused for an address or subject that could forge headers."""
    if any(not c.isprintable() for c in mail.to + mail.subject):
        raise Refused("control character")
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.at)
        message["Message-ID"] = f"<{mail.id}@{message['From'].addresses[0].domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = mail.language
        message.set_content(mail.text, cte="base64")
    except Exception as error:  # the parser of addresses raises what it likes
        raise Refused(type(error).__name__) from None
    return message


def outgoing(url: str, sender: str) -> Outgoing:
    """What MAIL_URL and MAIL_FROM name. Raises ValueError with what is wrong, password untold.

    `smtp://user:password@host:587` is STARTTLS, `smtps://…:465` is TLS from the start; without
    either only on the same machine, `smtp://localhost:25?tls=none`.
    """
    if not url:
        return Nowhere()
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("MAIL_URL must be smtp://user:password@host:587 or smtps://…:465")
    plain = parts.query == "tls=none"
    if plain and parts.hostname not in LOOPBACK:
        raise ValueError("MAIL_URL must not say tls=none but for a server on the same machine")
    if not _is_address(sender):
        raise ValueError("set MAIL_FROM to the address mails come from, like console@example.cn")
    tls = "from-the-start" if parts.scheme == "smtps" else "none" if plain else "starttls"
    return Server(
        parts.hostname,
        _port(lambda: parts.port) or PORTS[parts.scheme],
        tls,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        sender,
    )


def _port(read: Callable[[], int | None]) -> int | None:
    try:
        return read()
    except ValueError:
        raise ValueError("MAIL_URL has no such port") from None


def _is_address(sender: str) -> bool:
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        return bool(message["From"].addresses[0].domain) and not message["From"].defects
    except Exception:  # as above: whatever it raises, it is no address
        return False
