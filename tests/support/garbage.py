"""Memory is looked through for what is gone as seldom as a long run allows."""

from __future__ import annotations

import gc

gc.disable()


def pytest_collection_finish() -> None:
    """What was loaded to find the tests stays until the end: nobody need look at it again.

    It is most of what there is, and looking at it over and over took a tenth of all time.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()
