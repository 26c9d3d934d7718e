"""Leaders are written to, and shown their page, in the language they read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules.filing import Filing
from console.services import drafts
from console.services.contents import filing_of
from tests.leaders.conftest import links
from tests.notices.telling import deliveries, letters, run_worker, worded
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.lint import LintingClient
from tests.support.people import People
from tests.support.postgres import both_databases

CHINESE, ENGLISH = 'lang="zh-Hans"', 'lang="en"'


@pytest.fixture
def filing() -> Filing:
    """An entity leader who reads Chinese, a website leader who reads English."""
    made = valid_filing(1, two_people=True)
    return replace(made, entity_leader=replace(made.entity_leader, language="zh_Hans_CN"))


def language_of(client: LintingClient, path: str) -> str:
    """What the page behind a link says of its language, redirects followed."""
    page = client.get(path, follow_redirects=True).text
    return page[page.index("<html") :].split(">")[0]


@pytest.fixture
def paths(drive: Drive, people: People, filing: Filing) -> dict[str, str]:
    """The leaders' links of an order in review, from the applicant's page, which is English."""
    number = drive.submit(drive.draft(filing))
    return links(people.client("owner").get(f"/orders/{number}").text)


def test_mails_and_links_come_in_what_the_applicant_said_of_each(
    drive: Drive, people: People, filing: Filing
) -> None:
    number = drive.draft(filing)
    drive.approve(number)
    drive.clock.move(hours=13)
    run_worker(drive)
    told = {(one.to, one.language) for one in letters() if one.verifier}
    assert told == {("leader-1@example.cn", "zh_Hans_CN"), ("leader-2@example.cn", "en")}
    assert {one.kind for one in letters() if one.verifier} == {"leader-code", "leader-reminder"}
    found = links(people.client("owner").get(f"/orders/{number}").text)
    nobody = people.client("nobody")
    assert CHINESE in language_of(nobody, found["entity-leader"])
    assert ENGLISH in language_of(nobody, found["website-leader-1"])


@both_databases
def test_a_leader_s_own_choice_holds_for_later_mails_links_and_rounds(
    drive: Drive, people: People, paths: dict[str, str]
) -> None:
    nobody = people.client("nobody")
    old = paths["entity-leader"]
    assert nobody.submit(f"{old}/language", {"language": "en"}).status_code == 303
    assert ENGLISH in language_of(nobody, old)
    number = people.client("owner").get("/orders").text.split('data-order="')[1].split('"')[0]
    drive.approve(number)
    drive.clock.move(hours=25)
    drive.work()
    drive.approve(number)
    mine = [one for one in letters("leader-1@example.cn") if one.kind == "leader-code"]
    assert [(one.round, one.language) for one in mine] == [(1, "en"), (2, "en")]
    mail = [worded(row) for row in deliveries() if row.payload["to"] == mine[-1].to][-1]
    path = "/status/" + mail.text.split("/status/")[1].split()[0]
    assert ENGLISH in language_of(nobody, path)


def test_one_leader_s_choice_is_not_the_other_s(people: People, paths: dict[str, str]) -> None:
    nobody = people.client("nobody")
    nobody.submit(f"{paths['website-leader-1']}/language", {"language": "zh_Hans_CN"})
    assert CHINESE in language_of(nobody, paths["website-leader-1"])
    nobody.submit(f"{paths['entity-leader']}/language", {"language": "en"})
    assert CHINESE in language_of(nobody, paths["website-leader-1"])


def test_a_language_nobody_offers_or_a_dead_link_changes_nothing(
    people: People, paths: dict[str, str]
) -> None:
    nobody, path = people.client("nobody"), paths["entity-leader"]
    nobody.submit(f"{path}/language", {"language": "tlh"})
    assert CHINESE in language_of(nobody, path)
    assert nobody.post(f"{path}/language", data={"language": "en"}).status_code == 400
    number = people.client("owner").get("/orders").text.split('data-order="')[1].split('"')[0]
    people.client("owner").submit(f"/orders/{number}/revoke-links")
    assert nobody.submit(f"{path}/language", {"language": "en"}).status_code == 404


def test_the_language_alone_is_saved_and_is_no_change_of_the_filing(
    drive: Drive, filing: Filing
) -> None:
    number = drive.draft(filing)
    other = replace(filing.entity_leader, language="en")
    assert other == filing.entity_leader
    revision = drive.revision(number)
    saved = drafts.save_entity(drive.applicant, number, revision, filing.entity, other)
    assert saved == revision + 1
    assert filing_of(drive.order(number)).entity_leader.language == "en"
