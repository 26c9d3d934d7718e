"""Applicants at their desks."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.people import People
from tests.web.filling.desk import Applicant


@pytest.fixture
def owner(app: Flask, people: People) -> Applicant:
    """The applicant whose order it is, with a draft just started."""
    applicant = Applicant(app, people.client("owner"))
    applicant.start()
    return applicant
