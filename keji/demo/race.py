"""The horse race of the made-up city: collected, heard, approved and published month by month."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keji.demo.plan import PlanYear
from keji.demo.story import Story, Tell, actor, moment
from keji.kernel import clock
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.indicators.objections import raise_objections
from keji.kernel.indicators.services import report_figures
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Account, Section
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import take
from keji.lib.figures import Period
from keji.modules.horserace import api as race

YEAR = 2024
#: months whose results are put into a paper; a quarter's review always is
PAPERS = (8, 9, 10)
#: (month, indicator, county): corrected after publication
REVISED = (9, "hightech_value_added_growth", "341524", Decimal("0.62"))
#: (month, indicator, county, by how much): objected to in the hearing, upheld
UPHELD = (8, "fiscal_growth", "341504", Decimal("1.35"))
SILENT = {3: ("341522",), 7: ("341502", "341525")}


class RaceYear:
    """The race beside the plan's year; `month` is called once a month's bulletin is out."""

    def __init__(self, story: Story, year: PlanYear, tell: Tell) -> None:
        self.story, self.year, self.tell = story, year, tell
        self.clerks = {
            a.grants.get(role=Role.COUNTY).region_id: a.username
            for a in Account.objects.filter(grants__role=Role.COUNTY)
        }
        self.regions = {r.pk: r for r in Region.objects.all()}

    def begin(self) -> None:
        """The scheme is drafted and approved before the first round."""
        day = date(YEAR, 1, 8)
        scheme = race.draft_starter(actor=actor("guihua", day), at=moment(day))
        take("adopt", scheme, actor=actor("juzhang", day), at=moment(date(YEAR, 1, 10)))
        rows = [
            ("341525", "honour", date(YEAR, 3, 20), "省创新型县建设试点通知（皖科区〔2024〕12号）"),
            ("341502", "honour", date(YEAR, 6, 18), "全省科技成果转化现场会经验交流材料"),
        ]
        for region, bonus, on, evidence in rows:
            row = {"region": self.regions[region], "bonus": bonus, "on": on, "count": 1, "evidence": evidence}
            clerk = actor(self.clerks[region], on)
            award = race.claim_awards([row], actor=clerk, at=moment(on), source="page")[0]
            if region == "341525":
                take("confirm", award, actor=actor("guihua", on), at=moment(on, 15))
            else:
                why = "会议交流不属于表彰或试点"
                take("refuse", award, actor=actor("guihua", on), at=moment(on, 15), reason=why)

    def month(self, month: int) -> None:
        """Open, check, hear, approve, publish; November is still being heard."""
        last = month == 11
        opened, heard = (date(YEAR, month + 1, d) for d in ((5, 9) if last else (5, 15)))
        officer, other = actor("guihua", opened), actor("gaoxin", opened)
        record = race.open_rounds([{"period": f"{YEAR}-{month:02d}"}], actor=officer, at=moment(opened))[0]
        self._late_figures(month)
        race.ask(record, actor=officer, at=moment(opened, 15))
        self._answer(record, opened)
        for item in record.items.all():
            race.check_item(item, actor=other, at=moment(heard, 8), without="市局正在催报" if last else "")
        record = take("open_hearing", record, actor=officer, at=moment(heard, 9))
        self._hear(record, month, heard)
        if last:
            return
        approved = date(YEAR, month + 1, 22)
        with clock.stopped_at(moment(approved)):
            record = take("approve", record, actor=other, at=moment(approved))
        for run in record.runs.filter(state="ready"):
            published = take("publish", run, actor=actor("juzhang", approved), at=moment(approved, 16))
            if run.kind == "quarter":
                self._review(published, date(YEAR, month + 1, 24))
            elif month in PAPERS:
                self._paper(published, date(YEAR, month + 1, 24))
        if month == 10:
            self._correct()
            self._next_scheme()

    def _late_figures(self, month: int) -> None:
        """What a county had not filed in time comes days after it was due, and is marked late."""
        rows = self.year.kept_back.pop(month, [])
        day = date(YEAR, month + 1, 14)
        for figure in report_figures(rows, actor=actor("guihua", day), at=moment(day), source="page"):
            take("send", figure, actor=actor("guihua", day), at=moment(day))
            take("confirm", figure, actor=actor("gaoxin", day), at=moment(day, 14))

    def _answer(self, record: Any, day: date) -> None:
        for question in record.questions.filter(answered_at=None, settled_at=None):
            who = self.clerks.get(question.region_id, "guihua")
            text = "已与提供部门核对，数据属实，主要是上月基数和项目入库时间的影响。"
            race.answer(question, text, actor=actor(who, day), at=moment(day, 16))

    def _hear(self, record: Any, month: int, day: date) -> None:
        """Most agree the same day; one objects and is upheld, some say nothing and the days run out."""
        objecting = {UPHELD[2]} if month == UPHELD[0] else {"341523"} if month == 11 else set()
        quiet = set(SILENT.get(month, ())) | ({"341503", "341500-KFQ"} if month == 11 else set())
        for region, clerk in self.clerks.items():
            if region in objecting:
                self._object(record, month, region, day)
            if region not in objecting | quiet:
                who = actor(clerk, day)
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
        clerk = actor(self.clerks[region], day)
        made = raise_objections([row], actor=clerk, at=moment(day, 11), source="page")[0]
        if month != UPHELD[0]:
            return  # November's still waits for its answer
        answered = date(YEAR, month + 1, 17)
        officer = actor("guihua", answered)
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
        officer = actor("guihua", day)
        why = "市统计局修订金寨县9月规上高新技术产业增加值增速"
        race.correct_reported(record, figure, figure.value + more, reason=why, actor=officer, at=moment(day))
        record = take("correct", record, actor=officer, at=moment(day, 11), reason=why)
        for run in record.runs.filter(state="ready"):
            made = take("publish", run, actor=actor("juzhang", day), at=moment(day, 15))
            if made.kind == "month":
                self._paper(made, date(YEAR, 11, 26))

    def _paper(self, run: Any, day: date, minutes: str = "") -> None:
        paper = race.papers.draft(run, actor=actor("guihua", day), at=moment(day))
        if minutes:
            race.papers.edit(paper, {"minutes": minutes}, actor=actor("guihua", day), at=moment(day, 10))
        race.papers.review(paper, actor=actor("gaoxin", day), at=moment(day, 14))
        race.papers.issue(paper, actor=actor("juzhang", day), at=moment(day, 16))

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
        tasks = race.set_tasks(rows, actor=actor("guihua", day), at=moment(day, 11))
        quarter = int(run.period[-1])
        for n, task in enumerate(tasks):
            self._do(task, quarter, n, due)
        words = "会议要求排名靠后的县区对照短板逐项制定措施，规划科按月跟踪，下季度会上逐项报告。"
        self._paper(run, day, words)

    def _do(self, task: Any, quarter: int, n: int, due: date) -> None:
        """The first quarter's are settled, the second's reported, the third's open; one was sent back."""
        if quarter == 3:
            return
        clerk = actor(self.clerks[task.region_id], due)
        told = "已走访企业 12 户，形成措施清单并逐月跟踪。"
        done = take("report", task, actor=clerk, at=moment(due), result=told)
        if quarter == 1:
            take("close", done, actor=actor("guihua", due), at=moment(due, 15))
        elif n:
            take("return", done, actor=actor("guihua", due), at=moment(due, 15), reason="没有附走访记录，请补充。")

    def _next_scheme(self) -> None:
        """Next year's edition is rehearsed on October's frozen figures and approved; a harsher variant is dropped."""
        day, adopted = date(YEAR, 11, 27), date(YEAR, 12, 5)
        about = {
            "title": "县区科技创新赛马考评方案",
            "from_on": date(YEAR + 1, 1, 1),
            "cites": "局党组会议纪要（2024年11月），权重待正式文件印发后核对",
        }
        officer = actor("guihua", day)
        for edition, weights in (("2025年试算版", ("20", "20", "60")), ("2025年版", ("40", "35", "25"))):
            scheme = race.draft_schemes([about | {"edition": edition}], actor=officer, at=moment(day))[0]
            content = json.loads(json.dumps(scheme.content))
            for level, weight in zip(content["levels"], weights, strict=True):
                level["weight"] = weight
            for row in content["indicators"]:
                if row["code"] == "hnte_stock":
                    row |= {"function": "GROWTH", "base": "year_end", "parameters": {"start": "60", "each": "2"}}
            scheme = race.save_content(scheme, content, actor=officer, at=moment(day, 11))
            race.rehearse(scheme, Period.month(YEAR, 10), actor=officer, at=moment(day, 14))
            if edition == "2025年版":
                take("adopt", scheme, actor=actor("fuju", adopted), at=moment(adopted))
            else:
                why = "产出一项占六成，名次几乎只由一个指标决定"
                take("drop", scheme, actor=officer, at=moment(day, 16), reason=why)

    def finish(self) -> datetime:
        """A claim still waiting, and a draft for whoever opens the page."""
        day = date(YEAR, 12, 6)
        row = {
            "region": self.regions["341523"], "bonus": "honour", "on": date(YEAR, 12, 2), "count": 1,
            "evidence": "省科技厅关于公布科技成果转化示范县的通知",
        }  # fmt: skip
        race.claim_awards([row], actor=actor("shucheng", day), at=moment(day), source="page")
        return moment(day)
