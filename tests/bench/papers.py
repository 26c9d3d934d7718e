"""The papers of several processes: in one store that speaks S3, put by one and read by another."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from urllib.request import Request

from fsspec.core import url_to_fs
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.materials.files import picture
from tests.reliability.running import Client
from tests.support.s3 import s3_server

BUCKET = "papers"


@contextmanager
def store() -> Iterator[dict[str, str]]:
    """A store with an empty bucket; the settings of a console that keeps its papers there."""
    with s3_server() as (_server, env):
        os.environ.update(env)  # for this process too, which makes the bucket and looks into it
        _bucket().mkdir(BUCKET)
        yield {**env, "MATERIALS_URL": f"s3://{BUCKET}/materials"}


def papers_are_shared(bases: Sequence[str], number: str) -> Iterator[str]:
    """The applicant of a draft uploads at one process, and looks at it at the other."""
    first, second = (Client(None, base) for base in bases)  # type: ignore[arg-type]
    first.sign_in("owner@example.cn")
    second.share(first)
    status = _upload(first, f"/orders/{number}/edit/materials/add")
    if status != 303:
        yield f"a paper was answered {status}"
    page = second.ask(f"/orders/{number}/edit/materials")[2]
    found = re.search(rf"/orders/{number}/materials/\d+", page)
    if found is None:
        yield "a paper of one process is none at the other"
        return
    seen = [client.opener.open(client.base + found[0]).read() for client in (first, second)]
    if not seen[0].startswith(b"\xff\xd8") or seen[0] != seen[1]:
        yield "a paper is not the same at both processes"
    kept = [_bucket().cat(path) for path in _bucket().find(BUCKET)]
    if not kept or any(seen[0][:64] in content for content in kept):
        yield "a paper is not in the store, or lies there in clear"


def _bucket():  # type: ignore[no-untyped-def]
    return url_to_fs(f"s3://{BUCKET}", skip_instance_cache=True)[0]


def _upload(client: Client, path: str) -> int:
    file = FileStorage(BytesIO(picture()), "licence.jpg", content_type="image/jpeg")
    boundary, body = encode_multipart({"csrf_token": client.token, "file-entity-certificate": file})
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with client._answer(Request(client.base + path, body, headers)) as answer:
        return int(answer.status)
