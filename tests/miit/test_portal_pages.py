"""The portal's pages: entries, answers, picture checks, throttles."""

from __future__ import annotations

import re

import pytest
from miit_kit import LEADER, LEADER_SIX, OWNER, OWNER_SIX, Site, dump, without_tokens

from console.miit.mock import pictures

pytestmark = pytest.mark.usefixtures("quick_answers")


def test_a_person_verifies_and_reads_what_comes_next(site):
    site.world.handed_over()
    page = site.verify(OWNER.mobile, OWNER_SIX, site.world.code(OWNER.mobile))
    assert page.status_code == 200
    assert 'data-answer="verified-others-waiting"' in page.text
    assert "before the deadline" in page.text
    page = site.verify(LEADER.mobile, LEADER_SIX, site.world.code(LEADER.mobile))
    assert 'data-answer="verified"' in page.text


def test_whatever_finds_no_record_gets_the_same_bytes(site):
    world = site.world
    world.handed_over()
    code, wrong = world.code(LEADER.mobile), world.wrong(LEADER.mobile)
    entries = [
        (LEADER.mobile, LEADER_SIX, wrong),
        (LEADER.mobile, "000000", code),
        ("13912340009", LEADER_SIX, code),
        ("not a number", "x", "12345"),
        (LEADER.mobile, LEADER_SIX, "１２３４５６"),
        (LEADER.mobile, LEADER_SIX, "1_2345\n"),
    ]
    answers = [site.verify(*entry) for entry in entries]
    world.verify(OWNER.mobile, OWNER_SIX)
    answers.append(site.verify(OWNER.mobile, OWNER_SIX, world.code(OWNER.mobile)))
    world.clock.set(hours=23)
    bodies = {without_tokens(page.text).encode() for page in answers}
    heads = {tuple(sorted(page.headers.keys())) for page in answers}
    assert {page.status_code for page in answers} == {200}
    assert len(bodies) == 1
    assert len(heads) == 1
    assert "No such record" in answers[0].text


def test_nothing_that_was_entered_is_on_the_answers_page(site):
    page = site.verify(LEADER.mobile, LEADER_SIX, "123456")
    assert not any(word in page.text for word in (LEADER.mobile, LEADER_SIX, "123456"))


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(site):
    page = site.verify(LEADER.mobile, "", "")
    assert page.status_code == 422
    assert 'href="#code"' in page.text
    assert 'href="#last_six"' in page.text
    assert LEADER.mobile in page.text


def test_the_code_field_offers_the_texted_code(site):
    html = site.client.get("/miit/verify").text
    code = re.search(r'<input[^>]*id="code"[^>]*>', html)[0]
    assert 'autocomplete="one-time-code"' in code
    assert 'inputmode="numeric"' in code


def test_without_the_forms_token_nothing_is_entered(site):
    site.world.handed_over()
    entry = {"mobile": LEADER.mobile, "last_six": LEADER_SIX}
    entry["code"] = site.world.code(LEADER.mobile)
    assert site.client.post("/miit/verify", data=entry).status_code == 400
    assert site.world.people()["entity-leader"].verified_at is None


@pytest.mark.parametrize(
    ("book", "verify", "resend"),
    [
        ("aliyun-2018", False, True),
        ("jdcloud-2019", True, True),
        ("jdcloud-2020", False, False),
        ("aliyun-current", False, False),
    ],
)
def test_each_book_asks_for_the_picture_where_it_says_so(make_world, book, verify, resend):
    client = make_world(RULEBOOK=book).app.test_client()
    assert ('name="captcha"' in client.get("/miit/verify").text) is verify
    assert ('name="captcha"' in client.get("/miit/resend").text) is resend


@pytest.fixture
def checked(make_world):
    """The portal of a book that asks for the picture check."""
    site = Site(make_world(RULEBOOK="jdcloud-2019"))
    site.world.handed_over()
    return site


def _entry(site: Site) -> dict[str, str]:
    html = site.client.get("/miit/verify").text
    found = {name: _value(html, name) for name in ("csrf_token", "captcha_token")}
    entry = {"mobile": LEADER.mobile, "last_six": LEADER_SIX}
    return {**found, **entry, "code": site.world.code(LEADER.mobile)}


