"""Status links: leaders without an account, and what open pages poll."""

from __future__ import annotations

import pytest

from console.web.tokens import read_token
from tests.support.markup import parsed
from tests.support.people import People
from tests.web.pages.conftest import Stage, change
from tests.web.pages.reading import (
    HTMX,
    counted,
    live,
    owner_page,
    poll,
    poll_address,
    states,
)


class TestPolling:
    """GET /status/<token>/checklist."""

    def test_an_equal_version_is_304_without_a_session_or_a_cookie(
        self, people: People, verifying: Stage
    ) -> None:
        text = owner_page(people, verifying)
        address, tag = poll_address(text), live(text).get("data-hx-ptag")
        for who in ("nobody", "owner"):
            with counted(verifying.drive.app) as statements:
                answer = poll(people, address, tag, who)
            assert answer.status_code == 304
            assert answer.data == b""
            assert answer.headers["HX-PTag"] == tag
            assert "Set-Cookie" not in answer.headers
            assert statements == []  # the driver alone was asked

    def test_another_version_is_answered_with_the_fragment_and_its_tag(
        self, people: People, verifying: Stage
    ) -> None:
        address = poll_address(owner_page(people, verifying))
        with counted(verifying.drive.app) as statements:
            answer = poll(people, address, "1-0", "owner")
        assert answer.status_code == 200
        assert answer.headers["HX-PTag"] == live(answer.text).get("data-hx-ptag")
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers  # whatever cookie came along was not opened
        assert not [s for s in statements if "live_sessions" in s]
        assert set(states(answer.text)) == {"entity-leader", "website-leader-1"}

    def test_each_thing_that_happens_changes_the_version(
        self, people: People, verifying: Stage
    ) -> None:
        text = owner_page(people, verifying)
        address, tag = poll_address(text), live(text).get("data-hx-ptag")
        verifying.drive.verify(verifying.owner, right=False)
        first = poll(people, address, tag)
        verifying.drive.verify(verifying.owner)
        second = poll(people, address, first.headers["HX-PTag"])
        assert first.status_code == second.status_code == 200
        assert len({tag, first.headers["HX-PTag"], second.headers["HX-PTag"]}) == 3
        assert states(second.text)["website-leader-1"] == "verified"

    def test_the_deadline_passing_changes_the_version(
        self, people: People, verifying: Stage
    ) -> None:
        text = owner_page(people, verifying)
        address, tag = poll_address(text), live(text).get("data-hx-ptag")
        verifying.drive.clock.move(hours=10)
        assert poll(people, address, tag).status_code == 304
        change(verifying, deadline=verifying.drive.clock.now)
        answer = poll(people, address, tag)
        assert answer.status_code == 200
        assert set(states(answer.text).values()) == {"expired"}

    def test_when_all_is_settled_the_fragment_has_no_trigger(
        self, people: People, verifying: Stage
    ) -> None:
        address = poll_address(owner_page(people, verifying))
        verifying.drive.verify_all(verifying.number)
        answer = poll(people, address)
        assert live(answer.text).get("data-state") == "administration-review"
        assert live(answer.text).get("data-hx-trigger") == "every 10s"
        verifying.drive.decide(verifying.number)
        answer = poll(people, address)
        assert live(answer.text).get("data-state") == "accepted"
        assert live(answer.text).get("data-hx-trigger") is None

    def test_the_fragment_s_forms_carry_the_page_s_token(
        self, people: People, verifying: Stage
    ) -> None:
        address = poll_address(owner_page(people, verifying))
        client = people.client("owner")
        token = client.token()
        answer = client.get(address, headers=HTMX | {"X-CSRFToken": token})
        form = next(
            f for f in parsed(answer.text).iter("form") if "withdraw" in f.get("action", "")
        )
        fields = {e.get("name"): e.get("value") for e in form.iter("input")}
        assert fields["csrf_token"] == token
        done = client.post(str(form.get("action")), data=fields)
        assert done.status_code == 303
        assert verifying.order.state == "draft"

    @pytest.mark.parametrize("header", [None, "x", '"><script>alert(1)</script>' * 2])
    def test_without_a_good_token_there_are_no_forms(
        self, people: People, verifying: Stage, header: str | None
    ) -> None:
        address = poll_address(owner_page(people, verifying))
        headers = HTMX | ({"X-CSRFToken": header} if header else {})
        text = people.client("owner").get(address, headers=headers).text
        assert list(parsed(text).iter("form")) == []
        assert "<script" not in text

    def test_the_fragment_is_in_the_page_s_language(self, people: People, verifying: Stage) -> None:
        people.client("owner").submit("/language", {"language": "zh_Hans_CN"})
        address = poll_address(owner_page(people, verifying))
        token = address.split("/")[2]
        assert verifying.drive.do(read_token, token, verifying.drive.clock.now).language == (
            "zh_Hans_CN"
        )

    @pytest.mark.parametrize("spoil", ["tampered", "expired", "signed out", "disabled"])
    def test_a_bad_token_ends_the_polling_in_words(
        self, people: People, verifying: Stage, spoil: str
    ) -> None:
        address = poll_address(owner_page(people, verifying))
        tag = live(owner_page(people, verifying)).get("data-hx-ptag")
        if spoil == "tampered":
            address = address.replace("/checklist", "x/checklist")
        elif spoil == "expired":
            verifying.drive.clock.move(hours=13)
        elif spoil == "signed out":
            people.client("owner").submit("/logout")
        else:
            verifying.drive.do(_disable, people.owner.id)
        answer = poll(people, address, tag)
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
        assert live(answer.text).get("data-hx-trigger") is None
        assert "no longer updates itself" in answer.text


def _disable(account_id: int) -> None:
    from console.extensions import db
    from console.models import Account

    db.session.get_one(Account, account_id).active = False
    db.session.commit()
