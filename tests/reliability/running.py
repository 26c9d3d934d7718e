"""The console as processes that can be killed: web and worker on a database of their own."""

from __future__ import annotations

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import new_key

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PASSWORD = "a quiet river at noon"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Console:
    """Web and workers in a folder; `target` is the WSGI app that is served, `worker` the module of
    the app whose workers run."""

    folder: Path
    database_url: str
    target: str = "wsgi:app"
    worker: str = "wsgi"
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = {name: new_key() for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DIGEST_KEY")}
        self.env = {
            **os.environ,
            **keys,
            "DATABASE_URL": self.database_url,
            "MATERIALS_URL": (self.folder / "materials").as_uri(),
            "PYTHONPATH": str(ROOT),
            "BASE_URL": self.base,
        }

    @property
    def base(self) -> str:
        """The address without a slash at its end."""
        return f"http://localhost:{self.port}"

    def flask(self, *words: str, stdin: str = "") -> str:
        """Run a command to its end; its output. Raises CalledProcessError."""
        command = [str(BIN / "flask"), "--app", "wsgi", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, input=stdin, text=True, check=True,
            capture_output=True,
        ).stdout  # fmt: skip

    def start(self, part: str) -> None:
        """Start "web" or "worker…"; a worker may have any name that begins so."""
        if part == "web":
            command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
                       "--port", str(self.port), "--workers", "1", "--blocking-threads", "4",
                       "--log-config", "logging.json", self.target]  # fmt: skip
        else:
            command = [str(BIN / "flask"), "--app", self.worker, "worker"]
        log = (self.folder / f"{part}.log").open("ab")
        self.running[part] = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
        )

    def kill(self, part: str) -> None:
        """Kill a part with all its processes, as a power cut would."""
        process = self.running.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, part: str, within: float = 15) -> int:
        """End a part as a supervisor does; its exit status. Raises TimeoutExpired."""
        process = self.running.pop(part)
        process.send_signal(signal.SIGTERM)
        return process.wait(within)

    def stop_all(self) -> None:
        """Kill whatever still runs."""
        for part in list(self.running):
            self.kill(part)

    def wait(self, seconds: float = 120) -> float:
        """Wait for the first answer; how long it took. Raises TimeoutError."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=1):
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.02)
        raise TimeoutError("no answer")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_args: object) -> None:  # type: ignore[override]
        """Go nowhere."""


class Client:
    """A browser that is signed in. Raises OSError where nobody answers."""

    def __init__(self, console: Console, base: str = "") -> None:
        self.base = base or console.base
        self.cookies, self.token = http.cookiejar.CookieJar(), ""
        self._open()

    def _open(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(jar, NoRedirects)

    def share(self, other: Client) -> None:
        """Go on in the session of another browser."""
        self.cookies, self.token = other.cookies, other.token
        self._open()

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, Location and body."""
        body = None if data is None else urllib.parse.urlencode(data).encode()
        try:
            with self._answer(urllib.request.Request(self.base + path, body)) as answer:
                return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except http.client.HTTPException as cut_off:
            raise OSError(cut_off) from cut_off

    def _answer(self, request: urllib.request.Request) -> Any:
        try:
            return self.opener.open(request, timeout=10)
        except urllib.error.HTTPError as refused:
            return refused

    def post(self, path: str, **data: str) -> tuple[int, str, str]:
        """Send a form."""
        return self.ask(path, {"csrf_token": self.token, **data})

    def sign_in(self, email: str) -> None:
        """Sign in; again and again until somebody answers."""
        for _ in range(200):
            try:
                if self.ask("/login")[0] == 302:  # let in, and the answer was lost
                    self.refresh("/no-such-page")
                    return
                self.refresh("/login")
                if self.post("/login", email=email, password=PASSWORD)[0] in (302, 303):
                    self.refresh("/no-such-page")
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("nobody lets me in")

    def refresh(self, path: str) -> None:
        """Take the token of a page's form."""
        found = TOKEN.search(self.ask(path)[2])
        self.token = found[1] if found else ""
