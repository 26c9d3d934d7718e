"""A backup of what one machine keeps: the SQLite file and the folder of materials.

Both are encrypted at rest where they hold personal data, and stay so in the backup; the keys are
not in it. Files are for nobody else's eyes from the first byte on.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from console.errors import Refusal
from console.rules.text import T

DATABASE, MATERIALS, MANIFEST = "database.sqlite3", "materials", "manifest.json"
SNAPSHOTS = 3  # how often a snapshot is taken again since a paper was deleted in between


def back_up(database: Path, materials: Path, target: Path, notes: Mapping[str, Any]) -> int:
    """Write a backup into the new folder `target`; how many materials it holds.

    The database is copied as it was at one moment, while others write (VACUUM INTO); then the
    materials that it names. Raises Refusal where the folder is there already or a copy is damaged.
    """
    if target.exists():
        raise Refusal(T("There is something at %(path)s already.", path=str(target)))
    making = target.with_name(f".{target.name}.{os.getpid()}")
    making.mkdir(mode=0o700, parents=True)
    try:
        kept = _snapshot(database, materials, making)
        files = {name: _digest(making / name) for name in _files(making)}
        manifest = {**notes, "materials": len(kept), "files": files}
        _write(making / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
        making.rename(target)  # whole, or not there at all
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return len(kept)


def _snapshot(database: Path, materials: Path, making: Path) -> list[str]:
    kept = making / MATERIALS
    kept.mkdir(mode=0o700)
    for _ in range(SNAPSHOTS):
        (making / DATABASE).unlink(missing_ok=True)
        _copy_database(database, making / DATABASE)
        wanted = _papers(making / DATABASE)
        # A file never changes: what was copied once need not be there any more the next time.
        missing = [name for name in wanted if not (kept / name).exists()]
        if all([_copied(materials / name, kept / name) for name in missing]):
            for name in set(os.listdir(kept)) - set(wanted):
                (kept / name).unlink()
            return wanted
    raise Refusal(T("Materials that the database names are missing in %(path)s.", path=materials))


def _copy_database(source: Path, copy: Path) -> None:
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source, timeout=30, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    check(copy)


def reading(database: Path) -> sqlite3.Connection:
    """A connection that cannot write, whatever characters are in the file's path."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)


def check(database: Path) -> None:
    """Raise Refusal unless the file is a sound database without broken references."""
    try:
        with closing(reading(database)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            whole = not connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError:
        sound = whole = False
    if not (sound and whole):
        raise Refusal(T("The database in %(path)s is damaged.", path=str(database)))


def _papers(database: Path) -> list[str]:
    # Newest first: `keys rotate`, which renames them all, comes the other way.
    with closing(reading(database)) as connection:
        rows = connection.execute(
            "SELECT path FROM materials WHERE removed_at IS NULL ORDER BY id DESC"
        )
        return [str(row[0]) for row in rows]


def _copied(source: Path, copy: Path) -> bool:
    try:
        _write(copy, source.read_bytes())
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _files(folder: Path) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def opened(source: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole: every file there as it was written.

    Raises Refusal where one is missing, changed or too many.
    """
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_bytes())
        wanted = manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(T("There is no backup at %(path)s.", path=str(source))) from error
    there = {name: _digest(source / name) for name in _files(source) if name != MANIFEST}
    if there != wanted:
        raise Refusal(T("The backup at %(path)s is not as it was written.", path=str(source)))
    check(source / DATABASE)
    return manifest


def is_empty(database: Path, materials: Path) -> bool:
    """Whether nothing would be lost by a restore to here."""
    papers = materials.is_dir() and any(materials.iterdir())
    return not papers and not (database.exists() and database.stat().st_size)


def put_back(source: Path, database: Path, materials: Path) -> None:
    """Put a backup that was `opened` in place of what is there; the database comes last.

    Web and worker must not run meanwhile: they would go on with files that are gone.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = materials.with_name(f".{materials.name}.restored")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    for path in sorted((source / MATERIALS).iterdir()):
        _write(fresh / path.name, path.read_bytes())
    copy = database.with_name(f".{database.name}.restored")
    _write(copy, (source / DATABASE).read_bytes())
    shutil.rmtree(materials, ignore_errors=True)
    fresh.rename(materials)
    for beside in ("-wal", "-shm"):  # of the database that was there: not this one's
        Path(f"{database}{beside}").unlink(missing_ok=True)
    copy.replace(database)
