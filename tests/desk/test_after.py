"""The ledger, the figures, files, and the administrators' pages."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from console.errors import NotAllowed
from console.miit.mock.store import Fault
from console.models import Event
from console.queries import audit
from console.services import staff
from console.web.export import as_file, neutral
from console.worker import run
from tests.support.people import PASSWORD, People, sign_in
from tests.web.pages.conftest import Hands, Stage
from tests.web.pages.reading import marked


def get(people: People, path: str, who: str = "reviewer") -> str:
    answer = people.client(who).get(path)
    assert answer.status_code == 200
    return answer.text


def states(text: str) -> list[str | None]:
    return [e.get("data-delivery-state") for e in marked(text, "data-delivery-state")]


def last_events(drive: Hands, count: int) -> list[Event]:
    from sqlalchemy import select

    from console.extensions import db

    query = select(Event).order_by(Event.id.desc()).limit(count)
    found: list[Event] = drive.do(lambda: db.session.scalars(query).all())
    return found


class TestLedger:
    """What was to be told outside."""

    def test_every_attempt_is_there_with_its_answer(self, people: People, verifying: Stage) -> None:
        text = get(people, "/review/ledger?show=all&kind=submit")
        assert states(text) == ["settled"]
        assert f"submit:{verifying.number}/1" in text
        assert states(get(people, f"/review/{verifying.number}"))[-1] == "settled"

    def test_what_the_ministry_does_not_take_is_stuck_after_an_hour(
        self, people: People, handed_over: Stage
    ) -> None:
        drive = handed_over.drive
        drive.fault(Fault.DOWN)
        drive.work()
        text = get(people, "/review/ledger?kind=submit")
        assert states(text) == ["waiting"]
        assert "no answer" in text
        drive.clock.move(minutes=61)
        assert states(get(people, "/review/ledger?show=stuck&kind=submit")) == ["late"]
        assert "Not told outside for more than an hour" in get(people, "/review")

    def test_stopped_by_hand_it_waits_until_someone_sends_it(
        self, people: People, handed_over: Stage
    ) -> None:
        drive, client = handed_over.drive, people.client("reviewer")
        text = get(people, "/review/ledger?kind=submit")
        delivery = marked(text, "data-delivery")[0].get("data-delivery")
        assert client.submit(f"/review/ledger/{delivery}/hold").status_code == 303
        drive.work()
        assert handed_over.order.state == "approved"
        assert client.submit(f"/review/ledger/{delivery}/hold").status_code == 409
        assert client.submit(f"/review/ledger/{delivery}/send").status_code == 303
        drive.work()
        assert handed_over.order.state == "verifying"
        assert client.submit(f"/review/ledger/{delivery}/send").status_code == 409
        assert client.submit("/review/ledger/99999/send").status_code == 404


class TestFigures:
    """Figures for a period."""

    def test_they_count_what_happened(self, people: People, accepted: Stage) -> None:
        text = get(people, "/review/figures")
        assert len(marked(text, "data-figure")) == 6
        assert "Verified within the window" in text
        assert "100 %" in text
        assert "r***@example.cn" in text
        none = get(people, "/review/figures?province=GD")
        assert none.count("r***@example.cn") == text.count("r***@example.cn") - 1

    @pytest.mark.parametrize("name", ["now", "days", "stages", "verification", "reasons", "load"])
    def test_each_chart_is_a_picture_without_scripts(
        self, people: People, accepted: Stage, name: str
    ) -> None:
        answer = people.client("reviewer").get(f"/review/figures/{name}.svg")
        assert answer.mimetype == "image/svg+xml"
        drawn = ElementTree.fromstring(answer.data)
        assert [e for e in drawn.iter() if e.tag.endswith("script")] == []
        assert people.client("reviewer").get("/review/figures/none.svg").status_code == 404

    @pytest.mark.parametrize(
        "query", ["since=x&until=9999-99-99", "since=2026-01-01&until=1999-01-01"]
    )
    def test_a_period_that_is_none_is_read_as_the_usual(self, people: People, query: str) -> None:
        get(people, f"/review/figures?{query}")


class TestFiles:
    """CSV and XLSX."""

    @pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
    def test_nothing_in_them_is_run(self, first: str) -> None:
        assert neutral(f"{first}1+1") == f"'{first}1+1"
        assert neutral("1+1") == "1+1"

    def test_both_kinds_read_back_alike(self, app) -> None:  # type: ignore[no-untyped-def]
        rows = [["=1+1", '𠮷野家, "x"'], ["a\nb", "2"]]
        with app.test_request_context():
            plain = as_file("x", "csv", ["A", "B"], rows).get_data().decode("utf-8-sig")
            sheet = as_file("x", "xlsx", ["A", "B"], rows).get_data()
        cells = [[c.value for c in row] for row in load_workbook(io.BytesIO(sheet)).active.rows]
        assert list(csv.reader(io.StringIO(plain, newline=""))) == cells
        assert cells[1:] == [["'=1+1", '𠮷野家, "x"'], ["a\nb", "2"]]
        kinds = {c.data_type for row in load_workbook(io.BytesIO(sheet)).active.rows for c in row}
        assert kinds == {"s"}

    @pytest.mark.parametrize(
        "path", ["/review/export", "/review/ledger/export", "/review/figures/load/export"]
    )
    def test_that_a_list_left_is_on_record_and_it_is_masked(
        self, people: People, verifying: Stage, path: str
    ) -> None:
        data = {"format": "csv", "state": "verifying"}
        answer = people.client("reviewer").submit(path, data)
        text = answer.get_data().decode("utf-8-sig")
        assert verifying.number in text or "r***@example.cn" in text
        assert not [secret for secret in verifying.secrets if secret in text]
        assert last_events(verifying.drive, 1)[0].action == "export"
        assert people.client("reviewer").submit(path, {"format": "pdf"}).status_code == 400


class TestManagement:
    """The administrators' pages."""

    def test_a_disabled_reviewer_is_out_at_the_next_request(self, people: People) -> None:
        reviewer = people.client("reviewer")
        assert reviewer.get("/review").status_code == 200
        admin, key = people.client("administrator"), people.reviewer.id
        assert admin.submit(f"/admin/staff/{key}/disable").status_code == 303
        assert reviewer.get("/review").status_code == 303
        assert admin.submit(f"/admin/staff/{key}/enable").status_code == 303
        assert sign_in(reviewer, people.reviewer.email, PASSWORD).status_code == 303
        assert admin.submit(f"/admin/staff/{key}/take/reviewer").status_code == 303
        assert reviewer.get("/review").status_code == 403

    def test_nobody_shuts_themselves_out(self, people: People) -> None:
        admin, key = people.client("administrator"), people.administrator.id
        for what in ("disable", "take/administrator"):
            assert admin.submit(f"/admin/staff/{key}/{what}").status_code == 403
        assert admin.get("/admin/").status_code == 200

    def test_of_two_who_shut_each_other_out_at_once_one_is_left(
        self, people: People, drive: Hands
    ) -> None:
        """Both were let in before either had done it: the verbs look once more."""
        one, other = people.administrator.id, people.reviewer.id
        drive.do(staff.set_role, one, other, "administrator", True)
        drive.do(staff.set_active, one, other, False)
        with pytest.raises(NotAllowed):
            drive.do(staff.set_active, other, one, False)
        with pytest.raises(NotAllowed):
            drive.do(staff.set_role, other, one, "administrator", False)
        assert people.client("administrator").get("/admin/").status_code == 200

    def test_a_colleague_is_invited_once_and_it_is_on_record(
        self, people: People, drive: Hands
    ) -> None:
        admin = people.client("administrator")
        data = {"email": "new@example.cn", "roles": ["reviewer", "applicant"]}
        assert admin.submit("/admin/staff", data).status_code == 303
        text = get(people, "/admin/staff", "administrator")
        assert "new@example.cn" in text
        assert admin.submit("/admin/staff", data).status_code == 422
        (event,) = last_events(drive, 1)
        assert (event.action, event.actor_id) == ("add-role", people.administrator.id)
        assert event.data["role"] == "reviewer"
        assert admin.submit("/admin/staff", {"email": "b@example.cn"}).status_code == 422
        assert admin.submit("/admin/staff", {"email": "x", "roles": "reviewer"}).status_code == 422

    def test_texts_change_while_it_runs(self, people: People) -> None:
        admin = people.client("administrator")
        data = {"provider-name": "Bamboo <Cloud>", "contact": "400-000-0000"}
        assert admin.submit("/admin/texts", data).status_code == 303
        text = people.client("nobody").get("/").text
        assert "Bamboo &lt;Cloud&gt;" in text
        assert "400-000-0000" in text
        assert admin.submit("/admin/texts", {"contact": "x" * 201}).status_code == 422

    def test_the_trail_is_searched_paged_and_taken_out(
        self, people: People, in_review: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit, "PAGE", 2)
        path = f"/admin/audit?number={in_review.number}"
        text = get(people, path, "administrator")
        assert [e.get("data-what") for e in marked(text, "data-what")] == ["submit", "start"]
        assert "submit" not in [
            e.get("data-what")
            for e in marked(get(people, f"{path}&action=start", "administrator"), "data-what")
        ]
        data = {"format": "csv", "number": in_review.number}
        answer = people.client("administrator").submit("/admin/audit/export", data)
        file = answer.get_data().decode("utf-8-sig")
        assert file.count(in_review.number) == 2
        assert people.owner.email not in file  # masked, as on the page
        assert f"@example.cn #{people.owner.id}" in file

    def test_a_worker_that_is_not_there_is_seen(self, people: People, drive: Hands) -> None:
        def good() -> dict[str | None, str | None]:
            text = get(people, "/admin/", "administrator")
            return {e.get("data-health"): e.get("data-good") for e in marked(text, "data-health")}

        assert good()["worker"] == "bad"
        drive.do(run, drive.app, once=True)
        assert good()["worker"] == "good"
