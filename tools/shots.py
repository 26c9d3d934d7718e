"""Pictures of the console with demo data: all into shots/, the README's into docs/pictures/."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SHOTS, PICTURES = ROOT / "shots", ROOT / "docs" / "pictures"
HTMX = ROOT / ".test-assets" / "htmx.org" / "dist"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"wide": (1280, 900), "phone": (360, 780)}
PUBLIC = {
    "home": "/",
    "sign-in": "/login",
    "register": "/register",
    "rulebooks": "/rulebooks",
    "rulebook": "/rulebooks/aliyun-current",
    "rulebook-old": "/rulebooks/jdcloud-2019",
    "portal": "/miit/verify",
    "portal-resend": "/miit/resend",
}
APPLICANT = {"orders": "/orders", "new-order": "/orders/new"}
REVIEWER = {"queue": "/review", "queue-accepted": "/review?state=accepted"}
STEPS = ("entity", "services", "services/1", "materials", "check")
MINISTRY = {"phone": "/miit/phone", "desk": "/miit/desk"}


def main() -> int:
    """Take every picture; the README's are those named there."""
    for folder in (SHOTS, PICTURES):
        folder.mkdir(parents=True, exist_ok=True)
    with served() as (base, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for language in ("en", "zh-CN"):
            for size in SIZES:
                take_all(browser, base, accounts, language, size)
        browser.close()
    return 0


def chromium() -> str:
    """The path of a Chromium on this machine."""
    script = ROOT / "tools" / "chromium.sh"
    return subprocess.run([script], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def served() -> Iterator[tuple[str, dict[str, str]]]:
    """The console with demo data on a free port, and who can sign in."""
    with TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/shots.sqlite3"}
        environment |= {
            "PORT": port,
            "APP_ENV": "development",
            "RATELIMIT_STORAGE_URI": "memory://",
        }
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        for command in (["db", "upgrade"], ["demo", "--json"]):
            done = subprocess.run(
                [*flask, *command], cwd=ROOT, env=environment, check=True, capture_output=True
            )
        told = json.loads(done.stdout)
        server = subprocess.Popen(
            [*flask, "run", "--port", port],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            base = f"http://localhost:{port}"
            wait_for(f"{base}/healthz")
            yield base, {email.split("@")[0]: told["password"] for email in told["accounts"]}
        finally:
            server.terminate()
            server.wait(10)


def wait_for(address: str) -> None:
    """Wait until the server answers. Raises OSError after ten seconds."""
    for _ in range(100):
        try:
            with urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise OSError(f"{address} does not answer")


def take_all(
    browser: Browser, base: str, accounts: dict[str, str], language: str, size: str
) -> None:
    """Every page in one language and size."""
    width, height = SIZES[size]

    def page_of(account: str | None) -> Page:
        context = browser.new_context(
            base_url=base, locale=language, viewport={"width": width, "height": height}
        )
        context.route("**/htmx.org@*/dist/**", answer_for_the_cdn)
        page = context.new_page()
        if account is not None:
            sign_in(page, account, accounts[account])
        return page

    suffix = f"{language}-{size}"
    take(page_of(None), PUBLIC | MINISTRY, suffix)
    applicant = page_of("applicant")
    orders = orders_by_state(applicant)
    take(applicant, APPLICANT | orders, suffix)
    take_refused(applicant, orders["order-draft"], suffix)
    applicant.goto(orders["order-verifying"])
    link = applicant.locator("[data-share-link]").first.input_value()
    take(page_of(None), {"leader": link[link.index("/status/") :]}, suffix)
    reviewer = page_of("reviewer")
    take(reviewer, REVIEWER | first_in_queue(reviewer), suffix)
    take(page_of("administrator"), {"admin": "/admin/"}, suffix)


def answer_for_the_cdn(route: Route) -> None:
    """The same files as the CDN's, from the npm package."""
    route.fulfill(
        path=HTMX / route.request.url.split("/dist/")[1],
        headers={"access-control-allow-origin": "*", "content-type": "text/javascript"},
    )


def sign_in(page: Page, account: str, password: str) -> None:
    """Through the form."""
    page.goto("/login")
    page.fill("[name=email]", f"{account}@example.cn")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()


def orders_by_state(page: Page) -> dict[str, str]:
    """The address of one order in each state."""
    page.goto("/orders")
    found: dict[str, str] = {}
    paths = page.eval_on_selector_all(
        "a[href^='/orders/2']", "links => links.map(link => link.getAttribute('href'))"
    )
    for path in dict.fromkeys("/".join(path.split("/")[:3]) for path in paths):
        page.goto(path)
        order = page.locator("[data-order]")
        state = order.first.get_attribute("data-state") if order.count() else None
        if state is None:
            print(f"{path}: no order to be seen", file=sys.stderr)
            continue
        found.setdefault(f"order-{state}", path)
        if state in ("draft", "returned"):
            for step in STEPS:
                name = f"edit-{state}-{step.replace('/', '-')}"
                found.setdefault(name, f"{path}/edit/{step}")
    return found


def take_refused(page: Page, order: str, suffix: str) -> None:
    """A step that came back, with what is wrong at its fields."""
    page.goto(f"{order}/edit/entity")
    page.fill("[name=entity_leader-mobile]", "12345")
    page.fill("[name=entity_leader-email]", "nobody")
    with page.expect_navigation():
        page.click("main button.btn-primary")
    page.screenshot(path=SHOTS / f"edit-refused-{suffix}.png", full_page=True)


def first_in_queue(page: Page) -> dict[str, str]:
    """The address of the order that waits longest."""
    page.goto("/review")
    link = page.locator("a[href^='/review/2']").first
    path = link.get_attribute("href") if link.count() else None
    return {"review": path} if path else {}


def take(page: Page, paths: dict[str, str], suffix: str) -> None:
    """One picture each; what does not answer is said and left out."""
    for name, path in paths.items():
        answer = page.goto(path)
        if answer is None or not answer.ok:
            print(f"{path}: {answer and answer.status}", file=sys.stderr)
            continue
        page.screenshot(path=SHOTS / f"{name}-{suffix}.png", full_page=True)
        if name in ("order-verifying", "review", "orders") and suffix == "en-wide":
            page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
