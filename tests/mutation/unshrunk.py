"""For pytest: Hypothesis content with the first example at which a mutant dies, and no test that
goes on for ever."""

from __future__ import annotations

import os
import signal

from hypothesis import Phase, settings

LONGEST = 40  # seconds of processor time for a test; none takes a quarter of it

settings.register_profile(
    "unshrunk", settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate)
)
# The worker's jobs go on after whatever is raised: a mutant that makes them endless is ended.
signal.signal(signal.SIGPROF, lambda *_: os._exit(1))


def pytest_runtest_logstart() -> None:
    """Begin to count anew."""
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
