"""What granian serves, and the tables with as many orders as asked for."""

from __future__ import annotations

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.peer.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def stage(orders: int) -> tuple[list[str], str]:
    """The numbers of so many orders, and the session's cookie of their applicant."""
    from django.contrib.auth import get_user_model, login
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.http import HttpRequest
    from django.utils import timezone

    from tests.bench.peer.models import Order, Verifier

    call_command("migrate", run_syncdb=True, verbosity=0)
    user = get_user_model().objects.create_user("owner", "owner@example.cn", "a quiet river")
    deadline, sent = timezone.now() + timedelta(hours=24), timezone.now()
    made = Order.objects.bulk_create(
        Order(
            number=f"20261101-{n:06d}",
            applicant=user,
            type="first-filing",
            state="verifying",
            label=f"shop-{n}.example.cn",
            province="33",
            revision=10,
            deadline=deadline,
            content={"entity": {"name": "x" * 40}, "services": [{"domain": "y" * 20}] * 2},
        )
        for n in range(orders)
    )
    Verifier.objects.bulk_create(
        Verifier(order=order, key=key, role=role, mobile=mobile, sender="1069", code_sent_at=sent)
        for order in made
        for key, role, mobile in (
            ("entity-leader", "Entity leader", "13805715001"),
            ("website-leader-1", "Website leader", "13805715002"),
        )
    )
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user)
    request.session.save()
    return [order.number for order in made], f"sessionid={request.session.session_key}"
