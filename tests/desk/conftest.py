"""Orders in every state, as the pages' tests have them."""

from tests.web.pages.conftest import (  # noqa: F401
    accepted,
    draft,
    drive,
    expired,
    handed_over,
    in_review,
    verifying,
    with_administration,
)
