"""The recommendation list of a batch as an official paper, in Word and PDF."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from keji.kernel.documents.setting import typeset
from keji.kernel.parties.models import Region
from keji.lib.paper import model as set_as
from keji.modules.enterprises.ladder.campaign_models import Application, CampaignBatch

RECOMMENDED = ("recommended", "passed", "failed", "certified")


def recommended(batch: CampaignBatch) -> list[Application]:
    """Applications of a batch the bureau has recommended, by county."""
    rows = Application.objects.filter(batch=batch, state__in=RECOMMENDED)
    return list(rows.select_related("party", "region").order_by("region__order", "party__name"))


def recommendation(batch: CampaignBatch, on: date) -> set_as.Paper:
    """What the paper says: who is recommended, how many, from which county."""
    rows = recommended(batch)
    campaign = batch.campaign
    city = Region.objects.filter(level=Region.Level.CITY).first()
    own: dict[str, str] = getattr(settings, "LETTERHEAD", {})
    issuer = own.get("issuer") or f"{city.name if city else '市'}科学技术局"
    counties: dict[str, int] = {}
    for row in rows:
        counties[row.region.name] = counties.get(row.region.name, 0) + 1
    spread = "、".join(f"{name}{n}家" for name, n in counties.items())
    columns = [
        set_as.Column("序号", align="center", width=0.6),
        set_as.Column("企业名称", width=3.2),
        set_as.Column("统一社会信用代码", align="center", width=2.4),
        set_as.Column("县区", align="center", width=1.2),
    ]
    lines: list[list[set_as.Value]] = [
        [i, row.party.name, row.party.uscc, row.region.name] for i, row in enumerate(rows, start=1)
    ]
    said = (
        f"经企业申报、县区科技部门审核和我局复核，现推荐{len(rows)}家企业申报{campaign.year}年{batch.name}"
        f"{campaign.get_rung_display()}，其中{spread}。"
    )
    return set_as.Paper(
        title=f"{campaign.year}年{batch.name}{campaign.get_rung_display()}推荐名单",
        body=(set_as.Text(said), set_as.Table(columns, lines, caption="推荐企业名单")),
        signer=issuer,
        issued_on=on,
    )


def recommendation_file(batch: CampaignBatch, kind: str, on: date) -> bytes:
    return typeset(recommendation(batch, on), kind)
