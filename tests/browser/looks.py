"""What every page must be: nothing sticks out, no foreign language, no accessibility fault."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from console.rules.rulebook import load_books
from tests.support.assets import ROOT

TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || !parent.checkVisibility() || parent.closest("[lang=en], code")) continue;
    found.push(walker.currentNode.textContent.trim());
  }
  return [document.title, ...found].filter(Boolean);
}"""
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,:;]+[A-Za-z][A-Za-z'’-]*){3,}")
HAN = re.compile(r"[一-鿿]")
# The provider, and the ministry's text messages, which are in both languages on purpose.
ALLOWED = re.compile(r"Yunqi Cloud|\[ICP filing rehearsal\].*")
RULES = "runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}"


def english_leftovers(page: Page) -> list[str]:
    """The sentences of a Chinese page that are in English."""
    texts: list[str] = page.evaluate(TEXTS)
    assert any(HAN.search(text) for text in texts), f"{page.url} is not in Chinese at all"
    quoted = {book.source.title for book in load_books().values()}
    return [t for t in texts if t not in quoted and ENGLISH.search(ALLOWED.sub("", t))]


def sticking_out(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, with where it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((ROOT / ".test-assets/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(f"() => axe.run(document, {{{RULES}}})")
    return [
        f"{page.url} {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
