"""The desks of results after acceptance and of projects of higher levels."""

from __future__ import annotations

from keji.desk.desk import Desk, register
from keji.kernel.people.roles import Actor, Role
from keji.modules.projects.models import HigherProject, ResultYear
from keji.modules.projects.module import GROUP
from keji.modules.projects.results.forms import HigherForm, ResultForm
from keji.modules.projects.results.panels import HIGHER_TONES
from keji.modules.projects.results.services import higher, results


@register
class ResultDesk(Desk):
    name, model, group, icon = "project-results", ResultYear, GROUP, "trending-up"
    intro = "验收后连续三年，承担单位每年报一次成果；可以用表格一次报多个项目。"
    columns = ("project", "project__party", "year", "papers", "rights", "revenue", "converted", "conversion")
    search = ("project__title", "project__number", "project__party__name")
    filters = ("year", "converted", "project__region")
    facts = (
        ("项目", ("project", "project__party", "year", "reported_by", "reported_at")),
        ("科技产出", ("papers", "rights", "standards")),
        ("效益和转化", ("revenue", "tax", "converted", "conversion", "jobs", "note")),
    )
    form = ResultForm
    create, update = staticmethod(results.create_results), staticmethod(results.correct_result)
    upload = True
    related = ("project", "project__party")
    empty = "还没有成果。项目验收通过后的第二年起，承担单位在项目页或用表格报送。"


@register
class HigherDesk(Desk):
    name, model, group, icon = "higher-projects", HigherProject, GROUP, "trophy"
    intro = "本市单位获批的国家级、省级科技计划项目；填报和确认由两个人办理，确认后计入省级以上项目数。"
    columns = ("title", "party", "region", "level", "plan_name", "won_on", "grant", "state")
    search = ("title", "number", "code", "party__name")
    filters = ("state", "level", "region")
    tones = HIGHER_TONES
    facts = (
        ("项目", ("title", "party", "region", "level", "plan_name", "code", "leader_name", "number")),
        ("立项", ("won_on", "document", "grant", "reported_by", "confirmed_at")),
    )
    form = HigherForm
    create, update = staticmethod(higher.report_higher), staticmethod(higher.correct_higher)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm",)
    related = ("party", "region")
    empty = "还没有省级以上项目。单位、县区或业务科室填报立项文件上的项目，由另一人确认。"

    def may_create(self, actor: Actor) -> bool:
        return actor.has(Role.OFFICER, Role.COUNTY, Role.ENTERPRISE, Role.INSTITUTION)
