"""Files as they are given out, the reviewers' look, and deployments that demand papers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from console.errors import Invalid
from console.models import Event
from console.queries.materials import changed_since
from console.queries.orders import history_of
from console.services import review, submission
from tests.materials import files
from tests.materials.conftest import Uploader
from tests.materials.reading import NEEDED, papers
from tests.support.people import People
from tests.web.filling.desk import words


def looks(app: Flask, owner: Uploader) -> list[Event]:
    """The looks on record."""
    with app.app_context():
        return [e for e in history_of(owner.order()) if e.action == "look-at-material"]


class TestServing:
    def test_a_picture_opens_in_a_sandbox_and_is_not_kept(self, owner: Uploader) -> None:
        material_id = owner.one(name="营业 执照.png")
        answer = owner.client.get(f"/orders/{owner.number}/materials/{material_id}")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        disposition = answer.headers["Content-Disposition"]
        assert "filename*=UTF-8''%E8%90%A5%E4%B8%9A%20%E6%89%A7%E7%85%A7.jpg" in disposition

    def test_a_pdf_is_saved_not_opened(self, owner: Uploader) -> None:
        owner.upload(("file-authenticity-form", files.pdf(), "form.html"))
        answer = owner.client.get(f"/orders/{owner.number}/materials/{owner.materials()[0].id}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == "attachment; filename=form.pdf"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


class TestReview:
    def test_each_look_is_on_record_and_does_not_stand_in_the_way(
        self, app: Flask, people: People, owner: Uploader, hand_in: Any
    ) -> None:
        material_id = owner.one()
        hand_in()
        before = owner.order().revision
        client = people.client("reviewer")
        page = client.get(f"/review/{owner.number}")
        assert looks(app, owner) == []
        assert papers(page.text)["entity-certificate"] == "uploaded"
        client.get(f"/review/{owner.number}/materials/{material_id}")
        (look,) = looks(app, owner)
        assert (look.actor, look.actor_id) == ("reviewer", people.reviewer.id)
        assert look.data["material"] == material_id
        assert look.data["kind"] == "entity-certificate"
        assert set(look.data) == {"material", "kind", "address"}
        assert owner.order().revision == before
        assert "A reviewer looked at an uploaded material" in words(
            owner.client.get(f"/orders/{owner.number}")
        )

    def test_pictures_and_names_are_shown_after_asking_on_record_alone(
        self, people: People, owner: Uploader, hand_in: Any
    ) -> None:
        material_id = owner.one(name="陈晓岚.jpg")
        hand_in()
        client, path = people.client("reviewer"), f"/review/{owner.number}"
        masked = client.get(path).text
        assert "陈晓岚.jpg" not in masked
        assert "<img" not in masked
        full = client.submit(f"{path}/reveal").text
        assert "陈晓岚.jpg" in full
        assert f'<img src="{path}/materials/{material_id}"' in full

    def test_what_is_new_in_a_round_is_marked(
        self, people: People, owner: Uploader, hand_in: Any, send_back: Any
    ) -> None:
        owner.one()
        hand_in()
        assert (
            "new in this round" not in people.client("reviewer").get(f"/review/{owner.number}").text
        )
        send_back("document-unclear")
        owner.one("entity-leader-front", 2)
        hand_in()
        page = people.client("reviewer").get(f"/review/{owner.number}")
        assert words(page).count("new in this round") == 1

    def test_a_return_for_the_portrait_asks_for_it(
        self, owner: Uploader, hand_in: Any, send_back: Any
    ) -> None:
        assert "portrait-1" not in papers(owner.get("materials").text)
        hand_in()
        send_back("portrait")
        assert papers(owner.get("materials").text)["portrait-1"] == "missing"

    def test_a_changed_paper_is_a_change_of_the_order(
        self, app: Flask, people: People, owner: Uploader, hand_in: Any, send_back: Any
    ) -> None:
        material_id = owner.one()
        hand_in()
        send_back("document-unclear")
        with app.app_context():
            assert not changed_since(owner.order(), 1)
        owner.remove(material_id)
        with app.app_context():
            assert changed_since(owner.order(), 1)


class TestDemanded:
    @pytest.fixture
    def settings_for_app(self) -> dict[str, Any]:
        return {"MATERIALS_REQUIRED": True}

    def test_a_submission_without_them_is_refused_and_leads_to_each(
        self, app: Flask, people: People, owner: Uploader
    ) -> None:
        answer = owner.act("submit")
        assert answer.status_code == 422
        assert owner.order().state == "draft"
        for key in NEEDED:
            assert f'{owner.path("materials")}#materials-{key}"' in answer.text
        with app.app_context(), pytest.raises(Invalid) as refused:
            submission.submit(people.owner.actor, owner.number)
        fields = {f.field for f in refused.value.findings if f.severity == "refuse"}
        assert "materials-domain-certificate" in fields

    def test_with_all_of_them_it_is_handed_in(self, owner: Uploader) -> None:
        edit = f"/orders/{owner.number}/edit"
        assert owner.client.get(edit).location == owner.path("materials")
        for n, key in enumerate(sorted(NEEDED)):
            owner.one(key, n)
        assert owner.client.get(edit).location == owner.path("check")
        assert owner.act("submit").status_code == 303
        assert owner.order().state == "in-review"


def test_without_the_demand_an_order_goes_through_without_papers(
    app: Flask, owner: Uploader, people: People, hand_in: Any
) -> None:
    hand_in()
    with app.app_context():
        review.claim(people.reviewer.actor, owner.number)
        review.approve(people.reviewer.actor, owner.number)
    assert owner.order().state == "approved"
