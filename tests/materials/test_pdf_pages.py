"""A PDF is looked at in the browser as pictures of its pages, drawn where little can go wrong."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from console.outside.inspecting import picture_of_page
from tests.materials import files
from tests.materials.conftest import Uploader
from tests.support.markup import parsed
from tests.support.people import People


@pytest.fixture
def uploaded(owner: Uploader) -> int:
    """A PDF of two pages among the papers; its id."""
    answer = owner.upload(("file-authenticity-form", files.pdf(2), "form.pdf"))
    assert answer.status_code == 303
    (material,) = owner.materials()
    return material.id


def longest_side(answer: TestResponse) -> int:
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    return max(Image.open(io.BytesIO(answer.data)).size)


def test_the_applicant_sees_each_page_and_can_save_the_file(owner: Uploader, uploaded: int) -> None:
    path = f"/orders/{owner.number}/materials/{uploaded}"
    assert longest_side(owner.client.get(f"{path}/thumbnail")) == 320
    preview = owner.client.get(f"{path}/preview")
    pages = [str(image.get("src")) for image in parsed(preview.text).iter("img")]
    assert pages == [f"{path}/pages/1", f"{path}/pages/2"]
    assert f'href="{path}"' in preview.text
    assert [longest_side(owner.client.get(page)) for page in pages] == [1600, 1600]
    for missing in (0, 3, 999):
        assert owner.client.get(f"{path}/pages/{missing}").status_code == 404
    assert f'href="{path}/preview"' in owner.get("materials").text


def test_a_picture_has_no_pages_and_is_looked_at_as_it_is(owner: Uploader) -> None:
    path = f"/orders/{owner.number}/materials/{owner.one()}"
    assert owner.client.get(f"{path}/pages/1").status_code == 404
    assert owner.client.get(f"{path}/preview").headers["Location"] == path


def test_a_reviewer_s_look_at_a_page_is_put_on_record(
    owner: Uploader, uploaded: int, people: People, hand_in: Any
) -> None:
    hand_in()
    reviewer = people.client("reviewer")
    path = f"/review/{owner.number}/materials/{uploaded}/pages/2"
    assert longest_side(reviewer.get(path)) == 1600
    assert (
        "A reviewer looked at an uploaded material" in reviewer.get(f"/review/{owner.number}").text
    )
    assert people.client("other").get(path.replace("/review/", "/orders/")).status_code == 404


def test_what_cannot_be_drawn_has_no_picture() -> None:
    assert picture_of_page(b"%PDF-1.7 and nothing else", 0) is None
    assert picture_of_page(files.pdf(1), 5) is None
