"""The W3C checker over the pages as the server sent them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.support.assets import ROOT

CHECKER = ROOT / ".test-assets" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def markup_faults(folder: Path) -> list[str]:
    """Every error and warning in the HTML files of a folder."""
    files = sorted(folder.glob("*.html"))
    if not files:
        return []
    command = ["java", "-Xss1024k", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    found = json.loads(done.stderr or '{"messages": []}')["messages"]
    return [
        f"{Path(one.get('url', '')).stem} line {one.get('lastLine', '?')}: {one['message']}"
        for one in found
        if one["type"] != "info" or one.get("subType") == "warning"
    ]
