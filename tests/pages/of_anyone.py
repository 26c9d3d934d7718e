"""Pages that open without an account: the console's, a leader's, the mock ministry's."""

from __future__ import annotations

from tests.pages.listed import CAREFUL, NOBODY, Listed, filled, pressing

STATUS = "/status/<token>"
MESSAGE = "verify-no-record"
WHO = "type=change&changes=entity&province=ZJ"
WRONG_CODE = {"code": "123456", "mobile": "13800000000", "last_six": "00001X"}
OTHER_PASSWORD = {"password": "a river", "password_confirm": "another river"}

PUBLIC = (
    Listed("home", NOBODY, "/", main=True),
    Listed("sign-in", NOBODY, "/login", main=True),
    Listed(
        "sign-in-refused",
        NOBODY,
        "/login",
        status=422,
        act=filled(email="nobody@example.cn", password="not the one"),
    ),
    Listed("register", NOBODY, "/register", main=True),
    Listed(
        "register-refused",
        NOBODY,
        "/register",
        status=422,
        act=filled(email="nobody", **OTHER_PASSWORD),
    ),
    Listed("registered", NOBODY, "/register/sent"),
    Listed("recover", NOBODY, "/recover"),
    Listed("recover-refused", NOBODY, "/recover", status=422, act=filled(email="nobody")),
    Listed("recover-sent", NOBODY, "/recover/sent"),
    Listed("recover-choose", NOBODY, "/recover/<token>", "/recover/{recover}"),
    Listed("recover-ended", NOBODY, "/recover/<token>", "/recover/x", status=404),
    Listed("confirm", NOBODY, "/confirm/<token>", "/confirm/{confirm}"),
    Listed("second-step", CAREFUL, "/second-factor", signs_in=True),
    Listed(
        "second-step-refused",
        CAREFUL,
        "/second-factor",
        status=422,
        act=filled(code="000000"),
        signs_in=True,
    ),
    Listed("rulebooks", NOBODY, "/rulebooks", main=True),
    Listed("who", NOBODY, "/rulebooks/who"),
    Listed("who-change", NOBODY, "/rulebooks/who", f"/rulebooks/who?{WHO}"),
    Listed("who-refused", NOBODY, "/rulebooks/who", "/rulebooks/who?day=2026-02-30", status=422),
    Listed("messages", NOBODY, "/rulebooks/messages"),
    Listed("message", NOBODY, "/rulebooks/messages", f"/rulebooks/messages?message={MESSAGE}"),
    Listed("outbox", NOBODY, "/outbox", bilingual=True),
    Listed("nowhere", NOBODY, "", "/nowhere", status=404),
    Listed("other-host", NOBODY, "", "{other-host}", status=400),
)
LEADER = (
    Listed("leader-confirm", NOBODY, STATUS, "{to-confirm}", main=True),
    Listed(
        "leader-confirm-refused",
        NOBODY,
        STATUS,
        "{to-confirm}",
        status=422,
        act=filled(mobile="13800000000", last_six="00001X"),
    ),
    Listed("leader-verify", NOBODY, STATUS, "{to-verify}", main=True, on_paper=True),
    Listed("leader-verified", NOBODY, STATUS, "{verified}"),
    Listed("leader-reported", NOBODY, STATUS, "{reported}"),
    Listed("leader-expired", NOBODY, STATUS, "{expired-link}"),
    Listed("leader-accepted", NOBODY, STATUS, "{accepted-link}"),
    Listed("leader-ended", NOBODY, STATUS, "/status/x", status=404),
)
MINISTRY = (
    Listed("portal", NOBODY, "/miit/verify"),
    Listed("portal-empty", NOBODY, "/miit/verify", status=422, act=pressing("main form button")),
    Listed("portal-answer", NOBODY, "/miit/verify", act=filled(**WRONG_CODE)),
    Listed("portal-resend", NOBODY, "/miit/resend"),
    Listed(
        "portal-resend-answer",
        NOBODY,
        "/miit/resend",
        act=filled(mobile="13800000000", last_six="00001X"),
    ),
    Listed("phone", NOBODY, "/miit/phone"),
    Listed("phone-of-one", NOBODY, "/miit/phone", "/miit/phone", act=filled(mobile="1380000")),
    Listed("desk", NOBODY, "/miit/desk"),
    Listed("desk-order", NOBODY, "/miit/desk/<reference>", "{desk-order}"),
    Listed(
        "desk-order-refused",
        NOBODY,
        "/miit/desk/<reference>",
        "{desk-order}",
        status=422,
        act=pressing('form[action$="/return"] button'),
    ),
    Listed("desk-order-settled", NOBODY, "/miit/desk/<reference>", "{desk-settled}"),
)
