"""The desks of problems on the list, bids, and joint projects' shares."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.kernel.people.roles import Actor, Role
from keji.modules.projects.challenges.forms import ChallengeForm
from keji.modules.projects.challenges.panels import (
    BID_TONES,
    CHALLENGE_TONES,
    bid_panel,
    bids_panel,
    contract_panel,
    list_panel,
    share_panel,
)
from keji.modules.projects.challenges.services import challenges
from keji.modules.projects.models import Bid, Challenge, Share
from keji.modules.projects.models.access import APPLICANTS
from keji.modules.projects.module import GROUP


@register
class ChallengeDesk(Desk):
    name, model, group, icon = "challenges", Challenge, GROUP, "target-arrow"
    intro = "企业出题、市局发榜、谁能干谁揭榜；不设职称、学历、年龄门槛，按节点结果付款。"
    columns = ("title", "party", "region", "prize", "firm_money", "months", "closes_on", "state")
    search = ("title", "number", "party__name", "need")
    filters = ("state", "region", "programme")
    tones = CHALLENGE_TONES
    facts = (
        ("榜单", ("title", "party", "region", "programme", "months", "opens_on", "closes_on", "contact", "number")),
        ("榜金", ("prize", "firm_money", "bureau_money")),
    )
    panels = (
        Panel("需求和成果要求", "projects/challenge_list.html", list_panel, first=True),
        Panel("揭榜、对接和评榜", "projects/challenge_bids.html", bids_panel),
        Panel("三方合同和节点", "projects/challenge_contract.html", contract_panel),
    )
    form = ChallengeForm
    create, update = staticmethod(challenges.create_challenges), staticmethod(challenges.correct_challenge)
    editable_in = ("draft",)
    related = ("party", "region", "programme")
    empty = "还没有榜单。企业在这里提出技术需求，论证后由市局发榜。"

    def may_create(self, actor: Actor) -> bool:
        return actor.has(Role.OFFICER, *APPLICANTS)

    def edit_refusal(self, actor: Actor, record: Challenge) -> str:
        found = super().edit_refusal(actor, record)
        return found or ("需求由出题单位修改" if actor.has(Role.COUNTY) and not actor.has(Role.OFFICER) else "")


@register
class BidDesk(Desk):
    name, model, group, icon = "bids", Bid, GROUP, "flag"
    intro = "应榜书在揭榜截止前密封，任何人都看不到；截止后由市局启封，各家之间始终互不可见。"
    columns = ("challenge", "party", "price", "months", "state", "state_since")
    search = ("challenge__title", "number", "party__name")
    filters = ("state",)
    tones = BID_TONES
    facts = (("应榜", ("challenge", "party", "leader_name", "partners", "price", "months", "promised", "number")),)
    panels = (Panel("应榜书", "projects/bid.html", bid_panel),)
    attachments = False  # a bid's files are sealed and frozen with it
    related = ("party", "challenge")
    empty = "还没有应榜。揭榜单位在“揭榜挂帅榜单”里应榜；截止前这里只有自己的应榜。"


@register
class ShareDesk(Desk):
    name, model, group, icon = "project-shares", Share, GROUP, "puzzle"
    intro = "联合攻关由几家单位共同承担：牵头单位填写分工，参加单位各自确认后才能签订任务书。"
    columns = ("project", "party", "lead", "task", "grant", "own_money", "agreed_at")
    search = ("project__title", "project__number", "party__name")
    filters = ("lead",)
    facts = (("分工", ("project", "party", "lead", "task", "grant", "own_money", "agreed_by", "agreed_at")),)
    panels = (Panel("确认", "projects/share.html", share_panel),)
    attachments = False
    related = ("project", "party")
    empty = "还没有联合攻关分工。牵头单位在项目页填写。"
