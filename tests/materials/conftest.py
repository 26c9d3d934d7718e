"""An order with papers, and the folder they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.models import Material
from console.queries.materials import materials_of
from console.rules.filing import Filing
from console.services import review, submission
from tests.materials import files
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.filling.desk import Applicant

Sent = tuple[str, bytes, str]  # a field, the content, the file's name


class Uploader(Applicant):
    """An applicant who uploads."""

    def upload(self, *sent: Sent) -> TestResponse:
        """Upload files in one request, as the page's form does."""
        return upload(self.client, self.path("materials/add"), sent)

    def one(self, kind: str = "entity-certificate", n: int = 1, name: str = "licence.jpg") -> int:
        """Upload a good picture; its id."""
        before = {material.id for material in self.materials()}
        answer = self.upload((f"file-{kind}", files.picture(n=n), name))
        assert answer.status_code == 303, answer.text
        (new,) = {material.id for material in self.materials()} - before
        return new

    def replace(self, material_id: int, content: bytes, name: str = "new.jpg") -> TestResponse:
        """Put a file in another's place."""
        path = self.path(f"materials/{material_id}/replace")
        return upload(self.client, path, [("file", content, name)])

    def remove(self, material_id: int) -> TestResponse:
        """Take a file away."""
        return self.client.submit(self.path(f"materials/{material_id}/remove"))

    def materials(self) -> Sequence[Material]:
        """The rows there are."""
        with self.app.app_context():
            return materials_of(self.order())


def upload(client: Any, path: str, sent: Sequence[Sent]) -> TestResponse:
    """POST files with the session's token."""
    data: dict[str, Any] = {"csrf_token": client.token()}
    for field, content, name in sent:
        data.setdefault(field, []).append((BytesIO(content), name))
    answer: TestResponse = client.post(path, data=data, content_type="multipart/form-data")
    return answer


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where the files lie."""
    return Path(urlsplit(app.config["MATERIALS_URL"]).path)


def stored(folder: Path) -> list[Path]:
    """The files there are."""
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def filing() -> Filing:
    """What is filed: a company's website, led by somebody else."""
    return valid_filing(1, two_people=True)


@pytest.fixture
def owner(app: Flask, people: People, filing: Filing) -> Uploader:
    """The applicant, with a filled-in draft."""
    applicant = Uploader(app, people.client("owner"))
    applicant.start()
    applicant.fill(filing)
    return applicant


@pytest.fixture
def hand_in(app: Flask, people: People, owner: Uploader) -> Any:
    """Hands the order in."""

    def act() -> None:
        with app.app_context():
            submission.submit(people.owner.actor, owner.number)

    return act


@pytest.fixture
def send_back(app: Flask, people: People, owner: Uploader) -> Any:
    """Sends the order back for some reasons."""

    def act(*reasons: str) -> None:
        with app.app_context():
            review.claim(people.reviewer.actor, owner.number)
            review.return_(people.reviewer.actor, owner.number, reasons, "")

    return act
