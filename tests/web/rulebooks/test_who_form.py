"""Who must verify, asked through the form: every book answers, and says why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from console import clock as console_clock
from console.rules.filing import FilingType, ServiceKind
from console.rules.rulebook import load_books
from console.web.who_view import Answer, answer, order_facts
from tests.support.clocks import Clock
from tests.support.lint import LintingClient
from tests.support.markup import parsed
from tests.web.rulebooks.pages import BOOKS, HTMX, ZH, answers, ask, verifiers, words

E, W = "entity-leader", "website-leader"
BOTH = [E, W]
REFUSED, NOBODY = "refused", "nobody"
CASES: dict[str, tuple[dict[str, Any], tuple[Any, Any, Any, Any]]] = {
    "a first website": ({"type": "first-filing"}, (BOTH, BOTH, BOTH, BOTH)),
    "a first app": (
        {"type": "first-filing", "websites": 0, "apps": 1},
        (REFUSED, REFUSED, REFUSED, [E]),
    ),
    "a website and an app": ({"websites": 1, "apps": 1}, (REFUSED, REFUSED, REFUSED, [E])),
    "an added website": ({"type": "add-service"}, ([W], [W], [W], BOTH)),
    "two added websites": (
        {"type": "add-service", "websites": 2},
        ([W, W], [W, W], [W, W], [E, W, W]),
    ),
    "one mobile for all": (
        {"type": "add-service", "websites": 2, "same_mobile": "y"},
        ([W], [W], [W], [f"{E} {W}"]),
    ),
    "an added provider": ({"type": "add-provider"}, ([W], [W], [W], BOTH)),
    "the entity changes": ({"type": "change", "changes": "entity"}, ([E], [E], [E], [E])),
    "the website changes": ({"type": "change", "changes": "service"}, ([W], [W], [W], [W])),
    "both change": (
        {"type": "change", "changes": ["entity", "service"]},
        (BOTH, BOTH, BOTH, BOTH),
    ),
    "remarks alone": ({"type": "change", "changes": "remarks"}, (NOBODY,) * 4),
    "nothing changes": ({"type": "change"}, (REFUSED,) * 4),
    "an entity cancelled": ({"type": "cancel-entity"}, (NOBODY, NOBODY, [E], [E])),
    "a website cancelled": ({"type": "cancel-service"}, (NOBODY, NOBODY, [W], [W])),
    "an app cancelled": (
        {"type": "cancel-service", "websites": 0, "apps": 1},
        (REFUSED, REFUSED, REFUSED, [W]),
    ),
    "this provider taken off": ({"type": "cancel-access"}, (NOBODY,) * 4),
    "a province without the pilot": ({"province": "BJ"}, (NOBODY, NOBODY, BOTH, BOTH)),
    "a day before the province's": (
        {"province": "ZJ", "day": "2018-09-09"},
        (NOBODY, BOTH, BOTH, BOTH),
    ),
    "the province's first day": ({"province": "ZJ", "day": "2018-09-10"}, (BOTH,) * 4),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "fragment"])
def test_every_book_answers(
    client: LintingClient, case: str, headers: dict[str, str] | None
) -> None:
    order, expected = CASES[case]
    page = ask(client, headers, **{"province": "ZJ", **order})
    assert page.status_code == 200
    found = answers(parsed(page.text))
    assert set(found) == set(BOOKS)
    for book, wanted in zip(BOOKS, expected, strict=True):
        verdict = found[book].get("data-verdict")
        if isinstance(wanted, str):
            assert (verdict, verifiers(found[book])) == (wanted, []), book
        else:
            assert (verdict, verifiers(found[book])) == ("verify", wanted), book


def test_a_fragment_is_the_form_and_its_answers_alone(client: LintingClient) -> None:
    page, fragment = ask(client), ask(client, HTMX)
    assert page.text.lstrip().startswith("<!doctype")
    assert "<!doctype" not in fragment.text
    assert fragment.text.lstrip().startswith('<div id="who"')
    assert fragment.text.strip() in page.text


def test_an_answer_says_why_until_when_how_often_and_from_whom(client: LintingClient) -> None:
    found = answers(parsed(ask(client, province="HN").text))
    old, new = words(found["jdcloud-2019"]), words(found["aliyun-current"])
    assert "because a website is filed" in old
    assert "48 hours from when the order's first code is sent" in old
    assert "00:00 on the day after" in old
    assert "picture check" in old
    assert "China Telecom: 106598051001" in old
    assert "Virtual operators: no fixed number" in old
    assert "hn.beian.miit.gov.cn" in old
    assert "24 hours from when" in new
    assert "2 at most" in new
    assert "12381 or 106**********12381" in new


def test_a_refusal_is_the_books_own_answer(client: LintingClient) -> None:
    found = answers(parsed(ask(client, websites=0, apps=1).text))
    assert "jdcloud-2020 knows no apps" in words(found["jdcloud-2020"])
    assert "knows no apps" not in words(found["aliyun-current"])
    for told in answers(parsed(ask(client, type="change").text)).values():
        assert "This order changes nothing" in words(told)


def test_a_book_that_names_a_later_verifier_says_so(client: LintingClient) -> None:
    found = answers(parsed(ask(client, type="cancel-entity", province="ZJ").text))
    assert "for the time being" in words(found["jdcloud-2019"])
    assert "for the time being" not in words(found["aliyun-2018"])


def test_the_older_books_warn_before_a_provider_is_added(client: LintingClient) -> None:
    found = answers(parsed(ask(client, type="add-provider", province="ZJ").text))
    assert "then make a new first filing" in words(found["aliyun-2018"])
    assert "additional website" in words(found["jdcloud-2020"])
    assert "See to this first" not in words(found["aliyun-current"])
    elsewhere = answers(parsed(ask(client, type="add-provider", province="BJ").text))
    assert "See to this first" not in words(elsewhere["aliyun-2018"])


def test_the_book_in_force_on_the_day_comes_first_and_is_marked(app: Any) -> None:
    app.config["RULEBOOK"] = "aliyun"
    client = app.test_client()
    for day, book in (("2020-08-16", "aliyun-2018"), ("2020-08-17", "aliyun-current")):
        found = answers(parsed(ask(client, day=day).text))
        assert next(iter(found)) == book
        marked = [name for name, told in found.items() if "In force here" in words(told)]
        assert marked == [book]


def test_a_day_before_the_family_says_that_nothing_was_in_force(app: Any) -> None:
    app.config["RULEBOOK"] = "aliyun"
    text = words(parsed(ask(app.test_client(), day="2017-12-17").text))
    assert "no rulebook was in force here yet" in text
    assert "In force here" not in text


def test_the_day_is_the_present_one_in_china(client: LintingClient, clock: Clock) -> None:
    clock.set(console_clock.now().replace(year=2027, month=1, day=31, hour=16, minute=1))
    assert 'value="2027-02-01"' in client.get("/rulebooks/who").text


BAD = {
    "no such day": ({"day": "2026-02-30"}, "day", "2026-02-30"),
    "not a day": ({"day": "tomorrow"}, "day", "tomorrow"),
    "an empty day": ({"day": ""}, "day", ""),
    "not a number": ({"websites": "three"}, "websites", "three"),
    "too many": ({"apps": "21"}, "apps", "21"),
    "below nothing": ({"websites": "-1"}, "websites", "-1"),
    "nothing at all": ({"websites": "0", "apps": "0"}, "apps", "0"),
    "an unknown province": ({"province": "XX"}, "province", None),
    "an unknown type": ({"type": "move"}, "type", None),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "fragment"])
def test_what_cannot_be_read_is_said_at_its_field(
    client: LintingClient, case: str, headers: dict[str, str] | None
) -> None:
    sent, name, kept = BAD[case]
    page = ask(client, headers, **{"type": "add-service", "province": "SX", **sent})
    assert page.status_code == 422
    root = parsed(page.text)
    (field,) = [e for e in root.iter() if isinstance(e.tag, str) and e.get("id") == name]
    assert field.get("aria-invalid") == "true"
    assert f"{name}-error" in (field.get("aria-describedby") or "")
    assert f'href="#{name}"' in page.text
    assert page.text.count(f'id="{name}-error"') == 1
    if kept is not None:
        assert field.get("value") == kept
    assert not answers(root)


def test_fields_keep_their_values(client: LintingClient) -> None:
    page = ask(
        client,
        type="change",
        changes=["entity", "remarks"],
        websites=3,
        apps=2,
        province="SX",
        day="2026-02-30",
        same_mobile="y",
    )
    root = parsed(page.text)
    chosen = {e.get("value") for e in root.iter("option") if e.get("selected") is not None}
    ticked = {e.get("value") for e in root.iter("input") if e.get("checked") is not None}
    assert chosen == {"change", "SX"}
    assert {"entity", "remarks", "y"} == ticked
    values = {e.get("name"): e.get("value") for e in root.iter("input")}
    assert (values["websites"], values["apps"], values["day"]) == ("3", "2", "2026-02-30")


def test_the_link_to_an_answer_leads_to_the_same_answer(client: LintingClient) -> None:
    page = ask(client, type="change", changes=["entity", "service"], websites=2, province="GX")
    (link,) = [e for e in parsed(page.text).iter("a") if words(e) == "Link to this answer"]
    again = client.get(link.get("href") or "")
    assert list(answers(parsed(again.text))) == list(answers(parsed(page.text)))
    first, second = (answers(parsed(p.text))["aliyun-current"] for p in (page, again))
    assert words(first) == words(second)


def test_the_answers_are_chinese_for_a_chinese_reader(client: LintingClient) -> None:
    page = ask(client, ZH, type="add-provider", province="ZJ")
    root = parsed(page.text)
    assert root.get("lang") == "zh-Hans"
    found = answers(root)
    for name, book in load_books().items():
        assert book.title.zh in words(found[name])
    assert "空壳网站" in words(found["aliyun-2018"])


def test_changes_count_for_a_change_alone() -> None:
    facts = order_facts(
        FilingType.FIRST_FILING, "ZJ", date(2026, 11, 21), [ServiceKind.WEBSITE], ["remarks"]
    )
    assert facts.changes == frozenset()


def test_without_a_book_nobody_verifies_and_the_answer_says_why() -> None:
    facts = order_facts(FilingType.FIRST_FILING, "ZJ", date(2017, 1, 1), [ServiceKind.WEBSITE])
    told = answer(None, facts)
    assert isinstance(told, Answer)
    assert (told.verdict, told.people, told.portal) == ("nobody", (), None)
    assert "2017-01-01" in str(told.reason)
