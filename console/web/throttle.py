"""How often someone may try: counted before the attempt is looked at, so that attempts which
arrive together cannot pass it together."""

from __future__ import annotations

import logging

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from console import clock
from console.errors import Throttled
from console.extensions import limiter
from console.rules.text import T

log = logging.getLogger(__name__)


# Where the shared store does not answer: each process by itself, until it does again.
_alone = FixedWindowRateLimiter(MemoryStorage())


def count(item: RateLimitItem, *key: str) -> None:
    """Count one attempt. Raises Throttled when the limit was reached before it."""
    if not limiter.enabled:
        return
    try:
        wait = _wait(limiter.limiter, item, *key)
    except Exception:  # whatever the store's driver raises
        log.exception("the store of limits does not answer")
        wait = _wait(_alone, item, *key)
    if wait:
        minutes = -(-wait // 60)
        raise Throttled(
            T("Too many attempts. Try again in %(minutes)s minutes.", minutes=minutes), wait
        )


def _wait(counter: RateLimiter, item: RateLimitItem, *key: str) -> int:
    """Count, and give the seconds to wait; 0 where there is room."""
    if counter.hit(item, *key):
        return 0
    reset = counter.get_window_stats(item, *key).reset_time
    return max(1, int(reset - clock.machine_seconds()) + 1)


def give_back(item: RateLimitItem, *key: str) -> None:
    """An attempt turned out to be a good one: take it off the count."""
    if not limiter.enabled:
        return
    try:
        limiter.storage.incr(item.key_for(*key), item.get_expiry(), amount=-1)
    except Exception:  # as above; at worst a good attempt stays counted
        log.exception("the store of limits does not answer")


SIGN_IN_PER_ACCOUNT = RateLimitItemPerMinute(10, 15, "sign-in-account")
# From all addresses together: at most 100 failures in a row (NIST SP 800-63B, 5.2.2).
SIGN_IN_ANYWHERE = RateLimitItemPerMinute(100, 60, "sign-in-anywhere")
SIGN_IN_PER_ADDRESS = RateLimitItemPerMinute(100, 15, "sign-in-address")
SIGN_UP_PER_ADDRESS = RateLimitItemPerMinute(100, 60, "sign-up-address")
UPLOADS_PER_ACCOUNT = RateLimitItemPerMinute(300, 15, "uploads-account")
CONFIRM_PER_ADDRESS = RateLimitItemPerMinute(30, 15, "confirm-address")
REPORT_PER_ADDRESS = RateLimitItemPerMinute(20, 15, "report-address")
SECOND_FACTOR = RateLimitItemPerMinute(10, 15, "second-factor")
OWN_PASSWORD = RateLimitItemPerMinute(10, 15, "own-password")
RECOVER_PER_ADDRESS = RateLimitItemPerMinute(20, 60, "recover-address")
RECOVER_PER_ACCOUNT = RateLimitItemPerMinute(3, 60, "recover-account")
CONFIRM_MAILS = RateLimitItemPerMinute(3, 60, "confirm-mails")
SIGN_UP_PER_ACCOUNT = RateLimitItemPerMinute(5, 60, "sign-up-account")
REFUSALS_ON_RECORD = RateLimitItemPerMinute(60, 60, "refusals-on-record")
