"""The one page that is polled."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from tests.bench.peer.models import Order


@login_required
def checklist(request: Any, number: str) -> HttpResponse:
    """The live part, or 304 while the version is the page's own."""
    order = get_object_or_404(Order, number=number, applicant=request.user)
    version = order.version
    if request.headers.get("HX-PTag") == version:
        return HttpResponseNotModified(headers={"HX-PTag": version})
    people = list(order.verifiers.order_by("id"))
    context = {"order": order, "me": people[0], "others": people[1:], "now": timezone.now()}
    answer = render(request, "checklist.html", context)
    answer["HX-PTag"] = version
    return answer


urlpatterns = [path("orders/<str:number>/checklist", checklist)]
