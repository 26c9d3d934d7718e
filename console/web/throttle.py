"""How often someone may try: counted before the attempt is looked at, so that attempts which
arrive together cannot pass it together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from console import clock
from console.errors import Throttled
from console.extensions import limiter
from console.rules.text import T

log = logging.getLogger(__name__)

R = TypeVar("R")

STORE_SECONDS = 0.5  # a store that takes longer is of no use to who waits
AWAY_SECONDS = 5.0

# Where the shared store does not answer: each process by itself, until it does again.
_alone = FixedWindowRateLimiter(MemoryStorage())
_away_until = 0.0


def storage_options(address: str) -> dict[str, Any]:
    """How the store at an address is spoken to: Redis' driver would wait for ever."""
    if not address.startswith(("redis:", "rediss:", "redis+")):
        return {}
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    waits = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), STORE_SECONDS)
    return {**waits, "retry": Retry(NoBackoff(), 1)}


def count(item: RateLimitItem, *key: str) -> None:
    """Count one attempt. Raises Throttled when the limit was reached before it."""
    if not limiter.enabled:
        return
    if wait := _at_the_store(lambda counter: _wait(counter, item, *key)):
        minutes = -(-wait // 60)
        raise Throttled(
            T("Too many attempts. Try again in %(minutes)s minutes.", minutes=minutes), wait
        )


def give_back(item: RateLimitItem, *key: str) -> None:
    """An attempt turned out to be a good one: take it off the count."""
    if limiter.enabled:
        _at_the_store(lambda counter: _take_off(counter, item, *key))


def _at_the_store(work: Callable[[RateLimiter], R]) -> R:
    """Work with the shared store, or alone where it fails or failed a moment ago."""
    global _away_until
    now = clock.machine_seconds()
    if now < _away_until <= now + AWAY_SECONDS:
        return work(_alone)
    try:
        return work(limiter.limiter)
    except Exception:  # whatever the store's driver raises
        log.exception("the store of limits does not answer")
        _away_until = clock.machine_seconds() + AWAY_SECONDS
        return work(_alone)


def _wait(counter: RateLimiter, item: RateLimitItem, *key: str) -> int:
    """Count, and give the seconds to wait; 0 where there is room."""
    if counter.hit(item, *key):
        return 0
    reset = counter.get_window_stats(item, *key).reset_time
    return max(1, int(reset - clock.machine_seconds()) + 1)


def _take_off(counter: RateLimiter, item: RateLimitItem, *key: str) -> None:
    """Count one less, if anything was counted here and not where the store has failed since."""
    if counter.get_window_stats(item, *key).remaining < item.amount:
        counter.storage.incr(item.key_for(*key), item.get_expiry(), amount=-1)


SIGN_IN_PER_ACCOUNT = RateLimitItemPerMinute(10, 15, "sign-in-account")
# From all addresses together: at most 100 failures in a row (NIST SP 800-63B, 5.2.2).
SIGN_IN_ANYWHERE = RateLimitItemPerMinute(100, 60, "sign-in-anywhere")
SIGN_IN_PER_ADDRESS = RateLimitItemPerMinute(100, 15, "sign-in-address")
SIGN_UP_PER_ADDRESS = RateLimitItemPerMinute(100, 60, "sign-up-address")
UPLOADS_PER_ACCOUNT = RateLimitItemPerMinute(300, 15, "uploads-account")
CONFIRM_PER_ADDRESS = RateLimitItemPerMinute(30, 15, "confirm-address")
REPORT_PER_ADDRESS = RateLimitItemPerMinute(20, 15, "report-address")
SECOND_FACTOR = RateLimitItemPerMinute(10, 15, "second-factor")
# Who has the password could else try a thousand codes a day, of which three at a time are good.
SECOND_FACTOR_A_DAY = RateLimitItemPerMinute(100, 24 * 60, "second-factor-a-day")
OWN_PASSWORD = RateLimitItemPerMinute(10, 15, "own-password")
RECOVER_PER_ADDRESS = RateLimitItemPerMinute(20, 60, "recover-address")
RECOVER_PER_ACCOUNT = RateLimitItemPerMinute(3, 60, "recover-account")
CONFIRM_MAILS = RateLimitItemPerMinute(3, 60, "confirm-mails")
SIGN_UP_PER_ACCOUNT = RateLimitItemPerMinute(5, 60, "sign-up-account")
REFUSALS_ON_RECORD = RateLimitItemPerMinute(60, 60, "refusals-on-record")
