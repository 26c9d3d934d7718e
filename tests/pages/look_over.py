"""Everything that can be measured of the pages, on one server: `make pages`.

python -m tests.pages.look_over [--only PATTERN] [--language en]
    [--part pages|lighthouse]
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tests.pages.checks import by_keyboard, faults_of
from tests.pages.every import EVERY
from tests.pages.house import LANGUAGES, House, open_house
from tests.pages.lighthouse import measured, too_low
from tests.pages.markup import markup_faults
from tests.pages.visiting import chromium, visited


def main() -> int:
    """Look them all over; 1 where anything is wrong."""
    asked = _asked()
    began, wrong = time.monotonic(), []
    with TemporaryDirectory() as name, open_house(Path(name)) as house:
        if asked.part != "lighthouse":
            wrong += _in_the_browser(house, asked, Path(name))
        if asked.part != "pages":
            wrong += _in_lighthouse(house, asked, Path(name))
    print(f"{len(EVERY)} pages listed, {len(wrong)} faults, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def _in_the_browser(house: House, asked: argparse.Namespace, folder: Path) -> list[str]:
    languages = [asked.language] if asked.language else list(LANGUAGES)
    with chromium() as browser:
        wrong, count = look(browser, house, asked.only, languages, folder)
    print(f"{count} pages looked at: light, dark, on a phone, at 200 %", flush=True)
    invalid = markup_faults(folder)
    print("\n".join([*invalid, f"{count} pages given to the W3C checker"]), flush=True)
    return wrong + invalid


def _in_lighthouse(house: House, asked: argparse.Namespace, folder: Path) -> list[str]:
    scores = measured(house, asked.only, folder)
    for page, found in scores.items():
        print(f"{page:<20}" + "  ".join(f"{what} {score}" for what, score in found.items()))
    low = too_low(scores)
    print("\n".join(low))
    return low


def look(
    browser: Browser, house: House, only: str, languages: Sequence[str], folder: Path
) -> tuple[list[str], int]:
    """Visit the pages, keep what was sent; what is wrong, and how many came."""
    wrong, count = [], 0
    for language in languages:
        for listed in (one for one in EVERY if re.search(only, one.name)):
            try:
                with visited(browser, house, listed, language) as visit:
                    (folder / f"{visit.name}.html").write_bytes(visit.answer.body())
                    found = faults_of(visit)
                    if listed.main:
                        found += by_keyboard(visit.page, listed)
                    found = [f"{visit.name}: {text}" for text in found]
                    count += 1
            except Exception as error:
                found = [f"{listed.name} in {language} did not come: {error}"]
            print("\n".join(found) or ".", flush=True)
            wrong += found
    return wrong, count


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Look every page over.")
    parser.add_argument("--only", default="", help="a pattern for names of pages")
    parser.add_argument("--language", choices=list(LANGUAGES), help="one of the two")
    parser.add_argument("--part", choices=("pages", "lighthouse"), help="one of the two")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
