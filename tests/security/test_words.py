"""SECURITY 51, 54: what people write to each other holds nothing that nobody sees."""

from __future__ import annotations

import pytest

from console.miit.mock import decisions
from tests.support.people import People
from tests.web.pages.conftest import Stage as Case

# Overrides of direction, joiners, blanks, controls, halves, tags: they forge, hide or break a page.
UNSEEN = "\u202e\u2066\u200b\ufeff\u3164\u00ad\x00\x1b\x9b\ufffe\U000e0041"
TYPED = f"Call\u00a0the {UNSEEN}holder\u2028𠮷 again"
SEEN = "Call the holder\n𠮷 again"


def test_54_a_note_and_a_return_say_what_is_seen_of_them(people: People, in_review: Case) -> None:
    reviewer, path = people.client("reviewer"), f"/review/{in_review.number}"
    reviewer.submit(f"{path}/claim")
    assert reviewer.submit(f"{path}/notes", {"text": UNSEEN}).status_code == 422
    assert reviewer.submit(f"{path}/notes", {"text": TYPED}).status_code == 303
    assert SEEN in reviewer.get(path).text
    preview = reviewer.submit(f"{path}/return/preview", {"reasons": "other", "note": TYPED})
    nothing = reviewer.submit(f"{path}/return", {"reasons": "other", "note": UNSEEN})
    assert nothing.status_code == 422
    assert reviewer.submit(f"{path}/return", {"reasons": "other", "note": TYPED}).status_code == 303
    assert in_review.order.return_note == SEEN
    told = people.client("owner").get(f"/orders/{in_review.number}")
    for page in (preview, nothing, told):
        assert not set(UNSEEN) & set(page.text)


def test_54_so_does_what_the_administration_writes(
    people: People, with_administration: Case
) -> None:
    case = with_administration
    case.drive.do(decisions.decide, case.number, False, ["other"], TYPED, case.drive.clock.now)
    case.drive.work()
    assert case.order.return_note == SEEN
    assert SEEN in people.client("owner").get(f"/orders/{case.number}").text


@pytest.mark.parametrize("field", ["provider-name", "contact", "help"])
def test_54_a_text_of_every_page_with_a_hidden_character_is_refused(
    people: People, field: str
) -> None:
    admin = people.client("administrator")
    answer = admin.submit("/admin/texts", {field: "Yun\u202eqi"})
    assert answer.status_code == 422
    assert "cannot be seen" in answer.text
