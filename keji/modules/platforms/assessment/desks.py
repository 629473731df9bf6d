"""The desks of assessment: schemes, campaigns, and each platform's assessment."""

from __future__ import annotations

from typing import Any

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import Actor
from keji.modules.platforms.assessment.forms import CampaignForm, SchemeForm
from keji.modules.platforms.assessment.panels import (
    campaign_panel,
    experts_panel,
    findings_panel,
    report_panel,
    results_panel,
    scheme_panel,
)
from keji.modules.platforms.assessment.services import assessment, schemes
from keji.modules.platforms.models import Assessment, Campaign, Scheme

GROUP = "创新平台"
TONES = {
    "invited": "gray",
    "reported": "blue",
    "returned": "amber",
    "checked": "blue",
    "graded": "teal",
    "ordered": "blue",
    "mending": "amber",
    "mended": "violet",
    "closed": "green",
    "exempt": "plain",
}


@register
class SchemeDesk(Desk):
    name, model, group, icon = "assessment-schemes", Scheme, GROUP, "scale"
    intro = "评估用的指标、权重、佐证和等次；起草时可改，定版后不能改，要改另起一版。"
    columns = ("name", "kind", "edition", "from_on", "certain", "state")
    search = ("name", "number", "cites")
    filters = ("kind", "state")
    tones = {"draft": "gray", "frozen": "green", "retired": "plain"}
    facts = (("方案", ("name", "kind", "edition", "from_on", "cites", "certain", "drafted_by", "number")),)
    panels = (Panel("指标和等次", "platforms/scheme.html", scheme_panel),)
    form = SchemeForm
    create, update = staticmethod(schemes.draft_schemes), staticmethod(schemes.correct_scheme)
    editable_in = ("draft",)
    empty = "还没有评估方案。新建时带出一份权重平均的样例，改好后由另一人定版。"


@register
class CampaignDesk(Desk):
    name, model, group, icon = "assessment-campaigns", Campaign, GROUP, "clipboard-list"
    intro = "按一个方案评估一类平台：自评、县区核实、专家评审、评定等次、整改复核，结果向县区和单位公布。"
    columns = ("title", "scheme", "level", "year", "opens_on", "closes_on", "state")
    search = ("title", "number", "document")
    filters = ("year", "state")
    tones = {"draft": "gray", "open": "blue", "published": "green", "cancelled": "plain"}
    facts = (
        ("评估", ("title", "scheme", "level", "year", "document", "number")),
        ("时间", ("opens_on", "closes_on", "county_days", "rectify_days", "published_on")),
    )
    panels = (
        Panel("办理进度", "platforms/campaign.html", campaign_panel),
        Panel("评估结果", "platforms/results.html", results_panel),
    )
    form = CampaignForm
    create, update = staticmethod(assessment.draft_campaigns), staticmethod(assessment.correct_campaign)
    editable_in = ("draft",)
    related = ("scheme",)
    empty = "还没有评估批次。先把评估方案定版，再新建一个批次。"


@register
class AssessmentDesk(Desk):
    name, model, group, icon = "assessments", Assessment, GROUP, "checklist"
    intro = "每个平台一份：单位自评、县区逐项核实、专家现场打分，等次由系统按方案算出。"
    columns = ("platform", "region", "campaign", "shown_grade", "state", "due_on")
    search = ("platform__name", "number", "party__name")
    filters = ("campaign", "state", "region")
    tones = TONES
    facts = (("评估", ("platform", "party", "region", "campaign", "shown_grade", "due_on", "number")),)
    panels = (
        Panel("自评和县区核实", "platforms/self_report.html", report_panel),
        Panel("专家评审", "platforms/experts.html", experts_panel),
        Panel("整改问题", "platforms/findings.html", findings_panel),
    )
    attachments = False  # evidence hangs on the items it proves
    related = ("platform", "party", "region", "campaign__scheme")
    empty = "还没有平台评估。评估批次启动后，每个平台会有一份。"

    def edit_refusal(self, actor: Actor, record: Any) -> str:
        return "评估内容在下面各部分填写"
