"""Whose hand does what on which day: the clock stands at that moment, as it did for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from keji.demo.story import actor, moment
from keji.kernel import clock
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take


class Hands:
    """People of the story by name, remembered: asking for their grants thousands of times takes its time."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}
        self._clerks = {
            grant.region_id: account.username
            for account in Account.objects.filter(grants__role="county").order_by("username")
            for grant in account.grants.filter(role="county")
        }

    def actor(self, username: str, on: date) -> Actor:
        if username not in self._actors:
            self._actors[username] = actor(username, max(on, date(2024, 1, 1)))
        return self._actors[username]

    def clerk(self, region: str) -> Actor:
        return self.actor(self._clerks[region], date(2024, 1, 1))

    def account(self, username: str) -> Account:
        return Account.objects.get(username=username)

    def host(self, party: Any) -> Actor:
        """Somebody of the firm; only two firms have accounts in this house."""
        return Actor.system(f"{party.contact_name or '经办人'}（申报单位）")

    def at(self, on: date, hour: int, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do something at that hour of that day."""
        when = moment(on, hour)
        with clock.stopped_at(when):
            return act(*args, at=when, **kwargs)

    def take(self, name: str, record: Any, who: str | Actor, on: date, hour: int, **data: Any) -> Any:
        hand = self.actor(who, on) if isinstance(who, str) else who
        return self.at(on, hour, lambda at: take(name, record, actor=hand, at=at, **data))

    def file(self, name: str) -> SimpleUploadedFile:
        """A small file of the right kind; the same bytes are stored once."""
        return SimpleUploadedFile(name, f"%PDF-1.4 {name} 演示材料".encode())
