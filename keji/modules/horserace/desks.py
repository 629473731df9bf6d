"""Lists and pages of schemes, rounds, runs, bonuses and tasks."""

from __future__ import annotations

from typing import Any

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import BUREAU, Actor
from keji.modules.horserace import panels, panels_year
from keji.modules.horserace.forms import AwardForm, RoundForm, SchemeForm, TaskForm
from keji.modules.horserace.models import Appraisal, RaceAward, RaceRound, RaceRun, RaceScheme, ReviewTask
from keji.modules.horserace.services import extras, rounds, schemes

GROUP = "科技创新赛马"


@register
class RaceRoundDesk(Desk):
    name, model, group, icon = "race-rounds", RaceRound, GROUP, "calendar-event"
    intro = "每月一轮：数据到齐、复核，预排后听取各县区意见，审定后定格计分。"
    columns = ("month_label", "scheme", "state", "cutoff_on", "hearing_until", "approved_by")
    filters = ("state",)
    tones = {"collecting": "blue", "hearing": "amber", "approved": "green"}
    facts = (("轮次", ("month_label", "scheme", "cutoff_on", "hearing_until", "approved_by", "number")),)
    panels = (
        Panel("数据收集", "horserace/round_items.html", panels.items_panel),
        Panel("数据疑问", "horserace/round_questions.html", panels.questions_panel),
        Panel("计分和县区意见", "horserace/round_hearing.html", panels.hearing_panel),
    )
    form = RoundForm
    create = staticmethod(rounds.open_rounds)
    related = ("scheme",)
    attachments = False
    empty = "月份结束后，由规划科室点“新建”开始收集。"


@register
class RaceRunDesk(Desk):
    name, model, group, icon = "race-runs", RaceRun, GROUP, "list-check"
    intro = "每次计分都留有计分文件，任何人都可以用它重算名次；更正后的新版与旧版并列。"
    columns = ("period_label", "kind", "state", "version", "scheme", "published_on", "digest")
    search = ("number", "digest", "period")
    filters = ("kind", "state")
    tones = {"provisional": "amber", "rehearsal": "violet", "ready": "blue", "published": "green", "superseded": "gray"}
    facts = (
        (
            "计分",
            (
                *("period_label", "kind", "version", "scheme", "made_by", "created_at"),
                *("published_on", "published_by", "reason", "supersedes", "digest", "number"),
            ),
        ),
    )
    panels = (Panel("结果", "horserace/run_panel.html", panels.run_panel),)
    related = ("scheme", "supersedes", "round")
    attachments = False
    empty = "轮次预排或审定后，这里出现计分。"


@register
class RaceSchemeDesk(Desk):
    name, model, group, icon = "race-schemes", RaceScheme, GROUP, "scale"
    intro = "参加单位、指标、权重、计分方法都在方案里，按执行日期分版；新版先用已定格的数据预演，再由另一人批准。"
    columns = ("title", "edition", "from_on", "until_on", "state", "checked", "cites")
    search = ("title", "edition", "cites", "number")
    filters = ("state",)
    tones = {"draft": "amber", "in_force": "green", "replaced": "gray", "dropped": "gray"}
    facts = (
        ("方案", ("title", "edition", "from_on", "until_on", "cites", "checked", "drafted_by", "adopted_by", "number")),
    )
    panels = (
        Panel("指标和权重", "horserace/scheme_panel.html", panels.scheme_panel),
        Panel("预演", "horserace/scheme_rehearsals.html", panels.rehearsal_panel),
    )
    form = SchemeForm
    create, update = staticmethod(schemes.draft_schemes), staticmethod(schemes.correct_scheme)
    editable_in = ("draft",)
    related = ("drafted_by",)


@register
class RaceAwardDesk(Desk):
    name, model, group, icon = "race-awards", RaceAward, GROUP, "medal"
    intro = "按考评方案加分或减分，须有依据材料，由另一人核定后计入。"
    columns = ("region", "bonus_title", "on", "count", "evidence", "state")
    search = ("evidence", "number")
    filters = ("region", "state")
    tones = {"claimed": "amber", "confirmed": "green", "refused": "gray"}
    facts = (("加减分", ("region", "bonus_title", "on", "count", "evidence", "answer", "created_by", "number")),)
    form = AwardForm
    create, update = staticmethod(extras.claim_awards), staticmethod(extras.correct_award)
    upload = True
    editable_in = ("claimed",)
    related = ("region", "created_by")


@register
class AppraisalDesk(Desk):
    name, model, group, icon = "race-appraisals", Appraisal, GROUP, "medal"
    intro = "年度结果公布后按名次拟定等次，公示期满、异议都已答复，由局领导确定；改变等次的，原因一并公示。"
    columns = ("period_label", "run", "state", "notice", "finished_on", "finished_by")
    filters = ("state",)
    tones = {"proposed": "amber", "announced": "blue", "final": "green", "superseded": "gray", "dropped": "gray"}
    facts = (("年度评价", ("period_label", "run", "drafted_by", "notice", "finished_on", "finished_by", "number")),)
    panels = (Panel("等次", "horserace/appraisal_panel.html", panels_year.appraisal_panel),)
    related = ("run", "notice", "drafted_by")
    attachments = False
    empty = "全年十二个月审定、年度结果公布后，在结果页上点“拟定年度评价”。"


@register
class ReviewTaskDesk(Desk):
    name, model, group, icon = "race-tasks", ReviewTask, GROUP, "clipboard-check"
    intro = "季度调度留给各县区的事项：谁办、何时办结、结果如何。"
    columns = ("title", "region", "owner", "section", "due_on", "state")
    search = ("title", "owner", "number")
    filters = ("region", "state", "section")
    tones = {"open": "amber", "reported": "blue", "closed": "green"}
    facts = (("事项", ("title", "region", "run", "owner", "section", "due_on", "result", "number")),)
    form = TaskForm
    create, update = staticmethod(extras.set_tasks), staticmethod(extras.correct_task)
    editable_in = ("open",)
    related = ("region", "section", "run")
    newest_first = False

    def may_create(self, actor: Actor) -> bool:
        """The bureau sets tasks; a county reports on its own."""
        return actor.has(*BUREAU) and super().may_create(actor)

    def edit_refusal(self, actor: Actor, record: Any) -> str:
        if not actor.has(*BUREAU):
            return "调度事项由业务科室或局领导修改"
        return super().edit_refusal(actor, record)
