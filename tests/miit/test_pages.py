"""The portal's pages, the phone and the desk."""

from __future__ import annotations

import re

import pytest
from miit_kit import LEADER, LEADER_SIX, OWNER, OWNER_SIX, first_filing, without_tokens

from console.miit.mock import pictures
from console.miit.mock.tables import MinistryOrder


@pytest.fixture(autouse=True)
def quick_answers(monkeypatch):
    monkeypatch.setattr("console.miit.mock.pages.STEP", 0.001)


@pytest.fixture
def site(world):
    return Site(world)


class Site:
    """A browser on the ministry's pages."""

    def __init__(self, world) -> None:
        self.world, self.client = world, world.app.test_client()

    def token(self, path: str) -> str:
        html = self.client.get(path).text
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)[1]

    def post(self, path: str, page: str = "", **fields):
        token = self.token(page or path)
        return self.client.post(path, data={"csrf_token": token, **fields})

    def verify(self, mobile: str, last_six: str, code: str):
        return self.post("/miit/verify", mobile=mobile, last_six=last_six, code=code)


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
    for n in range(130):
        entry = {"mobile": f"138{n:08d}", "last_six": "000000", "code": "000000"}
        page = site.client.post("/miit/verify", data={"csrf_token": token, **entry})
        statuses.append(page.status_code)
    assert statuses[:100] == [200] * 100
    assert set(statuses[100:]) == {429}
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
    before = _dump(world)
    client = world.app.test_client()
    for path in ("verify", "resend", "phone", "phone/texts", "desk", f"desk/{receipt.reference}"):
        assert client.get(f"/miit/{path}").status_code == 200
    assert _dump(world) == before


def _dump(world) -> list[str]:
    from console.extensions import db

    with db.engine.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())


def test_the_phone_shows_texts_newest_first_and_masks_the_number(site):
    site.world.handed_over()
    site.world.clock.pass_(minutes=1)
    site.world.resend(LEADER.mobile, LEADER_SIX)
    html = site.client.get("/miit/phone").text
    assert html.index(site.world.code(LEADER.mobile)) < html.index(site.world.code(OWNER.mobile))
    assert "138****0001" in html
    assert LEADER.mobile not in html


def test_the_phone_shows_one_number_without_naming_it_in_the_address(site):
    site.world.handed_over()
    answer = site.post("/miit/phone", mobile=LEADER.mobile)
    assert answer.status_code == 303
    assert LEADER.mobile not in answer.location
    html = site.client.get(answer.location).text
    assert site.world.code(LEADER.mobile) in html
    assert site.world.code(OWNER.mobile) not in html


def test_an_empty_phone_and_an_empty_desk_say_what_will_come(site):
    assert "No text messages" in site.client.get("/miit/phone").text
    assert "No orders here" in site.client.get("/miit/desk").text


def test_without_the_setting_there_is_no_phone_and_no_desk(make_world):
    client = make_world(MIIT_PAGES=False).app.test_client()
    assert client.get("/miit/verify").status_code == 200
    for path in ("phone", "phone/texts", "desk", "desk/M1"):
        assert client.get(f"/miit/{path}").status_code in (404, 302)
    assert client.post("/miit/desk/M1/accept").status_code in (400, 404)


def test_the_desk_lists_in_pages_and_by_state(site):
    for n in range(25):
        certificate = f"91330100MA27XF{n:04d}"
        site.world.submit(first_filing(certificate, f"a{n}.cn"), f"O{n:02d}/1")
    html = site.client.get("/miit/desk").text
    assert html.count("data-reference=") == 20
    assert "O24" in html
    older = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert site.client.get(older).text.count("data-reference=") == 5
    assert "No orders here" in site.client.get("/miit/desk?state=accepted").text
    assert site.client.get("/miit/desk?page=-3&state=nonsense").status_code == 200


def test_the_desk_shows_no_name_and_no_whole_number(site):
    receipt = site.world.handed_over()
    for path in ("/miit/desk", f"/miit/desk/{receipt.reference}"):
        html = site.client.get(path).text
        assert not any(word in html for word in (LEADER.mobile, LEADER.name, "11010519491231"))
        assert "138****0001" in html


def _with_the_administration(site: Site) -> str:
    receipt = site.world.handed_over(first_filing(owner=LEADER))
    site.world.verify(LEADER.mobile, LEADER_SIX)
    return receipt.reference


def test_the_desk_accepts_once(site):
    path = f"/miit/desk/{_with_the_administration(site)}"
    assert site.post(f"{path}/accept", path).status_code == 303
    assert site.world.state() == "accepted"
    again = site.post(f"{path}/accept", "/miit/verify")
    assert again.status_code == 409
    assert "not with the administration" in again.text


def test_the_desk_returns_with_reasons_and_refuses_without(site):
    path = f"/miit/desk/{_with_the_administration(site)}"
    refused = site.post(f"{path}/return", path, note="See the address")
    assert refused.status_code == 422
    assert "See the address" in refused.text
    assert site.world.state() == "administration"
    answer = site.post(f"{path}/return", path, reasons=["phone", "other"], note="Call us")
    assert answer.status_code == 303
    told = site.world.events()[-1]
    assert told.data == {"reasons": ["phone", "other"], "note": "Call us"}


def test_an_unknown_reference_is_nowhere(site):
    assert site.client.get("/miit/desk/M0").status_code == 404
    assert site.post("/miit/desk/M0/accept", "/miit/verify").status_code == 404


def test_the_desk_switches_faults(site):
    assert site.post("/miit/desk/faults/down", "/miit/desk", switch="on").status_code == 303
    assert 'data-fault="down" data-on="yes"' in site.client.get("/miit/desk").text
    site.post("/miit/desk/faults/down", "/miit/desk", switch="off")
    assert 'data-fault="down" data-on="no"' in site.client.get("/miit/desk").text
    assert site.post("/miit/desk/faults/none", "/miit/desk", switch="on").status_code == 404


def test_the_code_is_kept_nowhere_in_the_open(site):
    site.world.handed_over()
    stored = "\n".join(_dump(site.world))
    for secret in (site.world.code(LEADER.mobile), LEADER.mobile, LEADER_SIX, LEADER.name):
        assert f"'{secret}'" not in stored
    assert LEADER.mobile not in stored
    assert MinistryOrder.__tablename__ in stored
