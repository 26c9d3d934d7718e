"""The step that asks for papers, and who may see and change them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.materials import files
from tests.materials.conftest import Uploader, stored, upload
from tests.materials.reading import NEEDED, papers
from tests.support.people import People
from tests.web.filling.desk import words


class TestStep:
    def test_it_lists_what_is_needed_and_why(self, owner: Uploader) -> None:
        answer = owner.get("materials")
        listed = papers(answer.text)
        assert {key for key, state in listed.items() if state == "missing"} == NEEDED
        assert listed["authorisation"] == listed["other"] == "optional"
        assert "Another person than the entity leader leads this website" in words(answer)
        assert "At most 10 MB each" in words(answer)

    def test_it_speaks_chinese(self, owner: Uploader) -> None:
        page = owner.client.get(owner.path("materials"), headers={"Accept-Language": "zh-CN"})
        assert "主体证件" in page.text
        assert "主体负责人证件反面" in page.text

    def test_several_files_are_uploaded_at_once(self, owner: Uploader) -> None:
        answer = owner.upload(
            ("file-entity-certificate", files.picture(n=1), "执照.jpg"),
            ("file-entity-leader-front", files.picture("PNG", n=2), "front.png"),
            ("file-other", files.picture(n=3), "a.jpg"),
            ("file-other", files.pdf(2), "b.pdf"),
        )
        assert (answer.status_code, answer.location) == (303, owner.path("materials"))
        page = owner.get("materials")
        assert "4 files uploaded." in words(page)
        listed = papers(page.text)
        assert listed["entity-certificate"] == listed["other"] == "uploaded"
        assert "执照.jpg" in page.text
        assert "2 pages" in words(page)

    def test_nothing_chosen_is_said(self, owner: Uploader) -> None:
        answer = owner.upload()
        assert answer.status_code == 422
        assert "Choose at least one file first." in words(answer)

    def test_a_second_file_where_one_is_all_it_takes_is_refused(self, owner: Uploader) -> None:
        owner.one("entity-leader-front")
        answer = owner.upload(("file-entity-leader-front", files.picture(n=2), "b.jpg"))
        assert answer.status_code == 422
        assert "replace or remove it" in words(answer)

    def test_an_eleventh_other_paper_is_refused(self, owner: Uploader, folder: Any) -> None:
        for n in range(10):
            owner.one("other", n)
        answer = owner.upload(("file-other", files.picture(n=11), "k.jpg"))
        assert answer.status_code == 422
        assert "There are 10 files already" in words(answer)
        assert len(stored(folder)) == 10

    @pytest.mark.parametrize(
        "field",
        ["file-passport", "file-other-1", "file-domain-certificate", "file-portrait-7", "x"],
    )
    def test_a_paper_the_order_does_not_have_is_not_there(
        self, owner: Uploader, field: str
    ) -> None:
        assert owner.upload((field, files.picture(), "a.jpg")).status_code == 404

    def test_what_is_not_needed_any_more_can_be_taken_away(self, owner: Uploader) -> None:
        material_id = owner.one("website-leader-front-1")
        from tests.support.filings import form_data, valid_filing

        owner.send("services/1", form_data(valid_filing(1))["services/1"])
        assert papers(owner.get("materials").text)["website-leader-front-1"] == "unasked"
        assert owner.remove(material_id).status_code == 303

    def test_the_check_page_lists_what_is_there_and_what_is_missing(self, owner: Uploader) -> None:
        owner.one(name="执照.jpg")
        page = owner.get("check")
        assert papers(page.text)["entity-certificate"] == "uploaded"
        assert papers(page.text)["domain-certificate-1"] == "missing"
        assert "执照.jpg" in page.text
        assert f'href="{owner.path("materials")}#materials-domain-certificate-1"' in page.text

    def test_a_change_raises_the_revision(self, owner: Uploader) -> None:
        before = owner.order().revision
        material_id = owner.one()
        owner.replace(material_id, files.picture(n=2))
        owner.remove(owner.materials()[0].id)
        assert owner.order().revision == before + 3

    def test_after_handing_in_nothing_can_be_changed(
        self, owner: Uploader, hand_in: Any, folder: Any
    ) -> None:
        material_id = owner.one()
        hand_in()
        assert owner.get("materials").status_code == 303
        again = owner.upload(("file-other", files.picture(n=5), "a.jpg"))
        assert again.status_code == 409
        assert owner.replace(material_id, files.picture(n=6)).status_code == 409
        assert owner.remove(material_id).status_code == 409
        assert len(stored(folder)) == len(owner.materials()) == 1


class TestAccess:
    @pytest.mark.parametrize(
        ("who", "own", "reviewers"),
        [
            ("owner", 200, 403),
            ("other", 404, 403),
            ("reviewer", 403, 200),
            ("administrator", 403, 403),
            ("nobody", 303, 303),
        ],
    )
    def test_a_file_is_for_its_owner_and_for_reviewers(
        self, people: People, owner: Uploader, hand_in: Any, who: str, own: int, reviewers: int
    ) -> None:
        material_id = owner.one()
        hand_in()
        if who not in ("owner", "nobody"):
            getattr(people, who)
        client = people.client(who)
        base = f"/orders/{owner.number}/materials/{material_id}"
        assert client.get(base).status_code == own
        assert client.get(f"{base}/thumbnail").status_code == own
        review_path = f"/review/{owner.number}/materials/{material_id}"
        assert client.get(review_path).status_code == reviewers

    def test_another_applicant_changes_nothing(
        self, people: People, owner: Uploader, folder: Any
    ) -> None:
        material_id, before = owner.one(), stored(folder)
        assert people.other
        other = people.client("other")
        for path in ("add", f"{material_id}/replace"):
            sent = [("file-other", files.picture(n=9), "a.jpg"), ("file", files.picture(), "a.jpg")]
            assert upload(other, owner.path(f"materials/{path}"), sent).status_code == 404
        assert other.submit(owner.path(f"materials/{material_id}/remove")).status_code == 404
        assert stored(folder) == before

    def test_a_file_of_another_order_is_not_found_under_this_one(self, owner: Uploader) -> None:
        material_id, first = owner.one(), owner.number
        owner.start()
        assert (
            owner.client.get(f"/orders/{owner.number}/materials/{material_id}").status_code == 404
        )
        assert owner.remove(material_id).status_code == 404
        assert owner.client.get(f"/orders/{first}/materials/{material_id}").status_code == 200

    def test_a_reviewer_does_not_see_what_was_not_handed_in(
        self, people: People, owner: Uploader, hand_in: Any, send_back: Any
    ) -> None:
        hand_in()
        send_back("document-unclear")
        material_id = owner.one()
        reviewer = people.client("reviewer")
        path = f"/review/{owner.number}/materials/{material_id}"
        assert reviewer.get(path).status_code == 404
        assert (
            papers(reviewer.get(f"/review/{owner.number}").text)["entity-certificate"] == "missing"
        )
        hand_in()
        assert reviewer.get(path).status_code == 200
