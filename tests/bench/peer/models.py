"""An order, who must verify, and what has happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Order(models.Model):
    """A case."""

    number = models.CharField(max_length=20, unique=True)
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    type = models.CharField(max_length=20)
    state = models.CharField(max_length=24)
    label = models.CharField(max_length=255)
    province = models.CharField(max_length=2)
    revision = models.IntegerField(default=1)
    deadline = models.DateTimeField(null=True)
    content = models.JSONField(default=dict)

    @property
    def version(self) -> str:
        """The revision, and whether the deadline has passed."""
        return (
            f"{self.revision}-{int(self.deadline is not None and self.deadline <= timezone.now())}"
        )


class Verifier(models.Model):
    """One person who must verify."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="verifiers")
    key = models.CharField(max_length=40)
    role = models.CharField(max_length=60)
    mobile = models.CharField(max_length=20)
    sender = models.CharField(max_length=60)
    code_sent_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    tries_left = models.IntegerField(default=3)
    resends_left = models.IntegerField(default=5)

    @property
    def masked(self) -> str:
        """The mobile number as pages show it."""
        return f"{self.mobile[:3]}****{self.mobile[-4:]}"

    @property
    def state(self) -> str:
        """How far this person is."""
        return "verified" if self.verified_at else "waiting"
