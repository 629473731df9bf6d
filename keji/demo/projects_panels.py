"""Who judges the projects of the made-up city: drawn from the pool before the inspector's eyes, never typed."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from keji.demo.platforms_hands import Hands
from keji.kernel.parties.models import Person
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.modules.experts import api as experts
from keji.modules.projects import api as projects

SYSTEM = Actor.system("演示数据")
#: Who among those drawn can log in: one has sheets waiting, the other is expected at a meeting today.
READER, SITTER = "pingshen", "huiping"


class Panels:
    """Draws for review batches and for bids: asked by one officer, frozen by another, drawn with `jijian`'s digits."""

    def __init__(self, hands: Hands, chance: random.Random) -> None:
        self.hands, self.chance = hands, chance

    def of_batch(
        self, batch: Any, asked: date, review: date, *, size: int = 5, reader: str = "", seat: bool = True
    ) -> list[Person]:
        """The panel of a batch, on it from `review` on; `reader` is the account with a password one of them has.

        Without `seat` they are only drawn: who reviews what is shared out afterwards.
        """
        number = self.hands.at(
            asked, 10, projects.ask_draw, batch, size=size, review_on=review, outside=2, finance=1, substitutes=4,
            actor=self.hands.actor("gaoxin", asked),
        )  # fmt: skip
        people = self._opened(number, asked, review)
        self._let_in(people, review, reader)
        batch.refresh_from_db()
        if seat:
            officer = self.hands.actor("gaoxin", review)
            self.hands.at(review, 8, projects.take_over_panel, batch, actor=officer)
        return people

    def of_argument(self, challenge: Any, asked: date, held: date) -> list[dict[str, str]]:
        """[{name, unit}] of those drawn to argue about one problem."""
        number = self.hands.at(
            asked, 10, projects.ask_argue_draw, challenge, size=3, review_on=held, outside=1,
            actor=self.hands.actor("gaoxin", asked),
        )  # fmt: skip
        self._opened(number, asked, held)
        challenge.refresh_from_db()
        return projects.drawn_experts(challenge, projects.ARGUE)

    def of_bids(self, challenge: Any, asked: date, review: date) -> list[dict[str, str]]:
        """[{name, unit}] of those drawn to judge the bids on one problem."""
        number = self.hands.at(
            asked, 10, projects.ask_challenge_draw, challenge, size=3, review_on=review, outside=1,
            actor=self.hands.actor("gaoxin", asked),
        )  # fmt: skip
        self._opened(number, asked, review)
        challenge.refresh_from_db()
        return projects.drawn_experts(challenge)

    def done(self, number: str, on: date) -> None:
        """The review is over: everybody who served is marked, the draw is closed."""
        officer = self.hands.actor("gaoxin", on)
        for member in experts.panel_of(number).members:
            marks = {m: self.chance.choice((4, 5, 5)) for m in ("timeliness", "independence", "quality")}
            marks |= {"confidentiality": 5, "days": 1}
            self.hands.at(on, 17, experts.mark_use, number, member.person, marks, actor=officer)
        self.hands.take("close", experts.Draw.objects.get(number=number), officer, on, 17)

    def _opened(self, number: str, asked: date, review: date) -> list[Person]:
        """Frozen, drawn, signed, answered on one day; opened on the review day."""
        draw = experts.Draw.objects.get(number=number)
        draw = self.hands.at(
            asked, 14, experts.freeze_draw, draw, actor=self.hands.actor("guihua", asked),
            chance=lambda size: self.chance.randbytes(size).hex(),
        )  # fmt: skip
        inspector = self.hands.actor("jijian", asked)
        digits = f"{self.chance.randrange(10**8):08d}"
        draw = self.hands.at(asked, 15, experts.draw_with_witness, draw, digits, actor=inspector)
        self.hands.at(asked, 15, experts.observe, draw, "sign", "", actor=inspector)
        self._answers(draw, asked)
        draw = self.hands.take("open", draw, "gaoxin", review, 8)
        members = [m.person for m in experts.panel_of(draw.number).members]
        return list(Person.objects.filter(pk__in=members).order_by("pk"))

    def _answers(self, draw: experts.Draw, on: date) -> None:
        """The second in line is busy and the next in order comes; all others come."""
        for place, seat in enumerate(list(draw.seats.order_by("order"))):
            try:
                self.hands.at(on, 17, experts.answer, seat, place != 1, why="busy", actor=SYSTEM)
            except Refused:  # nobody left keeps the quotas: then this one comes after all
                self.hands.at(on, 17, experts.answer, seat, True, actor=SYSTEM)
        for seat in draw.seats.filter(state="asked"):
            self.hands.at(on, 17, experts.answer, seat, True, actor=SYSTEM)

    def _let_in(self, people: list[Person], on: date, reader: str) -> None:
        """Whoever was drawn has an account by the review day; only one of them has a password here."""
        known = Account.objects.filter(username=reader).first()
        for person in people:
            if person.account_id:
                continue
            if known and not Person.objects.filter(account=known).exists():
                known.name = person.name
                known.save(update_fields=["name"])
                person.account = known
            else:
                account = Account.objects.create(
                    username=f"zj{person.pk:05d}", name=person.name, password="!", password_changed_on=on
                )
                Grant.objects.create(account=account, role=Role.EXPERT, from_on=on)
                person.account = account
            person.save()
