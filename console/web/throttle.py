"""How often someone may try: counted before the attempt is looked at, so that attempts which
arrive together cannot pass it together."""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerMinute

from console import clock
from console.errors import Throttled
from console.extensions import limiter
from console.rules.text import T


def count(item: RateLimitItem, *key: str) -> None:
    """Count one attempt. Raises Throttled when the limit was reached before it."""
    if not limiter.enabled:
        return
    if not limiter.limiter.hit(item, *key):
        reset = limiter.limiter.get_window_stats(item, *key).reset_time
        wait = max(1, int(reset - clock.machine_seconds()) + 1)
        minutes = -(-wait // 60)
        raise Throttled(
            T("Too many attempts. Try again in %(minutes)s minutes.", minutes=minutes), wait
        )


def give_back(item: RateLimitItem, *key: str) -> None:
    """An attempt turned out to be a good one: take it off the count."""
    if limiter.enabled:
        storage = limiter.storage
        storage.incr(item.key_for(*key), item.get_expiry(), amount=-1)


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
