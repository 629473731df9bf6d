"""The desks of the ladder: cultivation lists, reasons not to apply, campaigns, applications, chains."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records.access import Access
from keji.modules.enterprises.ladder.campaign_forms import (
    ApplicationForm,
    BatchForm,
    CampaignForm,
    IndustryForm,
    ResultForm,
    SegmentFirmForm,
    SegmentForm,
)
from keji.modules.enterprises.ladder.campaign_models import Application, Campaign, CampaignBatch
from keji.modules.enterprises.ladder.chain_models import FocusIndustry, Segment, SegmentFirm
from keji.modules.enterprises.ladder.forms import CultivationForm, WaiverForm
from keji.modules.enterprises.ladder.models import CultivationEntry, Waiver
from keji.modules.enterprises.ladder.services import campaigns, chains, cultivation
from keji.modules.enterprises.ladder.views.campaigns import STATE_TONES, materials_panel
from keji.modules.enterprises.ladder.views.cultivation import standing_panel, visits_panel


@register
class CultivationDesk(Desk):
    name, model, group, icon = "cultivation", CultivationEntry, "创新主体", "plant-2"
    intro = "要帮上一级的企业：交给谁，差什么，走访了几次，结果如何。多数从后备名单勾选列入。"
    columns = ("party", "rung", "year", "region", "owner", "condition", "visited_on", "next_on", "state")
    search = ("party__name", "number", "party__uscc", "owner__name")
    filters = ("rung", "region", "state", "origin", "year", "owner")
    tones = {"cultivating": "blue", "applied": "teal", "achieved": "green", "dropped": "gray"}
    facts = (
        ("培育对象", ("party", "rung", "year", "region", "owner", "origin")),
        ("列入时", ("condition", "gap", "plan", "created_by", "created_at")),
        ("进展", ("visits_count", "visited_on", "next_on", "result")),
    )
    panels = (
        Panel("离达标还差什么", "enterprises/ladder/panel_standing.html", standing_panel),
        Panel("走访记录", "enterprises/ladder/panel_visits.html", visits_panel),
    )
    form = CultivationForm
    create = staticmethod(cultivation.list_firms)
    update = staticmethod(cultivation.correct_entry)
    upload = True
    editable_in = ("cultivating",)
    bulk = ("mark_applied", "achieve")
    related = ("party", "region", "owner", "created_by")
    empty = "还没有培育企业。可以在“后备名单”里勾选列入，也可以逐个新建或上传表格。"


@register
class WaiverDesk(Desk):
    name, model, group, icon = "waivers", Waiver, "创新主体", "message"
    intro = "达到条件而今年不申报的企业，写明原因，由另一位同志认可后不再计入应评未评、达标未报。"
    columns = ("party", "rung", "year", "region", "reason", "explanation", "state")
    search = ("party__name", "number", "explanation")
    filters = ("rung", "region", "state", "reason", "year")
    tones = {"proposed": "amber", "accepted": "green", "rejected": "red"}
    facts = (
        ("说明", ("party", "rung", "year", "region", "reason", "explanation")),
        ("登记", ("number", "created_by", "created_at", "accepted_by")),
    )
    form = WaiverForm
    create = staticmethod(cultivation.propose_waivers)
    update = staticmethod(cultivation.correct_waiver)
    upload = True
    editable_in = ("proposed", "rejected")
    bulk = ("accept",)
    related = ("party", "region", "created_by")
    empty = "还没有不申报说明。在“应评未评”名单里核实原因后登记。"


@register
class ApplicationDesk(Desk):
    name, model, group, icon = "applications", Application, "创新主体", "send"
    intro = "企业提交，县区审核（可退回补正一次），市局推荐；结果和公示名单由市局登记。"
    columns = ("party", "campaign", "batch", "region", "submitted_at", "state")
    search = ("party__name", "number", "party__uscc")
    filters = ("campaign", "batch", "region", "state")
    tones = STATE_TONES
    facts = (
        ("申报", ("party", "campaign", "batch", "region", "contact", "note")),
        ("办理", ("number", "submitted_at", "returned_times", "reviewed_by", "result", "certification")),
    )
    panels = (Panel("材料清单", "enterprises/ladder/panel_materials.html", materials_panel),)
    form = ApplicationForm
    create = staticmethod(campaigns.begin_applications)
    update = staticmethod(campaigns.correct_application)
    editable_in = ("draft", "returned")
    bulk = ("review", "recommend")
    related = ("party", "region", "campaign", "batch", "batch__campaign", "reviewed_by", "certification")
    empty = "还没有申报。申报活动开始受理后，企业登录填写，或由县区代填。"


@register
class ResultDesk(Desk):
    """Results come as a sheet; the list beside it is that of the applications."""

    name, model, icon = "application-results", Application, "clipboard-check"
    intro = "省级评审结果：照模板填企业代码和是否通过，一次登记一批。"
    columns = ("party", "campaign", "batch", "region", "state", "result")
    search = ("party__name", "number")
    filters = ("campaign", "region", "state")
    tones = STATE_TONES
    form = ResultForm
    create = staticmethod(campaigns.import_results)
    upload = True
    related = ("party", "region", "campaign", "batch", "batch__campaign")
    attachments = False

    @property
    def access(self) -> Access:
        return Access(
            read=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL), write={Role.OFFICER: Scope.ALL}, region=""
        )


@register
class CampaignDesk(Desk):
    name, model, icon = "campaigns", Campaign, "flag"
    intro = "一年一个梯级设一个申报活动；新建时批次沿用上一年日期并标“待核”，通知下来后修改。"
    columns = ("title", "rung", "year", "state")
    filters = ("rung", "year", "state")
    tones = {"draft": "gray", "open": "green", "closed": "plain"}
    facts = (("申报活动", ("title", "rung", "year", "materials", "note")),)
    form = CampaignForm
    create = staticmethod(campaigns.plan_campaigns)
    update = staticmethod(campaigns.correct_campaign)
    empty = "还没有申报活动。"


@register
class BatchDesk(Desk):
    name, model, icon = "batches", CampaignBatch, "calendar-event"
    intro = "批次和截止日期；没有核对通知原文的标“否”，页面上显示“待核”。"
    columns = ("campaign", "name", "county_due_on", "due_on", "certain", "cites")
    filters = ("campaign",)
    facts = (("批次", ("campaign", "name", "county_due_on", "due_on", "certain", "cites")),)
    form = BatchForm
    create = staticmethod(campaigns.add_batches)
    update = staticmethod(campaigns.correct_batch)
    related = ("campaign",)
    attachments = False


@register
class IndustryDesk(Desk):
    name, model, icon = "focus-industries", FocusIndustry, "building-factory-2"
    columns = ("name", "kind", "place", "certain", "note")
    facts = (("重点产业", ("name", "kind", "place", "order", "certain", "note")),)
    form = IndustryForm
    create = staticmethod(chains.add_industries)
    update = staticmethod(chains.correct)
    attachments = False


@register
class SegmentDesk(Desk):
    name, model, icon = "chain-segments", Segment, "link"
    columns = ("industry", "position", "name", "wanted", "order")
    search = ("name", "industry__name")
    filters = ("industry", "position")
    facts = (("环节", ("industry", "position", "name", "wanted", "order")),)
    form = SegmentForm
    create = staticmethod(chains.add_segments)
    update = staticmethod(chains.correct)
    related = ("industry",)
    attachments = False


@register
class ChainFirmDesk(Desk):
    name, model, icon = "chain-firms", SegmentFirm, "building-factory-2"
    intro = "哪家企业在哪个环节做什么。"
    columns = ("party", "segment", "product", "party__region")
    search = ("party__name", "product")
    filters = ("segment",)
    facts = (("链上企业", ("party", "segment", "product")),)
    form = SegmentFirmForm
    create = staticmethod(chains.place_firms)
    update = staticmethod(chains.correct)
    upload = True
    related = ("party", "party__region", "segment", "segment__industry")
    attachments = False
    empty = "还没有链上企业。可以逐个列入，也可以下载模板成批上传。"
