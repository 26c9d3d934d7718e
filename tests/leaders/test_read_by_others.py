"""What leaves the page is read as other programs read it: a phone's camera, a calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image, ImageDraw

from tests.support.lint import LintingClient
from tests.support.people import People
from tests.web.pages.conftest import Stage

Link = Callable[..., str]
PIXELS = 6  # of one module


def drawn(svg: str) -> Image.Image:
    """The picture's rows of dark modules, on white with its margin, as a screen shows them."""
    side = int(re.findall(r"M0 0h(\d+)v\1", svg)[0])
    path = re.findall(r'stroke="#000" d="([^"]+)"', svg)[0]
    image = Image.new("L", (side * PIXELS, side * PIXELS), 255)
    pen, x, y = ImageDraw.Draw(image), 0.0, 0.0
    for step, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        first, *second = [float(number) for number in numbers.split()]
        if step == "h":
            box = (x * PIXELS, (y - 0.5) * PIXELS, (x + first) * PIXELS - 1, (y + 0.5) * PIXELS - 1)
            pen.rectangle(box, fill=0)
            x += first
        else:
            x, y = (first, second[0]) if step == "M" else (x + first, y + second[0])
    return image


def test_a_camera_reads_the_leaders_own_link_from_the_picture(
    people: People, nobody: LintingClient, in_review: Stage, link: Link
) -> None:
    for key in ("entity-leader", "website-leader-1"):
        path = link(in_review, key)
        code = zxingcpp.read_barcode(drawn(nobody.get(f"{path}/qr.svg").text))
        assert code is not None
        assert code.text == f"{people.app.config['BASE_URL']}{path}"
        assert nobody.get(path).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_a_calendar_takes_the_deadline_with_its_reminders(
    nobody: LintingClient, verifying: Stage, link: Link, language: str
) -> None:
    nobody.submit(f"{link(verifying)}/language", {"language": language})
    calendar = Calendar.from_ical(nobody.get(f"{link(verifying)}/deadline.ics").data)
    (event,) = calendar.events
    assert [calendar.errors, event.errors] == [[], []]
    deadline = verifying.order.deadline
    assert deadline is not None
    assert event.start == deadline.replace(microsecond=0)
    assert verifying.number in event["SUMMARY"]
    assert event["SUMMARY"].params["LANGUAGE"] == ("en" if language == "en" else "zh-Hans")
    reminders = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert reminders == [timedelta(hours=-4), timedelta(hours=-1)]
    text = calendar.to_ical().decode()
    assert not [secret for secret in verifying.secrets if secret in text]
