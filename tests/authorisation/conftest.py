"""One app with an order in review, put back as it was before each route."""

from tests.web.pages.conftest import draft, drive, in_review  # noqa: F401
