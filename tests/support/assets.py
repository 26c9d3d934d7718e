"""htmx from its npm package, fetched once into .test-assets/."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "htmx.org@4.0.1"
FOLDER = ROOT / ".test-assets" / "htmx.org-4.0.1"


def htmx_file(path: str) -> Path:
    """A file of the package's `dist`, for instance `htmx.min.js`. Raises FileNotFoundError."""
    if not FOLDER.exists():
        _fetch()
    found = FOLDER / "package" / "dist" / path
    if not found.is_file():
        raise FileNotFoundError(f"{PACKAGE} has no dist/{path}")
    return found


def _fetch() -> None:
    FOLDER.parent.mkdir(exist_ok=True)
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE],
        cwd=FOLDER.parent,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    with tarfile.open(FOLDER.parent / packed) as archive:
        archive.extractall(FOLDER, filter="data")
