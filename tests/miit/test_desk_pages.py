"""The mock phone and the administration's desk."""

from __future__ import annotations

import re

import pytest
from miit_kit import LEADER, LEADER_SIX, OWNER, Site, dump, first_filing

from console.miit.mock.tables import MinistryOrder

pytestmark = pytest.mark.usefixtures("quick_answers")


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
    stored = "\n".join(dump(site.world))
    for secret in (site.world.code(LEADER.mobile), LEADER.mobile, LEADER_SIX, LEADER.name):
        assert f"'{secret}'" not in stored
    assert LEADER.mobile not in stored
    assert MinistryOrder.__tablename__ in stored
