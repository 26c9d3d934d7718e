"""Where uploaded files lie: a folder, or a store that fsspec knows, encrypted either way."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import fsspec
from flask import current_app
from fsspec.implementations.local import LocalFileSystem

from console.errors import Busy, NotFound
from console.rules.text import T
from console.types import keyring

log = logging.getLogger(__name__)


# A request waits for a store that does not answer no longer than a person does.
PATIENCE = {
    "s3": {
        "config_kwargs": {"connect_timeout": 3, "read_timeout": 10, "retries": {"max_attempts": 1}}
    }
}


def _store() -> tuple[fsspec.AbstractFileSystem, str]:
    # The address says which; S3 needs what requirements-s3.txt names besides.
    url = current_app.config["MATERIALS_URL"]
    scheme = url.partition(":")[0]
    fs, root = fsspec.core.url_to_fs(
        unquote(url) if scheme == "file" else url, **PATIENCE.get(scheme, {})
    )
    return fs, root.rstrip("/")


def folder() -> Path | None:
    """The folder where the files lie; None where they are in another kind of store."""
    fs, root = _store()
    return Path(root) if isinstance(fs, LocalFileSystem) else None


def _unavailable(error: Exception) -> Busy:
    log.error("materials", exc_info=error)
    return Busy(T("The store of materials does not answer. Nothing was changed; try again later."))


def write(data: bytes) -> str:
    """Keep a file, encrypted, under a random name; the name. Raises Busy, leaving nothing."""
    name = secrets.token_hex(16)
    sealed = keyring().encrypt_bytes(data)
    try:
        fs, root = _store()
        if isinstance(fs, LocalFileSystem):
            _write_to_folder(Path(root), name, sealed)
        else:
            fs.pipe_file(f"{root}/{name}", sealed)
    except Exception as error:  # whatever the store's driver raises
        raise _unavailable(error) from None
    return name


def _write_to_folder(folder: Path, name: str, sealed: bytes) -> None:
    """For nobody else's eyes from the first byte on, and on the disk before anyone is told."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def read(name: str) -> bytes:
    """A file as it was kept. Raises NotFound, Busy; KeyMissing or DataDamaged of the keyring."""
    try:
        fs, root = _store()
        sealed: bytes = fs.cat_file(f"{root}/{name}")
    except FileNotFoundError:
        raise NotFound(T("There is no such file.")) from None
    except Exception as error:  # whatever the store's driver raises
        raise _unavailable(error) from None
    return keyring().decrypt_bytes(sealed)


def delete(name: str) -> None:
    """Delete a file. One that cannot be deleted now is left to the worker's sweep."""
    try:
        fs, root = _store()
        fs.rm_file(f"{root}/{name}")
    except FileNotFoundError:
        pass
    except Exception as error:  # whatever the store's driver raises
        log.error("materials", exc_info=error)


def names() -> Iterator[str]:
    """The names of all files there are."""
    fs, root = _store()
    fs.invalidate_cache()
    if not fs.exists(root):
        return
    for path in fs.find(root, maxdepth=1):
        yield path.rsplit("/", 1)[-1]


def age(name: str, now: float) -> float:
    """Seconds since a file was written, by the machine's clock; 0 where it is gone."""
    fs, root = _store()
    try:
        return now - float(fs.modified(f"{root}/{name}").timestamp())
    except FileNotFoundError:
        return 0.0
