"""Lighthouse over the main pages: accessibility and best practices."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from tests.pages.every import EVERY
from tests.pages.house import House
from tests.pages.listed import NOBODY, Listed
from tests.support.assets import ROOT
from tests.support.browsers import FLAGS, chromium_path

COMMAND = ROOT / ".test-assets" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
MEASURED = ("accessibility", "best-practices")
AT_LEAST = 95  # of 100


def measured(house: House, only: str, folder: Path) -> dict[str, dict[str, int]]:
    """The scores of the main pages, by name. Raises CalledProcessError."""
    mains = [one for one in EVERY if one.main and re.search(only, one.name)]
    return {one.name: _measure(house, one, folder) for one in mains}


def too_low(scores: dict[str, dict[str, int]]) -> list[str]:
    """What is below `AT_LEAST`."""
    return [
        f"Lighthouse: {name} has {score} for {what}"
        for name, found in scores.items()
        for what, score in found.items()
        if score < AT_LEAST
    ]


def _measure(house: House, listed: Listed, folder: Path) -> dict[str, int]:
    file = folder / f"{listed.name}.json"
    headers = {"Accept-Language": "en"}
    if listed.who != NOBODY:
        headers["Cookie"] = f"session={house.cookies[listed.who]}"
    address = house.base + listed.address(house.places["en"])
    subprocess.run(
        [
            *("node", str(COMMAND), address),
            *("--quiet", "--output=json", f"--output-path={file}"),
            f"--only-categories={','.join(MEASURED)}",
            f"--chrome-flags={' '.join(FLAGS)}",
            f"--extra-headers={json.dumps(headers)}",
        ],
        env={**os.environ, "CHROME_PATH": chromium_path()},
        check=True,
        capture_output=True,
        timeout=180,
    )
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["finalDisplayedUrl"] == address, f"{listed.name} led to another page"
    for audit in found["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print(f"   {listed.name}: {audit['id']}: {audit['title']}")
    return {what: round(100 * found["categories"][what]["score"]) for what in MEASURED}
