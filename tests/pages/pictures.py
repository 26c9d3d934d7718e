"""Pictures of every listed page, wide and on a phone, in both languages.

python -m tests.pages.pictures FOLDER [--only PATTERN] [--dark] [--language en]
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.pages.every import EVERY
from tests.pages.house import LANGUAGES, open_house
from tests.pages.visiting import PHONE, WIDE, chromium, visited
from tests.support.assets import ROOT

# Those that the README shows, as they are in English.
README = {"order-verifying": "order-verifying", "review-claimed": "review", "orders": "orders"}

# What is below the fold is fetched when one gets there; a picture is of the whole page.
ALL_IMAGES = """() => Promise.all([...document.images].map(image => {
  image.loading = "eager";
  return image.decode().catch(() => {});
}))"""


def main() -> int:
    """Take them all; 1 where a page did not answer as the list says."""
    asked = _asked()
    asked.folder.mkdir(parents=True, exist_ok=True)
    failed = []
    scheme = "dark" if asked.dark else "light"
    with TemporaryDirectory() as name, open_house(Path(name)) as house, chromium() as browser:
        for language in [asked.language] if asked.language else LANGUAGES:
            for listed in (one for one in EVERY if re.search(asked.only, one.name)):
                try:
                    with visited(browser, house, listed, language, color_scheme=scheme) as visit:
                        visit.page.evaluate(ALL_IMAGES)
                        for size, word in ((WIDE, "wide"), (PHONE, "phone")):
                            visit.page.set_viewport_size(size)  # type: ignore[arg-type]
                            file = asked.folder / f"{visit.name}-{word}.png"
                            visit.page.screenshot(path=file, full_page=True)
                            if asked.readme and f"{language} {word}" == "en wide":
                                _for_readme(visit.page, listed.name)
                except Exception as error:
                    failed.append(f"{listed.name} {language}: {error}")
    print("\n".join(failed))
    return 1 if failed else 0


def _for_readme(page: object, name: str) -> None:
    if name in README:
        page.screenshot(path=ROOT / "docs" / "pictures" / f"{README[name]}.png")  # type: ignore[attr-defined]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Pictures of every page.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="a pattern for names of pages")
    parser.add_argument("--language", choices=list(LANGUAGES), help="one of the two")
    parser.add_argument("--dark", action="store_true", help="as people with dark mode see them")
    parser.add_argument("--readme", action="store_true", help="take the README's as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
