"""What of the ladder may be asked from outside this module; `api` hands it on."""

from __future__ import annotations

from keji.modules.enterprises.ladder.campaign_models import Application, Campaign, PublicList
from keji.modules.enterprises.ladder.chain_models import FocusIndustry, Segment
from keji.modules.enterprises.ladder.due import counts as due_counts
from keji.modules.enterprises.ladder.due import with_standing
from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, Waiver
from keji.modules.enterprises.ladder.services.campaigns import (
    add_batches,
    begin_applications,
    correct_batch,
    plan_campaigns,
    tick_materials,
)
from keji.modules.enterprises.ladder.services.chains import place_firms
from keji.modules.enterprises.ladder.services.cultivation import (
    hand_over,
    list_firms,
    list_prospects,
    propose_waivers,
    visit,
)
from keji.modules.enterprises.ladder.services.prospects import refresh_prospects
from keji.modules.enterprises.ladder.services.publicity import upload_list

__all__ = [
    "Application",
    "Campaign",
    "CultivationEntry",
    "FocusIndustry",
    "Prospect",
    "PublicList",
    "Segment",
    "Waiver",
    "add_batches",
    "begin_applications",
    "correct_batch",
    "due_counts",
    "hand_over",
    "list_firms",
    "list_prospects",
    "place_firms",
    "plan_campaigns",
    "propose_waivers",
    "refresh_prospects",
    "tick_materials",
    "upload_list",
    "visit",
    "with_standing",
]
