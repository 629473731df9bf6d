"""Integrity in the made-up city: cases in every state, one appealed, one on an expert's review, and the education ledger."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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


@dataclass(frozen=True)
class Matter:
    """One case: when it came in, what it says, and how far it has come by December."""

    on: date
    until: str  # the last state it reaches
    text: str
    clause: str = ""
    firm: int | None = None  # which firm; None: a person
    person: str = ""
    violations: tuple[str, ...] = ("2",)
    severity: str = "heavy"
    measure: str = "5"
    months: int | None = 24
    public: bool = False
    reporter: tuple[str, str] = ("", "")
    own: bool = False  # over the firm whose user the demo shows
    origin: str = "report"


MATTERS = (
    Matter(
        date(2024, 1, 10), "in_force", "该公司申报市级重点研发计划项目时提交的检测报告编号查不到，数据与公开资料不一致，请核查。",
        "2023年9月申报市级项目时提交的两份检测报告系伪造，检测机构证明未出具", firm=50, months=24, public=True,
        reporter=("许明", "13905641001"),
    ),
    Matter(
        date(2024, 2, 19), "refused", "听说有些企业的项目都是假的，希望好好查一查，不要让老实人吃亏。",
    ),
    Matter(
        date(2024, 1, 22), "closed", "罗启航担任评审专家期间收受参评单位财物，给关系单位打高分，有聊天记录。",
        "2023年11月担任市级项目评审专家期间，接受参评单位安排的宴请和礼品，所评分数明显偏高", person="罗启航",
        violations=("4",), measure="9", months=36, public=True, reporter=("韩女士", "han@example.cn"),
    ),
    Matter(
        date(2024, 5, 6), "reviewing", "申报书大段照抄外地高校的项目申请书，附对比。",
        "2024年3月提交的项目申报书与他人申请书重合率较高，未注明来源", person="鲍文轩", violations=("1",), months=18,
        reporter=("方老师", "13905641002"),
    ),
    Matter(
        date(2024, 9, 4), "served", "该公司同一批图片用在两份验收材料里，反映的是不同的试验。",
        "2024年5月提交的验收材料重复使用同一组试验图片，已主动更正", own=True, severity="light", measure="1", months=None,
    ),
    Matter(
        date(2024, 6, 3), "investigating", "课题组虚列外协加工费，外协单位与负责人有亲属关系。", firm=53, origin="assigned",
    ),
    Matter(
        date(2024, 8, 19), "proposed", "验收时提交的用户使用报告盖的是假章，用户单位并没有使用过。",
        "2024年7月提交的三份用户使用报告中有两份不是用户单位出具", firm=54, months=12, reporter=("匿名同事", "13905641003"),
    ),
    Matter(date(2024, 9, 9), "reported", "发表论文由中介代写代投，附付款截图。",
           "2023年12月发表的论文由第三方代写代投", person="沈知远", violations=("3",), measure="7", months=24,
           reporter=("读者", "reader@example.cn")),
    Matter(date(2024, 9, 2), "decided", "项目负责人署了没有参加工作的人的名字。",
           "2024年4月申报奖励的材料中，三名完成人没有实质贡献", firm=56, violations=("6",), measure="7", months=12),
    Matter(date(2024, 8, 12), "appealed", "申报材料中的专利不是本单位的。",
           "2024年6月申报材料所列两件专利的权利人为其他单位", firm=57, violations=("4",), months=12),
    Matter(date(2024, 4, 8), "reviewed", "研发人员名单里有离职人员。",
           "2024年2月申报材料所列研发人员中有五人已离职", firm=58, violations=("4",), severity="heavy", months=12),
    Matter(date(2024, 10, 14), "transferred", "该单位拖欠职工工资，社保没有缴纳。", reporter=("职工", "13905641004")),
    Matter(date(2024, 11, 26), "checking", "检测机构没有资质却出具报告，附营业执照截图。", firm=59),
    Matter(date(2024, 12, 6), "received", "有人冒用他人成果参加创新创业大赛并获奖，获奖项目与两年前外省的项目基本相同。",
           reporter=("参赛者", "13905641005")),
)  # fmt: skip

#: (county clerk or officer, region, title, kind, day, place, people, copies, audience, state it reaches)
ACTIVITIES = (
    ("guihua", "341500", "全市科研诚信专题讲座", "lecture", date(2024, 3, 21), "市政务中心报告厅", 260, 300, "项目负责人、科研管理人员", ""),
    ("yuan", "341503", "高新技术企业科研诚信培训", "training", date(2024, 4, 16), "裕安区创业服务中心", 118, 150, "高企研发负责人", ""),
    ("jinan", "341502", "项目申报诚信承诺书集中签订", "pledge", date(2024, 4, 25), "金安区科技局", 76, 80, "项目申报单位", ""),
    ("shucheng", "341523", "科研失信典型案例警示会", "warning", date(2024, 5, 14), "舒城县科技馆", 95, 120, "承担单位负责人", ""),
    ("jinzhai", "341524", "科技活动周诚信宣传", "material", date(2024, 5, 25), "金寨县城北广场", 340, 800, "社会公众", ""),
    ("huoshan", "341525", "科研诚信政策线上解读", "online", date(2024, 6, 18), "县融媒体中心直播", 1250, 0, "科技人员", ""),
    ("kaifaqu", "341500-KFQ", "园区企业诚信申报培训", "training", date(2024, 7, 11), "开发区管委会", 143, 160, "规上企业", ""),
    ("guihua", "341500", "评审专家诚信提醒会", "warning", date(2024, 8, 22), "市科技局会议室", 42, 42, "评审专家", ""),
    ("huoqiu", "341522", "院企合作项目诚信讲座", "lecture", date(2024, 9, 19), "霍邱县政务中心", 88, 100, "合作项目团队", ""),
    ("yeji", "341504", "家居企业科研诚信宣讲", "lecture", date(2024, 11, 28), "叶集区木竹产业园", 64, 90, "家居企业技术人员", "reported"),
    ("yuan", "341503", "诚信承诺书补签", "pledge", date(2024, 12, 3), "裕安区科技局", 23, 23, "新立项单位", "returned"),
    ("jinan", "341502", "科研诚信进校园", "material", date(2024, 10, 17), "皖西学院", 520, 600, "师生", ""),
)  # fmt: skip


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

    # --- one case ----------------------------------------------------------------------------------------------------

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
                "region": Region.objects.get(pk=region), "title": title, "kind": kind, "held_on": held_on, "place": place,
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
        yield 170, "closed", lambda: self.take("close", "guihua", note="措施已登记，复查决定已送达。", answer="经查属实，已作出处理。")

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
        conduct = self.matter.on - timedelta(days=40)
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
        text = f"调查组调取了申报和验收材料，询问了有关人员，走访了相关单位。经查，{self.matter.clause}。建议按规定处理。"
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
                subject, on=clock.today(), how="直接送达", to="办公室工作人员", actor=self.year.by("guihua"), at=clock.now()
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


