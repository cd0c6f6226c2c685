"""A petition and its history, as somebody would model them in Django; the flow by viewflow.fsm.

viewflow.fsm keeps no history: as its documentation advises, the flow's `on_success` saves the
object and writes a row of it.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from viewflow import fsm

from tests.bench.peers.walk import STATES


class Petition(models.Model):
    """A matter that somebody brought."""

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=STATES[0])
    version = models.IntegerField(default=0)
    papers = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)


class History(models.Model):
    """One step of a petition."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE)
    number = models.IntegerField()
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One row for each step."""

        constraints = (models.UniqueConstraint(fields=("petition", "number"), name="one_row"),)


def _has_papers(flow: PetitionFlow) -> bool:
    return flow.petition.papers


class PetitionFlow:
    """The same four steps and the same guard."""

    status = fsm.State(STATES, default=STATES[0])

    def __init__(self, petition: Petition) -> None:
        self.petition = petition

    @status.setter()
    def _write(self, value: str) -> None:
        self.petition.state = value

    @status.getter()
    def _read(self) -> str:
        return self.petition.state

    @status.on_success()
    def _keep(self, descriptor: Any, source: str, target: str, **_more: Any) -> None:
        petition = self.petition
        petition.version += 1
        petition.changed_at = timezone.now()
        petition.save()
        History.objects.create(
            petition=petition,
            number=petition.version,
            action=descriptor._func.__name__,
            from_state=source,
            to_state=target,
            actor="chen",
        )

    @status.transition(source="received", target="accepted", conditions=[_has_papers])
    def accept(self) -> None:
        """Take it on."""

    @status.transition(source="accepted", target="handled", conditions=[_has_papers])
    def handle(self) -> None:
        """Decide it."""

    @status.transition(source="handled", target="implemented", conditions=[_has_papers])
    def implement(self) -> None:
        """Do it."""

    @status.transition(source="implemented", target="feedback", conditions=[_has_papers])
    def feedback(self) -> None:
        """Ask how it went."""