def _value(html: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', html)[1]


@pytest.mark.parametrize("answered", ["letters", "sum"])
def test_the_picture_check_is_passed_by_the_letters_or_by_the_sum(checked, answered):
    entry = _entry(checked)
    content = pictures.opened(entry["captcha_token"], checked.world.clock.now())
    total = str(content["one"] + content["other"] + 2)
    entry["captcha"] = content["letters"].lower() if answered == "letters" else total
    page = checked.client.post("/miit/verify", data=entry)
    assert 'data-answer="verified-others-waiting"' in page.text


def test_a_picture_serves_once_even_for_a_wrong_answer(checked):
    entry = _entry(checked)
    content = pictures.opened(entry["captcha_token"], checked.world.clock.now())
    for answer in ("wrong", content["letters"]):
        page = checked.client.post("/miit/verify", data={**entry, "captcha": answer})
        assert page.status_code == 422
        assert _value(page.text, "captcha_token") != entry["captcha_token"]
    assert checked.world.people()["entity-leader"].tries_used == 0


@pytest.mark.parametrize("token", ["", "x", "a.b", "gAAAA", "é"])
def test_a_picture_that_is_not_ours_passes_nobody(checked, token):
    page = checked.client.post("/miit/verify", data={**_entry(checked), "captcha_token": token})
    assert page.status_code == 422


def test_an_old_picture_is_no_longer_shown_nor_taken(checked):
    token = _entry(checked)["captcha_token"]
    picture = checked.client.get(f"/miit/picture/{token}.png")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    checked.world.clock.pass_(minutes=31)
    assert checked.client.get(f"/miit/picture/{token}.png").status_code == 404
    assert not pictures.passed(token, "x", checked.world.clock.now())


def test_many_entries_from_one_address_must_wait_and_others_need_not(make_world, caplog):
    world = make_world(RATELIMIT_ENABLED=True)
    site = Site(world)
    world.handed_over()
    token = site.token("/miit/verify")
    statuses = []
    for n in range(310):
        entry = {"mobile": f"138{n:08d}", "last_six": "000000", "code": "000000"}
        page = site.client.post("/miit/verify", data={"csrf_token": token, **entry})
        statuses.append(page.status_code)
    assert statuses[:300] == [200] * 300
    assert set(statuses[300:]) == {429}
    assert int(page.headers["Retry-After"]) > 0
    assert "Wait" in page.text
    assert "throttled" in caplog.text
    entry = {"mobile": LEADER.mobile, "last_six": LEADER_SIX, "code": world.code(LEADER.mobile)}
    page = site.client.post(
        "/miit/verify",
        data={"csrf_token": token, **entry},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert 'data-answer="verified-others-waiting"' in page.text


def test_one_mobile_number_is_throttled_whatever_the_address(make_world):
    site = Site(make_world(RATELIMIT_ENABLED=True))
    token = site.token("/miit/resend")
    statuses = [
        site.client.post(
            "/miit/resend",
            data={"csrf_token": token, "mobile": LEADER.mobile, "last_six": "000000"},
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{n}"},
        ).status_code
        for n in range(31)
    ]
    assert statuses == [200] * 30 + [429]


def test_a_guesser_of_codes_is_told_to_wait_where_the_book_counts_certificates(make_world):
    site = Site(make_world(RULEBOOK="aliyun-2018"))
    site.world.handed_over()
    wrong = site.world.wrong(LEADER.mobile)
    pages = [site.verify(LEADER.mobile, LEADER_SIX, wrong) for _ in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [429]
    assert pages[5].headers["Retry-After"] == "3600"


def test_looking_at_pages_changes_nothing(make_world):
    world = make_world(RULEBOOK="jdcloud-2019")
    receipt = world.handed_over()
    world.clock.pass_(hours=72)
    before = dump(world)
    client = world.app.test_client()
    for path in ("verify", "resend", "phone", "phone/texts", "desk", f"desk/{receipt.reference}"):
        assert client.get(f"/miit/{path}").status_code == 200
    assert dump(world) == before
