"""How long what is kept: the periods, each with what it rests on.

PIPL 19: no longer than the purpose needs; PIPL 47: deleted when it is no longer needed. The days
themselves are the provider's to fix within that; `docs/retention.md` gives the reasons.
"""

from __future__ import annotations

from datetime import timedelta

# An order nobody takes further lapses (DOMAIN: untouched for 45 days); one that was discarded,
# cancelled or has lapsed can be started again for a while, then its answers and papers go.
ENDED_ORDER = timedelta(days=30)
# Mails in the outbox hold addresses; by then nobody asks any more whether one was sent.
MAILS = timedelta(days=30)
# The mock phone's texts: a window is three days at most, a dispute about a text a few weeks.
MOCK_TEXTS = timedelta(days=30)
# The trail of events: never deleted. CSL 21(3) asks for network logs of six months at least.
TRAIL_AT_LEAST = timedelta(days=183)
