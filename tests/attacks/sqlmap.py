"""sqlmap against the console's forms and addresses, on loopback; it must find the planted one.

python -m tests.attacks.sqlmap [--database postgresql]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask_security.utils import hash_password

from console.services.accounts import create_account
from tests.reliability.checking import opened_app, prepare
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.running import BIN, PASSWORD, Client, Console

# Its last word. Before that it says "appears to be injectable" of much that it then takes back.
FOUND = re.compile(r"identified the following injection point", re.I)
TESTED = re.compile(r"testing if .*parameter|parameter '[^']+' (does not seem|appears)", re.I)
SECONDS = int(os.environ.get("SQLMAP_SECONDS", "600"))  # at most, for one target


@dataclass(frozen=True)
class Target:
    """An address with parameters, and who asks: a form where there are `data`."""

    who: str
    path: str
    data: str = ""


def targets(number: str) -> Iterator[Target]:
    """Where something that is typed may reach the database."""
    yield Target("", "/login", "email=a@example.cn&password=x")
    yield Target("", "/recover", "email=a@example.cn")
    yield Target("", "/miit/verify", "mobile=13800000000&last_six=000000&code=123456")
    yield Target("", "/miit/resend", "mobile=13800000000&last_six=000000")
    yield Target("", "/miit/phone?line=x&page=1")
    yield Target("", "/miit/desk?state=verifying&page=1")
    yield Target("", "/rulebooks?book=aliyun-current")
    yield Target("", "/rulebooks/who?province=ZJ&order=first-filing")
    yield Target("owner", "/orders?state=draft&before=1&q=x")
    yield Target("owner", f"/orders/{number}*")
    yield Target("owner", "/orders/new", "type=first-filing&websites=1&key=x")
    yield Target("owner", "/orders/new/add-provider", "icp_number=x&certificate_number=x")
    yield Target(
        "owner", f"/orders/{number}/edit/entity", "entity-name=x&entity-remarks=x&revision=1"
    )
    yield Target("reviewer", "/review?q=x&state=in-review&province=ZJ&sort=oldest&after=1")
    yield Target("reviewer", "/review/list?q=x&state=draft&page=1")
    yield Target("reviewer", "/review/ledger?state=stuck&page=1")
    yield Target("reviewer", "/review/figures?from=2026-01-01&to=2026-12-31")
    yield Target("administrator", "/admin/audit?who=x&action=x&from=2026-01-01&page=1")
    yield Target("", "/planted?id=1")


def attack(console: Console, target: Target, browsers: dict[str, Client]) -> str:
    """Let sqlmap try a target; what it said."""
    browser = browsers[target.who]
    cookies = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
    command = [
        str(BIN / "sqlmap"), "--url", console.base + target.path, "--batch", "--level", "2",
        "--risk", "1", "--technique", "BEUS", "--timeout", "30", "--retries", "1",
        "--ignore-code", "*", "--flush-session", "--disable-coloring", "--skip", "csrf_token",
        "--output-dir", str(Path(console.folder) / "sqlmap"), "--cookie", cookies,
        "--dbms", "sqlite" if "planted" in target.path else console.database_url.split(":")[0],
    ]  # fmt: skip
    if target.data:
        command += ["--data", f"{target.data}&csrf_token={browser.token}"]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False,
            env={**os.environ, "HOME": str(console.folder)},
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode() + "\nOUT OF TIME"
    return run.stdout + run.stderr


def browsers_of(console: Console) -> dict[str, Client]:
    """A browser for each kind of person, nobody's included."""
    found = {"": Client(console)}
    found[""].refresh("/login")
    for name in ("owner", "reviewer", "administrator"):
        found[name] = Client(console)
        found[name].sign_in(f"{name}@example.cn")
    return found


def main() -> int:
    """The program."""
    chosen = arguments(__doc__)
    with a_console(chosen.database, "tests.attacks.open_door:app") as console:
        number = prepare(console, 1)[0]
        with opened_app(console):
            create_account("administrator@example.cn", hash_password(PASSWORD), ("administrator",))
        console.start("web")
        console.wait()
        browsers = browsers_of(console)
        faults, tested, planted = [], 0, False
        for target in targets(number):
            said = attack(console, target, browsers)
            tested += len(TESTED.findall(said)) > 0
            hit = bool(FOUND.search(said))
            print(f"  {target.path}: {'INJECTABLE' if hit else 'nothing'}", flush=True)
            if target.path.startswith("/planted"):
                planted = hit
            elif hit or "OUT OF TIME" in said or not TESTED.search(said):
                faults.append(f"{target}: {said[-400:]}")
        log = (Path(console.folder) / "web.log").read_text(errors="replace")
        errors = log.count('"status": 500')
    faults += [f"{errors} answers of 500"] * bool(errors)
    faults += ["the planted address was not found"] * (not planted)
    figure = f"sqlmap on {chosen.database}: {tested} targets tried, {len(faults)} faults"
    return verdict(f"{figure}; the planted one {'found' if planted else 'missed'}", faults, False)


if __name__ == "__main__":
    sys.exit(main())
