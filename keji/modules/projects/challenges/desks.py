"""The desks of problems on the list and of bids."""

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
)
from keji.modules.projects.challenges.services import challenges
from keji.modules.projects.models import Bid, Challenge
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
