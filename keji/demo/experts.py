"""The made-up pool of reviewers and a year of draws. Chance is real even here: who is drawn differs each time."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from keji.demo.story import Story, actor, moment
from keji.kernel import clock
from keji.kernel.parties.models import Party, Standing
from keji.kernel.parties.standings import register_standings
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.lib.codes import citizen_check
from keji.modules.experts import api as experts

FULL, FEWEST = 300, 90
SYSTEM = Actor.system("演示数据")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜戚谢邹章苏潘葛范彭鲁韦马方俞任袁柳"
GIVEN = "文华建国志明永康立新德安长青海波宏伟学军维民春林思远晓东俊峰丽娟静怡雅琴淑芬玉兰秀英慧敏"
OUTSIDE = (
    ("江淮理工大学", "合肥市"), ("庐州大学", "合肥市"), ("巢湖科技学院", "合肥市"), ("皖江大学", "芜湖市"),
    ("安淮农业大学", "合肥市"), ("中江医药大学", "合肥市"), ("徽州师范大学", "黄山市"), ("淮上工业大学", "蚌埠市"),
    ("金陵应用技术研究院", "南京市"), ("江城材料研究所", "武汉市"), ("淝河会计师事务所", "合肥市"),
    ("皖信创业投资有限公司", "合肥市"), ("正衡律师事务所", "合肥市"),
)  # fmt: skip
INSIDE = ("皖西大学", "六安职业技术大学", "六安农业科学研究院", "六安产品质量检验所", "大别山中药研究所")
#: (type, level, discipline, share in per mille); the thin fields are thin on purpose.
TRADES = (
    ("technical", "senior", "460", 90), ("technical", "associate", "460", 80), ("technical", "senior", "510", 80),
    ("technical", "associate", "520", 80), ("technical", "senior", "430", 80), ("technical", "associate", "210", 70),
    ("technical", "senior", "350", 50), ("technical", "associate", "360", 45), ("technical", "senior", "550", 40),
    ("technical", "associate", "610", 40), ("technical", "senior", "220", 12), ("technical", "associate", "240", 8),
    ("technical", "senior", "540", 8), ("industry", "cto", "460", 70), ("industry", "cto", "510", 60),
    ("management", "senior", "630", 80), ("finance", "accountant", "630", 110), ("investment", "investor", "790", 30),
    ("legal", "lawyer", "820", 17),
)  # fmt: skip
#: review day, what is reviewed, fields, seats
DRAWN = (
    (date(2024, 3, 27), "2024年度市级重点研发计划（装备制造）评审", ("460", "430"), 5),
    (date(2024, 5, 15), "2024年度市级重点研发计划（电子信息）评审", ("510", "520"), 5),
    (date(2024, 6, 19), "2024年度农业科技项目评审", ("210", "550", "220"), 5),
    (date(2024, 8, 21), "2024年度企业研发中心现场评审", ("460", "510", "430"), 3),
    (date(2024, 10, 16), "2024年度科技计划项目验收", ("350", "360", "550"), 3),
)
SEALED = (date(2024, 12, 11), "2024年度揭榜挂帅项目评审", ("460", "510", "430"), 5)
AWAITING = (date(2024, 12, 12), "2025年度市级重点研发计划（新材料）评审", ("430", "460"), 5)
ASKED = (date(2024, 12, 20), "2024年度创新平台绩效评估", (), 7)


class ExpertStory:
    """`story` gives the firms; draws are told as their review days come."""

    def __init__(self, story: Story) -> None:
        self.chance = random.Random(2013)
        self.firms: list[Party] = story.registry.parties
        self.count = max(FEWEST, int(FULL * story.by_hand))
        self.told: set[str] = set()

    def settle(self) -> None:
        """January: the pool is entered by one officer and admitted by another."""
        day = date(2024, 1, 10)
        with clock.stopped_at(moment(day)):
            self.trades = {d.code: d for d in experts.Discipline.objects.all()}
            rows = [self._row(n) for n in range(self.count)]
            made = experts.register_experts(rows, actor=actor("guihua", day), at=moment(day), source="sheet")
            experts.match_employers(actor=actor("guihua", day), at=moment(day, 11))
        with clock.stopped_at(moment(day, 15)):
            experts.admit_many(made, actor=actor("gaoxin", day), at=moment(day, 15))
            self._ties(made)

    def _row(self, n: int) -> dict[str, Any]:
        kind, level, code, _ = self.chance.choices(TRADES, [t[3] for t in TRADES])[0]
        outside = self.chance.random() < 0.4 or kind in ("finance", "investment", "legal")
        party, place = None, ""
        if kind == "industry":
            party = self.firms[(n * 37) % len(self.firms)]
            outside = False
        born = date(1954, 3, 1) + timedelta(days=self.chance.randrange(9500)) if n % 30 else date(1953, 6, 1)
        body = f"{'341502' if not outside else '340104'}{born:%Y%m%d}{n % 1000:03d}"
        if outside:
            fits = OUTSIDE[10:] if kind in ("finance", "investment", "legal") else OUTSIDE[:10]
            wanted = {"finance": 0, "investment": 1, "legal": 2}.get(kind)
            employer, place = fits[wanted] if wanted is not None else self.chance.choice(fits)
        else:
            employer, place = (party.name if party else self.chance.choice(INSIDE)), "六安市"
        return {
            "name": self.chance.choice(SURNAMES) + "".join(self.chance.sample(GIVEN, self.chance.choice((1, 2, 2)))),
            "id_number": body + citizen_check(body), "born_on": born, "phone": f"137{self.chance.randrange(10**8):08d}",
            "party": party, "employer": employer, "in_city": not outside, "place": place, "kind": kind, "level": level,
            "title": TITLES[level], "post": POSTS[kind], "discipline": self.trades[code],
            "title_on": date(2015, 12, 1), "agreed_on": date(2024, 1, 8) if n % 60 != 59 else None,
            "keywords": [str(self.trades[code])], "degree": "博士研究生" if level == "senior" else "大学本科",
        }  # fmt: skip

    def _ties(self, made: list[Any]) -> None:
        """Papers found in records; families and interests declared by the experts themselves."""
        at = moment(date(2024, 1, 20))
        firms = self.firms[40:60]
        rows = [
            experts.TieRow(e.pk, "coauthor", whom=f"{firm.contact_name}", unit=firm.name, on=date(2023, 5, 1 + i))
            for i, (e, firm) in enumerate(zip(made[3:60:6], firms, strict=False))
        ]
        experts.record_ties(rows, actor=SYSTEM, at=at)
        for expert, firm in zip(made[5:45:8], firms, strict=False):
            kin = experts.TieRow(expert.pk, "kin", whom=firm.contact_name, unit=firm.name)
            experts.declare_tie(expert, kin, actor=SYSTEM, at=at)
        for expert, firm in zip(made[7:50:9], firms, strict=False):
            experts.declare_tie(expert, experts.TieRow(expert.pk, "interest", unit=firm.name), actor=SYSTEM, at=at)

    def until(self, day: date) -> None:
        """Every draw whose review day has come; in June one is cancelled and asked for anew."""
        for review, title, fields, size in DRAWN:
            if review <= day and title not in self.told:
                self.told.add(title)
                before = self._cancelled(review, title, fields, size) if review.month == 6 else None
                self._held(review, title, fields, size, before)

    def _ask(
        self, review: date, title: str, fields: tuple[str, ...], size: int, *, on: date, before: Any = None
    ) -> experts.Draw:
        at = moment(on)
        firms = [self.firms[(40 + review.month + i) % len(self.firms)] for i in range(4)]
        subjects = [
            experts.Subject(
                "", f"{f.name}申报项目", (f.pk,), (experts.PersonRef(f.contact_name, None, f.name),), self._wish(i)
            )
            for i, f in enumerate(firms)
        ]
        quotas = (experts.QuotaRow(experts.PLACE, experts.OUTSIDE, 2), experts.QuotaRow(experts.KIND, "财务", 1, 1))
        with clock.stopped_at(at):
            number = experts.request_draw(
                subjects, title=title, size=size, review_on=review, disciplines=fields,
                quotas=quotas if size > 3 else (), venue="市科技局三楼会议室", substitutes=4,
                contact=Account.objects.get(username="bangong").pk,
                instead_of=before, actor=actor("guihua", on), at=at,
            )  # fmt: skip
        return experts.Draw.objects.get(number=number)

    def _wish(self, index: int) -> tuple[experts.AvoidedName, ...]:
        """The first applicant asks to keep one expert away."""
        if index:
            return ()
        expert = experts.Expert.objects.filter(kind="technical", state="active").select_related("person")[7]
        return (experts.AvoidedName(expert.person.name, "与本项目负责人有学术争议", expert.employer),)

    def _frozen(self, draw: experts.Draw, on: date) -> experts.Draw:
        with clock.stopped_at(moment(on, 14)):
            return experts.freeze_draw(
                draw,
                actor=actor("gaoxin", on),
                at=moment(on, 14),
                chance=lambda size: self.chance.randbytes(size).hex(),
            )

    def _drawn(self, draw: experts.Draw, on: date) -> experts.Draw:
        """The inspector comes, says some digits, notes and signs."""
        at, inspector = moment(on, 15), actor("jijian", on)
        digits = f"{self.chance.randrange(10**8):08d}"
        with clock.stopped_at(at):
            draw = experts.draw_with_witness(draw, digits, actor=inspector, at=at)
            experts.observe(draw, "note", "申请、冻结人员和监督人三方在场", actor=inspector, at=at)
            experts.observe(draw, "sign", "", actor=inspector, at=at)
        return draw

    def _cancelled(self, review: date, title: str, fields: tuple[str, ...], size: int) -> experts.Draw:
        on = review - timedelta(days=6)
        draw = self._frozen(self._ask(review, title, fields, size, on=on), on)
        with clock.stopped_at(moment(on, 16)):
            done = take(
                "cancel",
                draw,
                actor=actor("guihua", on),
                at=moment(on, 16),
                reason="一家申报单位撤回申请，评审对象有变化",
            )
        assert isinstance(done, experts.Draw)
        return done

    def _held(self, review: date, title: str, fields: tuple[str, ...], size: int, before: Any) -> None:
        on = review - timedelta(days=2)
        draw = self._frozen(self._ask(review, title, fields, size, on=on, before=before), on)
        draw = self._drawn(draw, on)
        self._answers(draw, on)
        officer = actor("guihua", review)
        with clock.stopped_at(moment(review, 8)):
            draw = take("open", draw, actor=officer, at=moment(review, 8))
        with clock.stopped_at(moment(review, 17)):
            for place, member in enumerate(experts.panel_of(draw.number).members):
                worse = 1 if place == 0 and review.month == 5 else 0
                marks = {m: self.chance.choice((4, 5, 5)) for m in ("timeliness", "independence", "quality")}
                marks |= {"confidentiality": 5 - 4 * worse, "days": 1}
                experts.mark_use(draw.number, member.person, marks, actor=officer, at=moment(review, 17))
            take("close", draw, actor=officer, at=moment(review, 17))

    def _answers(self, draw: experts.Draw, on: date) -> None:
        """The office calls: the second in line is busy, the next one stands in, all others come."""
        with clock.stopped_at(moment(on, 17)):
            office = actor("bangong", on)
            seats = list(draw.seats.order_by("order"))
            for place, seat in enumerate(seats):
                try:
                    experts.answer(seat, place != 1, why="busy", actor=office, at=moment(on, 17))
                except Refused:  # nobody left keeps the quotas: then this one comes after all
                    experts.answer(seat, True, actor=office, at=moment(on, 17))
            for seat in draw.seats.filter(state="asked"):
                experts.answer(seat, True, actor=office, at=moment(on, 17))

    def leave_open(self) -> None:
        """December: one draw of each open state, newcomers, rests, exits, and an expert who can log in."""
        self._newcomers(date(2024, 12, 3))
        self._standing(date(2024, 11, 4))
        drawn = self._drawn(
            self._frozen(self._ask(*SEALED, on=date(2024, 12, 9)), date(2024, 12, 9)), date(2024, 12, 9)
        )
        self._frozen(self._ask(*AWAITING, on=date(2024, 12, 9)), date(2024, 12, 9))
        self._ask(*ASKED, on=date(2024, 12, 9))
        self._account(drawn)
        self._exits()

    def _newcomers(self, day: date) -> None:
        at = moment(day)
        with clock.stopped_at(at):
            rows = [self._row(n) for n in range(600, 605)]
            made = experts.register_experts(rows, actor=actor("chengguo", day), at=at, source="page")
            take("reject", made[0], actor=actor("gaoxin", day), at=at, reason="职称证明材料不符")
            experts.invite(["丁一舟", "卜文远"], actor=actor("guihua", day), at=at)
            for expert in experts.Expert.objects.filter(state="active").order_by("pk")[20:23]:
                take("pause", expert, actor=actor("guihua", day), at=at, reason="出国访学半年")

    def _standing(self, day: date) -> None:
        at = moment(day)
        person = experts.Expert.objects.filter(state="active").order_by("pk")[30].person
        row = {
            "person": person, "kind": Standing.Kind.SANCTION, "measure": "一年内不得参加评审", "restricts": ["review"],
            "basis": "六科监〔2024〕5号", "from_on": day, "until_on": date(2025, 11, 3),
        }  # fmt: skip
        with clock.stopped_at(at):
            made = register_standings([row], actor=actor("guihua", day), at=at)
            take("confirm", made[0], actor=actor("gaoxin", day), at=at)

    def _account(self, draw: experts.Draw) -> None:
        """`zhuanjia` is somebody on the sealed panel: there is something to answer."""
        person = draw.seats.select_related("expert__person").order_by("order")[0].expert.person
        account = Account.objects.get(username="zhuanjia")
        account.name = person.name
        account.save(update_fields=["name"])
        person.account = account
        person.save()
        Grant.objects.get_or_create(account=account, role=Role.EXPERT, defaults={"from_on": date(2024, 1, 10)})

    def _exits(self) -> None:
        """Found by the rules; one is out, one dropped, one told, the others proposed."""
        day = date(2024, 11, 18)
        with clock.stopped_at(moment(day)):
            cases = experts.propose_exits(actor=actor("guihua", day), at=moment(day))
            for case in cases[:3]:
                take("notify", case, actor=actor("guihua", day), at=moment(day))
        later = date(2024, 12, 2)
        with clock.stopped_at(moment(later)):
            if len(cases) > 1:
                take("let_go", cases[0], actor=actor("gaoxin", later), at=moment(later), reason="期满未申辩，同意出库")
                take(
                    "drop", cases[1], actor=actor("gaoxin", later), at=moment(later), reason="本领域专家稀缺，继续聘用"
                )


TITLES = {
    "senior": "教授", "associate": "高级工程师", "cto": "总工程师", "accountant": "注册会计师", "investor": "总经理",
    "lawyer": "律师",
}  # fmt: skip
POSTS = {
    "technical": "教研室主任", "industry": "技术总监", "management": "科研处长", "finance": "合伙人",
    "investment": "总经理", "legal": "合伙人",
}  # fmt: skip
