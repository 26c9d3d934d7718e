"""What reviewers see and do, as their browsers say it."""

from __future__ import annotations

from console.queries.orders import history_of
from tests.support.people import People
from tests.web.pages.conftest import Stage
from tests.web.pages.reading import marked


def queue(people: People, query: str = "") -> list[str]:
    answer = people.client("reviewer").get(f"/review{query}")
    assert answer.status_code == 200
    return [str(e.get("data-order")) for e in marked(answer.text, "data-order")]


def page(people: People, stage: Stage, who: str = "reviewer") -> str:
    answer = people.client(who).get(f"/review/{stage.number}")
    assert answer.status_code == 200
    return answer.text


def act(people: People, stage: Stage, verb: str, who: str = "reviewer", **data: object):  # type: ignore[no-untyped-def]
    return people.client(who).submit(f"/review/{stage.number}/{verb}", data)


def happened(stage: Stage) -> list[str]:
    return [e.action for e in stage.drive.do(history_of, stage.order)]
