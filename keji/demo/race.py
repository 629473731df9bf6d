"""The horse race of the made-up city: collected, heard, approved and published month by month."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keji.demo import race_before
from keji.demo.plan import PlanYear
from keji.demo.story import Story, Tell, actor, moment
from keji.kernel import clock
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.indicators.objections import raise_objections
from keji.kernel.indicators.services import report_figures
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Account, Section
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import take
from keji.kernel.rules.services import propose_parameters
from keji.lib.figures import Period
from keji.modules.horserace import api as race

YEAR = 2024
#: months whose results are put into a paper; a quarter's review always is
PAPERS = (7, 8)
#: whose paper was drafted and then left lying
LEFT_LYING = 7
#: (month, indicator, county): corrected after publication
REVISED = (9, "hightech_value_added_growth", "341524", Decimal("0.62"))
#: (month, indicator, county, by how much): objected to in the hearing, upheld
UPHELD = (8, "fiscal_growth", "341504", Decimal("1.35"))
#: editions tried for next year: weights of the levels, counties and districts apart or together
EDITIONS = (
    ("2025年试算版", ("20", "20", "60"), False),
    ("2025年版", ("40", "35", "25"), False),
    ("2025年下半年分组版", ("40", "35", "25"), True),
)
#: what experts gave the indicators, in the order of the scheme, out of 100
BALLOTS = (
    ("市统计局社科科", ("25", "15", "10", "5", "20", "10", "15")),
    ("皖西学院创新研究所", ("20", "10", "5", "10", "15", "10", "30")),
    ("市财政局教科文科", ("20", "20", "15", "5", "15", "10", "15")),
)
COUNTIES = ("341522", "341523", "341524", "341525")
#: sent back once and heard again when a visitor comes in
HEARD_AGAIN = 10
#: still being collected
COLLECTED = 11
SILENT = {3: ("341522",), 7: ("341502", "341525")}


class RaceYear:
    """The race beside the plan's year; `month` is called once a month's bulletin is out."""

    def __init__(self, story: Story, year: PlanYear, tell: Tell) -> None:
        self.story, self.year, self.tell = story, year, tell
        self.clerks = {
            a.grants.get(role=Role.COUNTY).region_id: a.username
            for a in Account.objects.filter(grants__role=Role.COUNTY)
        }
        self._known: dict[tuple[str, date], Actor] = {}
        self.regions = {r.pk: r for r in Region.objects.all()}

    def who(self, username: str, on: date) -> Actor:
        """Looked up once a month: nobody's rights change within one."""
        key = (username, on.replace(day=1))
        if key not in self._known:
            self._known[key] = actor(username, on)
        return self._known[key]

    def begin(self) -> None:
        """Last year's scheme, this year's before its first round, then last year is scored and appraised."""
        race_before.adopt_scheme()
        day = date(YEAR, 1, 8)
        scheme = race.draft_starter(actor=self.who("guihua", day), at=moment(day))
        take("adopt", scheme, actor=self.who("juzhang", day), at=moment(date(YEAR, 1, 10)))
        race.retire_schemes(at=moment(date(YEAR, 1, 11), 1))
        race_before.appraise(race_before.score_december(self.clerks))
        rows = [
            ("341525", "honour", date(YEAR, 3, 20), "省创新型县建设试点通知（皖科区〔2024〕12号）"),
            ("341502", "honour", date(YEAR, 6, 18), "全省科技成果转化现场会经验交流材料"),
        ]
        for region, bonus, on, evidence in rows:
            row = {"region": self.regions[region], "bonus": bonus, "on": on, "count": 1, "evidence": evidence}
            clerk = self.who(self.clerks[region], on)
            award = race.claim_awards([row], actor=clerk, at=moment(on), source="page")[0]
            if region == "341525":
                take("confirm", award, actor=self.who("guihua", on), at=moment(on, 15))
            else:
                why = "会议交流不属于表彰或试点"
                take("refuse", award, actor=self.who("guihua", on), at=moment(on, 15), reason=why)

    def month(self, month: int) -> None:
        """Open, check, hear, approve, publish; October is heard a second time, November is still being collected."""
        if month == COLLECTED:
            self._earlier_due()
            self._collect(month)
            return
        again = month == HEARD_AGAIN
        opened, heard, approved = (date(YEAR, month + 1, d) for d in (5, 15, 22))
        officer, other = self.who("guihua", opened), self.who("gaoxin", opened)
        record = race.open_rounds([{"period": f"{YEAR}-{month:02d}"}], actor=officer, at=moment(opened))[0]
        self._late_figures(month)
        race.ask(record, actor=officer, at=moment(opened, 15))
        self._answer(record, opened)
        for item in record.items.all():
            race.check_item(item, actor=other, at=moment(heard, 8))
        record = take("open_hearing", record, actor=officer, at=moment(heard, 9))
        if again:
            self._hear_again(record, approved)
            return
        self._hear(record, month, heard)
        with clock.stopped_at(moment(approved)):
            record = take("approve", record, actor=other, at=moment(approved))
        for run in record.runs.filter(state="ready"):
            published = take("publish", run, actor=self.who("juzhang", approved), at=moment(approved, 16))
            if run.kind == "quarter":
                self._review(published, date(YEAR, month + 1, 24))
            elif month in PAPERS:
                self._paper(published, date(YEAR, month + 1, 24), lying=month == LEFT_LYING)

    def _hear_again(self, record: Any, back: date) -> None:
        """The statistics bureau revised its series, so the month went back and is heard anew in December."""
        heard = date(YEAR, 12, 9)
        officer = self.who("guihua", back)
        why = "市统计局通知10月规上高新技术产业增加值增速全面修订，核实后重新听取意见"
        record = take("back", record, actor=officer, at=moment(back), reason=why)
        self._correct()
        self._next_scheme()
        record = take("open_hearing", record, actor=self.who("guihua", heard), at=moment(heard, 9))
        self._hear(record, HEARD_AGAIN, heard)

    def _earlier_due(self) -> None:
        """From November on figures are due earlier, so that the month's result is out before the next begins."""
        day = date(YEAR, 11, 4)
        row = {
            "name": "race.due_day", "label": "赛马指标应报日（次月几日）", "value": Decimal(8), "unit": "日",
            "from_on": date(YEAR, 11, 1), "cites": "局长办公会议纪要（2024年11月）", "certain": True,
        }  # fmt: skip
        made = propose_parameters([row], actor=self.who("guihua", day), at=moment(day), source="page")[0]
        take("approve", made, actor=self.who("gaoxin", day), at=moment(day, 15))

    def _collect(self, month: int) -> None:
        """What is due, came, came late, waits, is missing; some questions have no answer, some items are checked."""
        opened, late = date(YEAR, month + 1, 4), date(YEAR, month + 1, 10)
        officer, other = self.who("guihua", opened), self.who("gaoxin", opened)
        record = race.open_rounds([{"period": f"{YEAR}-{month:02d}"}], actor=officer, at=moment(opened))[0]
        for n, row in enumerate(self.year.kept_back.pop(month, [])):
            if n == 0:
                continue  # not filed at all yet
            if n == 1:  # per cent typed as a fraction: it is asked about, nobody has answered yet
                row["value"] = (row["value"] / 100).quantize(Decimal("0.0001"))
            figure = report_figures([row], actor=self.who("guihua", late), at=moment(late, 8), source="page")[0]
            figure = take("send", figure, actor=self.who("guihua", late), at=moment(late, 8))
            if n == 1:
                take("confirm", figure, actor=self.who("gaoxin", late), at=moment(late, 8))
        race.ask(record, actor=self.who("guihua", late), at=moment(late, 8))
        for item in record.items.filter(indicator__in=("hnte_stock", "tech_sme_listed", "rd_growth")):
            race.check_item(item, actor=other, at=moment(date(YEAR, month + 1, 6)))

    def _late_figures(self, month: int) -> None:
        """What a county had not filed in time comes days after it was due, and is marked late."""
        rows = self.year.kept_back.pop(month, [])
        day = date(YEAR, month + 1, 14)
        for figure in report_figures(rows, actor=self.who("guihua", day), at=moment(day), source="page"):
            take("send", figure, actor=self.who("guihua", day), at=moment(day))
            take("confirm", figure, actor=self.who("gaoxin", day), at=moment(day, 14))

    def _answer(self, record: Any, day: date, only: Any = None) -> None:
        for question in record.questions.filter(answered_at=None, settled_at=None) if only is None else only:
            who = self.clerks.get(question.region_id, "guihua")
            text = "已与提供部门核对，数据属实，主要是上月基数和项目入库时间的影响。"
            race.answer(question, text, actor=self.who(who, day), at=moment(day, 16))

    def _hear(self, record: Any, month: int, day: date) -> None:
        """Most agree the same day; one objects and is upheld, some say nothing and the days run out."""
        objecting = {UPHELD[2]} if month == UPHELD[0] else {"341523"} if month == HEARD_AGAIN else set()
        quiet = set(SILENT.get(month, ())) | ({"341503", "341500-KFQ", "341524"} if month == HEARD_AGAIN else set())
        for region, clerk in self.clerks.items():
            if region in objecting:
                self._object(record, month, region, day)
            if region not in objecting | quiet:
                who = self.who(clerk, day)
                race.agree(record, self.regions[region], actor=who, at=moment(day, 16))

    def _object(self, record: Any, month: int, region: str, day: date) -> None:
        code = UPHELD[1]
        figure = ReportedFigure.objects.get(indicator=code, region=region, period=record.period, state="confirmed")
        more = UPHELD[3]
        row = {
            "region": self.regions[region],
            "indicator": code,
            "period": record.period,
            "claimed": figure.value + more,
            "grounds": "市财政局月报漏计科技创新专项下达数，本级财政局已出具更正说明，见附件。",
        }
        clerk = self.who(self.clerks[region], day)
        made = raise_objections([row], actor=clerk, at=moment(day, 11), source="page")[0]
        if month != UPHELD[0]:
            return  # October's still waits for its answer
        answered = date(YEAR, month + 1, 17)
        officer = self.who("guihua", answered)
        reason = "经与市财政局核对，漏计属实，按更正后的数计。"
        take("uphold", made, actor=officer, at=moment(answered), reason=reason)
        race.correct_reported(
            record, figure, figure.value + more, reason=f"采纳异议{made.number}", actor=officer, at=moment(answered, 11)
        )

    def _correct(self) -> None:
        """A month after September was published, the statistics bureau revises a figure."""
        month, code, region, more = REVISED
        day = date(YEAR, 11, 25)
        record = race.round_of(f"{YEAR}-{month:02d}")
        figure = ReportedFigure.objects.get(indicator=code, region=region, period=record.period, state="confirmed")
        officer = self.who("guihua", day)
        why = "市统计局修订金寨县9月规上高新技术产业增加值增速"
        race.correct_reported(record, figure, figure.value + more, reason=why, actor=officer, at=moment(day))
        record = take("correct", record, actor=officer, at=moment(day, 11), reason=why)
        # The month is published and its paper reviewed; the quarter's correction waits for the leader.
        made = take(
            "publish", record.runs.get(state="ready", kind="month"), actor=self.who("juzhang", day), at=moment(day, 15)
        )
        paper = race.papers.draft(made, actor=self.who("guihua", day), at=moment(day, 16))
        race.papers.review(paper, actor=self.who("gaoxin", day), at=moment(day, 17))

    def _paper(self, run: Any, day: date, minutes: str = "", *, lying: bool = False) -> None:
        paper = race.papers.draft(run, actor=self.who("guihua", day), at=moment(day))
        if lying:
            return
        if minutes:
            race.papers.edit(paper, {"minutes": minutes}, actor=self.who("guihua", day), at=moment(day, 10))
        race.papers.review(paper, actor=self.who("gaoxin", day), at=moment(day, 14))
        race.papers.issue(paper, actor=self.who("juzhang", day), at=moment(day, 16))

    def _review(self, run: Any, day: date) -> None:
        """The quarter's meeting: what is short, who does what by when."""
        section = Section.objects.get(code="ghfz")
        ranked = list(run.places.exclude(place=None).select_related("region"))
        due = date(day.year, day.month, 10).replace(month=min(day.month + 2, 12))
        rows = [
            {
                "run": run,
                "region": place.region,
                "indicator": "hightech_value_added_growth",
                "title": f"{place.region.short_name}：逐户走访增加值下滑的高新技术企业，制定增产增效措施",
                "owner": f"{place.region.short_name}科技局局长",
                "section": section,
                "due_on": due,
            }
            for place in ranked[-2:]
        ]
        tasks = race.set_tasks(rows, actor=self.who("guihua", day), at=moment(day, 11))
        quarter = int(run.period[-1])
        for n, task in enumerate(tasks):
            self._do(task, quarter, n, due)
        words = "会议要求排名靠后的县区对照短板逐项制定措施，规划科按月跟踪，下季度会上逐项报告。"
        if quarter == 3:  # the earlier ones were minuted by hand
            self._paper(run, day, words)

    def _do(self, task: Any, quarter: int, n: int, due: date) -> None:
        """The first quarter's are settled, the second's reported, the third's open; one was sent back."""
        if quarter == 3:
            return
        clerk = self.who(self.clerks[task.region_id], due)
        told = "已走访企业 12 户，形成措施清单并逐月跟踪。"
        done = take("report", task, actor=clerk, at=moment(due), result=told)
        if quarter == 1:
            take("close", done, actor=self.who("guihua", due), at=moment(due, 15))
        elif n:
            take("return", done, actor=self.who("guihua", due), at=moment(due, 15), reason="没有附走访记录，请补充。")

    def _next_scheme(self) -> None:
        """Next year's edition is rehearsed on September's frozen figures and approved; a harsher variant is dropped,
        one with two groups is still being tried."""
        day, adopted = date(YEAR, 11, 27), date(YEAR, 12, 5)
        for edition, weights, groups in EDITIONS:
            scheme = self._draft(edition, weights, groups, day)
            race.rehearse(scheme, Period.month(YEAR, 9), actor=self.who("guihua", day), at=moment(day, 14))
            if edition == "2025年版":
                take("adopt", scheme, actor=self.who("fuju", adopted), at=moment(adopted))
            elif groups:
                self._discuss(scheme, day)
            else:
                why = "产出一项占六成，名次几乎只由一个指标决定"
                take("drop", scheme, actor=self.who("guihua", day), at=moment(day, 16), reason=why)

    def _discuss(self, scheme: Any, day: date) -> None:
        """What three experts said of the weights of the draft still being tried; two pairs contradict each other."""
        officer = self.who("guihua", day)
        codes = [row["code"] for row in scheme.content["indicators"]]
        for judge, given in BALLOTS:
            race.save_ballot(scheme, judge, dict(zip(codes, given, strict=True)), actor=officer, at=moment(day, 15))
        pairs = {
            f"{one}|{other}": "3" if (n + m) % 3 else "5"
            for n, one in enumerate(codes)
            for m, other in enumerate(codes[n + 1 :], n + 1)
        }
        pairs[f"{codes[0]}|{codes[-1]}"] = "1/5"
        race.save_pairs(scheme, pairs, actor=officer, at=moment(day, 16))

    def _draft(self, edition: str, weights: tuple[str, ...], groups: bool, day: date) -> Any:
        officer = self.who("guihua", day)
        about = {
            "title": "县区科技创新赛马考评方案",
            "edition": edition,
            "from_on": date(YEAR + 1, 7 if groups else 1, 1),
            "cites": "局党组会议纪要（2024年11月），权重待正式文件印发后核对",
        }
        scheme = race.draft_schemes([about], actor=officer, at=moment(day))[0]
        content = json.loads(json.dumps(scheme.content))
        for level, weight in zip(content["levels"], weights, strict=True):
            level["weight"] = weight
        for row in content["indicators"]:
            if row["code"] == "hnte_stock":
                row |= {"function": "GROWTH", "base": "year_end", "parameters": {"start": "60", "each": "2"}}
        if groups:
            content["groups"] = [{"code": "district", "title": "区和开发区"}, {"code": "county", "title": "县"}]
            for unit in content["units"]:
                unit["group"] = "county" if unit["region"] in COUNTIES else "district"
        return race.save_content(scheme, content, actor=officer, at=moment(day, 11))

    def finish(self) -> datetime:
        """A claim still waiting, and a draft for whoever opens the page."""
        day = date(YEAR, 12, 6)
        row = {
            "region": self.regions["341523"], "bonus": "honour", "on": date(YEAR, 12, 2), "count": 1,
            "evidence": "省科技厅关于公布科技成果转化示范县的通知",
        }  # fmt: skip
        race.claim_awards([row], actor=self.who("shucheng", day), at=moment(day), source="page")
        return moment(day)
