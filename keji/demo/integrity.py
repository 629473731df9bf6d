"""Integrity in the made-up city: cases in every state, one over an expert's review, and the education ledger."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from keji.demo.integrity_matters import ACTIVITIES, MATTERS, Matter
from keji.demo.story import actor, moment
from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.parties.models import Party, Region, Standing
from keji.kernel.people.models import Account
from keji.kernel.records.flow import take
from keji.modules.integrity import api as integrity

SPACE = uuid.UUID("2b7d7a52-0000-4000-8000-000000000000")  # receipts of the demo are the same in every house
WORKERS = ("guihua", "bangong")
Event = tuple[date, Callable[[], None]]


class IntegrityYear:
    """Tells its events in order as the year goes on."""

    def __init__(self, parties: list[Party], own: Party) -> None:
        self.parties = [p for p in parties if p.pk != own.pk]
        self.own, self._told = own, date.min
        self.serial = 0
        events: list[Event] = [(date(2024, 1, 3), self.appoint)]
        for matter in MATTERS:
            events += self.course(matter)
        for line in ACTIVITIES:
            events += self.activity(line)
        self._events = sorted(events, key=lambda e: e[0])

    def until(self, day: date) -> None:
        """Everything up to and including `day`; each event with the clock on its own day."""
        for on, event in self._events:
            if self._told < on <= day:
                with clock.stopped_at(moment(on)):
                    event()
        self._told = max(self._told, day)

    def appoint(self) -> None:
        for name in WORKERS:
            integrity.appoint_worker(
                Account.objects.get(username=name), from_on=clock.today(), actor=self.by("juzhang"), at=clock.now()
            )

    def by(self, username: str) -> Any:
        return actor(username, clock.today())

    # --- one case ------------------------------------------------------------------------------------------

    def course(self, matter: Matter) -> Iterator[Event]:
        """The events of one case, each on a working day, up to the state it is to reach."""
        told = _Telling(self, matter)
        calendar = work_calendar()
        for days, state, event in told.way():
            on = calendar.next_working(matter.on + timedelta(days=days))
            yield on, event
            if state == matter.until:
                return

    def activity(self, line: tuple[Any, ...]) -> Iterator[Event]:
        by, region, title, kind, held_on, place, people, copies, audience, reaches = line
        made: list[Any] = []

        def report() -> None:
            row = {
                "region": Region.objects.get(pk=region), "title": title, "kind": kind, "held_on": held_on,
                "place": place,
                "organiser": "市科技局" if by == "guihua" else f"{Region.objects.get(pk=region).name}科技局",
                "people": people, "copies": copies, "audience": audience,
            }  # fmt: skip
            made.extend(integrity.report_activities([row], actor=self.by(by), at=clock.now(), source="page"))

        def answer() -> None:
            if reaches == "returned":
                take("send_back", made[0], actor=self.by("guihua"), at=clock.now(), reason="请补充签订单位名单")
            elif not reaches:
                take("confirm", made[0], actor=self.by("bangong"), at=clock.now())

        yield held_on + timedelta(days=2), report
        yield held_on + timedelta(days=4), answer


class _Telling:
    """One matter as it is told."""

    def __init__(self, year: IntegrityYear, matter: Matter) -> None:
        self.year, self.matter = year, matter
        self.case: Any = None
        self.number = ""

    def take(self, name: str, by: str, **data: Any) -> None:
        self.case.refresh_from_db()
        self.case = take(name, self.case, actor=self.year.by(by), at=clock.now(), **data)

    def way(self) -> Iterator[tuple[int, str, Callable[[], None]]]:
        """(days after the report, state reached, event)."""
        until = self.matter.until
        yield 0, "received", self.receive
        yield 1, "checking", lambda: self.take("take_up", "guihua", declared=True)
        if until == "refused":
            yield 9, "refused", lambda: self.take(
                "refuse", "guihua", ground="r2", note="来信没有写明对象和事实，也没有可查的线索。",
                answer="来信没有写明具体对象和可以核查的线索，不予受理；有明确线索时欢迎再次举报。",
            )  # fmt: skip
        if until == "transferred":
            yield 5, "transferred", lambda: self.take(
                "transfer", "guihua", note="反映的是劳动用工问题，转送市人力资源和社会保障局。",
                answer="您反映的问题不属于科研诚信，已转送人力资源和社会保障部门。",
            )  # fmt: skip
        yield 7, "", self.name_subject
        yield 9, "investigating", self.accept
        yield 60, "", self.find
        yield 62, "reported", self.file_report
        yield 75, "proposed", self.propose
        yield 84, "decided", self.decide
        yield 86, "served", self.serve
        if until in ("appealed", "reviewing", "reviewed") or (until == "closed" and self.matter.person):
            yield from self.appeal_way()
        else:
            yield 130, "", lambda: self.take("take_effect", "guihua")
            yield 131, "in_force", self.confirm_standings

    def appeal_way(self) -> Iterator[tuple[int, str, Callable[[], None]]]:
        yield 95, "appealed", lambda: self.take("appeal", "guihua", place=1, text="认为情节认定过重，请求从轻处理。")
        yield 98, "", self.name_reviewer
        yield 103, "reviewing", lambda: self.take("accept_appeal", "dangwei")
        yield 150, "reviewed", self.review
        yield 153, "", self.serve_review
        yield 158, "", lambda: self.take("take_effect", "guihua")
        yield 159, "in_force", self.confirm_standings
        yield (
            170,
            "closed",
            lambda: self.take("close", "guihua", note="措施已登记，复查决定已送达。", answer="经查属实，已作出处理。"),
        )

    def subject(self) -> dict[str, Any]:
        matter, year = self.matter, self.year
        if matter.person:
            unit = year.parties[45 + len(matter.person)]
            made = integrity.find_person(matter.person, unit, post="高级工程师", at=clock.now())
            return {"person": made}
        return {"party": year.own if matter.own else year.parties[matter.firm or 0]}

    def accused(self) -> str:
        matter, year = self.matter, self.year
        if matter.own or matter.firm is not None:
            return (year.own if matter.own else year.parties[matter.firm or 0]).name
        return matter.person or "未写明"

    def receive(self) -> None:
        matter, at = self.matter, clock.now()
        if matter.origin == "report":
            report = integrity.hand_in(
                token=uuid.uuid5(SPACE, matter.text), accused=self.accused(), text=matter.text, name=matter.reporter[0],
                contact=matter.reporter[1], address=f"198.51.100.{matter.on.day}", at=at,
            )  # fmt: skip
            self.case = report.case
            return
        row = {"origin": matter.origin, "gist": matter.text, "received_on": clock.today(), "line": "misconduct"}
        self.case = integrity.open_cases([row], actor=self.year.by("guihua"), at=at, source="page")[0]

    def name_subject(self) -> None:
        by, at = self.year.by("guihua"), clock.now()
        integrity.add_subject(self.case, **self.subject(), actor=by, at=at)
        self.case.refresh_from_db()
        edition = integrity.Edition.objects.get(code="rule-221")
        said = re.match(r"(\d{4})年(\d+)月", self.matter.clause)
        conduct = date(int(said[1]), int(said[2]), 15) if said else self.matter.on - timedelta(days=40)
        self.case = integrity.set_basis(
            self.case, line="misconduct", conduct_on=conduct, edition=edition, actor=by, at=at
        )

    def accept(self) -> None:
        self.take("accept", "guihua")
        integrity.add_member(
            self.case, Account.objects.get(username="bangong"), "investigator", declared=True,
            actor=self.year.by("guihua"), at=clock.now(),
        )  # fmt: skip
        if self.matter.until == "investigating":
            self.take("extend", "fuju", months=3, why="需要委托审计外协费用。")
            integrity.observe(
                self.case, "请说明外协单位与负责人关系的核查办法。", actor=self.year.by("jijian"), at=clock.now()
            )

    def find(self) -> None:
        by, at, matter = self.year.by("guihua"), clock.now(), self.matter
        subject = self.case.subjects.get()
        integrity.save_finding(
            subject, violations=matter.violations, clause=matter.clause, severity=matter.severity,
            answers={f.code: f.code == "l2" for f in integrity.factors(self.case)}, actor=by, at=at,
        )  # fmt: skip
        item = integrity.CatalogueItem.objects.get(kind="measure", code=matter.measure)
        integrity.add_sanction(subject, item, months=matter.months, public=matter.public, actor=by, at=at)

    def file_report(self) -> None:
        text = (
            f"调查组调取了申报和验收材料，询问了有关人员，走访了相关单位。经查，{self.matter.clause}。建议按规定处理。"
        )
        self.take("file_report", "guihua", outcome="found", text=text)

    def propose(self) -> None:
        text = "当事人对事实没有异议，请求从轻；考虑其配合调查，建议按拟定措施处理。"
        self.take("propose", "guihua", heard_on=clock.today() - timedelta(days=1), text=text)

    def decide(self) -> None:
        self.year.serial += 1
        number, month = f"六科信〔2024〕{self.year.serial}号", clock.today().month
        self.take("decide", "juzhang", meeting=f"局党组会2024年第{month}次", decided_on=clock.today(), number=number)

    def serve(self) -> None:
        for subject in self.case.subjects.all():
            integrity.serve_subject(
                subject,
                on=clock.today(),
                how="直接送达",
                to="办公室工作人员",
                actor=self.year.by("guihua"),
                at=clock.now(),
            )
        if self.matter.until != "decided":
            self.take("serve", "guihua")

    def name_reviewer(self) -> None:
        integrity.add_member(
            self.case, Account.objects.get(username="dangwei"), "reviewer", declared=True,
            actor=self.year.by("juzhang"), at=clock.now(),
        )  # fmt: skip

    def review(self) -> None:
        self.year.serial += 1
        self.take(
            "conclude_review", "fuju", review="upheld", text="经复查，事实清楚，处理适当。",
            number=f"六科信〔2024〕{self.year.serial}号", decided_on=clock.today(),
        )  # fmt: skip

    def serve_review(self) -> None:
        for subject in self.case.subjects.filter(appealed_on__isnull=False):
            integrity.serve_subject(
                subject, on=clock.today(), how="邮寄送达", to="本人", actor=self.year.by("guihua"), at=clock.now()
            )

    def confirm_standings(self) -> None:
        mine = Standing.objects.filter(sanction__subject__case=self.case, state="registered")
        for standing in mine:
            take("confirm", standing, actor=self.year.by("gaoxin"), at=clock.now())
