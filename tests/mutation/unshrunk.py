"""For pytest: Hypothesis content with the first example at which a mutant dies."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile(
    "unshrunk", settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate)
)
