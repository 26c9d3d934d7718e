"""What every page must be, in the browser: each check gives what is wrong, in words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.looks import accessibility_faults, english_leftovers, sticking_out
from tests.pages.listed import Listed
from tests.pages.visiting import PHONE, WIDE, Visit

# 1280 px at 200 % zoom are 640 CSS pixels.
ZOOMED = {"width": 640, "height": 450}
TABLET = {"width": 768, "height": 1024}
PAPER = {"width": 718, "height": 1000}  # A4 without its margins

# Everything one can act on must take the focus, and show that it has it.
FOCUS = """() => {
  const can = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(e => e.type !== "hidden" && !e.disabled && e.checkVisibility());
  const look = e => {
    const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor,
            s.backgroundColor, s.textDecorationLine].join();
  };
  const says = e => (e.id || e.name || e.textContent || e.tagName).trim().slice(0, 40);
  const wrong = [];
  for (const e of can) {
    if (e.tabIndex < 0) { wrong.push("not reached by Tab: " + says(e)); continue; }
    document.activeElement.blur();
    const before = look(e);
    e.focus();
    if (document.activeElement !== e) wrong.push("takes no focus: " + says(e));
    else if (look(e) === before) wrong.push("focus does not show: " + says(e));
  }
  return wrong;
}"""
MOVES = """() => [...document.querySelectorAll("*")].filter(e => {
  const s = getComputedStyle(e);
  const longest = list => Math.max(...list.split(",").map(parseFloat));
  return longest(s.transitionDuration) > 0.01 ||
    (s.animationName !== "none" && longest(s.animationDuration) > 0.01) ||
    s.scrollBehavior === "smooth";
}).map(e => e.tagName + "." + e.className).slice(0, 5)"""
ON_PAPER = """() => [...document.querySelectorAll("button, .btn, nav a, input")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 2)
  .map(e => e.textContent.trim().slice(0, 30))"""


def faults_of(visit: Visit) -> list[str]:
    """All of them; leaves the page wide, light, on screen and still."""
    page = visit.page
    wrong = [f"the browser complains: {text}" for text in visit.complaints]
    wrong += seen_and_used(page)
    if visit.language != "en" and not visit.listed.bilingual:
        wrong += [f"in English: {text}" for text in english_leftovers(page)]
    wrong += _at_sizes(page)
    if visit.listed.on_paper:
        wrong += printed(page)
    return wrong


def seen_and_used(page: Page) -> list[str]:
    """Faults in light and dark, for those whom motion makes ill, and for the keyboard."""
    # From here on nothing moves: a colour on its way to another would be measured half-way.
    page.emulate_media(reduced_motion="reduce")
    wrong = [f"moves although asked not to: {text}" for text in page.evaluate(MOVES)]
    page.keyboard.press("Tab")  # focus shows to those who use the keyboard
    wrong += [f"keyboard: {text}" for text in page.evaluate(FOCUS)]
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += [f"{scheme}: {fault}" for fault in accessibility_faults(page)]
    return wrong


def _at_sizes(page: Page) -> list[str]:
    wrong = []
    for what, size in (("at 360 px", PHONE), ("at 200 %", ZOOMED), ("at 768 px", TABLET)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        by = sticking_out(page)
        if by > 0:
            wrong.append(f"{what} it is {by} px too wide")
        if size is PHONE:
            wrong += [f"phone: {fault}" for fault in accessibility_faults(page)]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return wrong


def printed(page: Page) -> list[str]:
    """What does not belong on paper, and whether it fits."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    wrong = [f"printed although it cannot be pressed: {text}" for text in page.evaluate(ON_PAPER)]
    if sticking_out(page) > 0:
        wrong.append("wider than the paper")
    page.emulate_media(media="screen")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return wrong


def by_keyboard(page: Page, listed: Listed) -> list[str]:
    """Whether the Tab key gets to the page's main action, from its top."""
    main: Any = page.locator("main .btn-primary").first
    if not main.count():
        return []
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(200):
        page.keyboard.press("Tab")
        if main.evaluate("e => e === document.activeElement"):
            return []
    return [f"{listed.name}: 200 presses of Tab do not reach the main action"]
