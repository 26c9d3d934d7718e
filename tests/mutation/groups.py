"""What is mutated, and which tests are asked: near ones, since each survivor runs all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """`modules` as patterns, `tests` and `options` as pytest takes them, `loaded` before a mutant.

    Nothing of the console is loaded then: what runs at import, or keeps what it gave, must run
    anew with each mutant. What it loads of others is: that takes longer than most tests.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    loaded: tuple[str, ...]
    options: tuple[str, ...] = ()


_LOADED = (
    "pytest",
    "hypothesis",
    "xdist",
    "time_machine",
    "flask_babel",
    "flask_bootstrap",
    "flask_limiter",
    "flask_migrate",
    "flask_security",
    "sqlalchemy.orm",
)
RULES = Group(
    modules=("console/rules/*.py",),
    tests=("tests/rules",),
    loaded=(*_LOADED, "phonenumbers", "stdnum.cn.ric", "stdnum.cn.uscc", "idna"),
    # Pure code needs none of the suite's fixtures, nor that all memory is looked through at the
    # end, and then starts in a fraction of the time.
    options=("--noconftest", "-p", "no:unraisableexception"),
)
GUARDS = Group(
    modules=(
        "console/transactions.py",
        *(
            f"console/services/{name}.py"
            for name in ("loading", "moves", "submission", "review", "conflicts", "handover")
        ),
        *(
            f"console/services/{name}.py"
            for name in ("answers", "effects", "news", "sealing", "auditing", "upkeep")
        ),
        *(
            f"console/web/{name}.py"
            for name in ("access", "guards", "sessions", "throttle", "tokens")
        ),
        *(
            f"console/miit/mock/{name}.py"
            for name in ("portal", "resending", "expiry", "throttle", "codes")
        ),
    ),
    tests=(
        "tests/services",
        "tests/miit",
        "tests/web/test_access.py",
        "tests/web/test_guards.py",
        "tests/web/test_sessions.py",
        "tests/web/test_sessions_in_detail.py",
        "tests/web/test_sign_in.py",
        "tests/web/test_throttle.py",
        "tests/web/test_tokens.py",
        "tests/security/test_access.py",
        "tests/security/test_flow.py",
        "tests/security/test_limits.py",
        "tests/security/test_signing_in.py",
        "tests/desk/test_deciding.py",
    ),
    loaded=(*_LOADED, "html5lib"),
)
GROUPS = {"rules": RULES, "guards": GUARDS}
