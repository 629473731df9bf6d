"""The ladder: every firm judged by every rung, lists of who is near, who is due, who is helped, who fills in what."""

from __future__ import annotations

from benchmarks.city.common import by_region, changed, one_of, plain, searched
from benchmarks.city.twins import multiply
from benchmarks.web import Page

JUDGED, HELPED = 100_000, 3_000


def grow() -> None:
    from keji.kernel.rules.models import Assessment
    from keji.modules.enterprises.burden.models import Burden
    from keji.modules.enterprises.ladder.campaign_models import Application
    from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, Visit, Waiver

    rules = Assessment.objects.values("rule").distinct().count()
    multiply([Assessment, Prospect, Burden], to=JUDGED * rules, of=Assessment)
    multiply([CultivationEntry, Visit], to=HELPED, of=CultivationEntry)
    multiply([Application], to=HELPED, of=Application)
    multiply([Waiver], to=HELPED // 6, of=Waiver)


TITLE = "enterprises.Certification"


def pages() -> list[Page]:
    from keji.modules.enterprises.ladder.campaign_models import Campaign

    root = "/enterprises/ladder"
    campaigns = list(Campaign.objects.order_by("pk").values_list("pk", flat=True))
    return [
        Page("ladder board", "gaoxin", plain(f"{root}/")),
        Page("ladder board, after a certificate", "gaoxin", changed(f"{root}/", TITLE)),
        Page("ladder board of a county, after a certificate", "gaoxin", changed(by_region(f"{root}/"), TITLE)),
        Page("firms of a rung", "gaoxin", by_region(f"{root}/firms", rung="tech_sme")),
        Page("firms that moved", "gaoxin", plain(f"{root}/moved?was=none&now=hnte")),
        Page("near", "gaoxin", by_region(f"{root}/near", rung="hnte")),
        Page("near, after a certificate", "gaoxin", changed(f"{root}/near?rung=hnte", TITLE)),
        Page("near, searched", "gaoxin", lambda n: f"{root}/near?rung=hnte&q=%E6%81%92%E7%91%9E&page={n % 3 + 1}"),
        Page("due", "gaoxin", by_region(f"{root}/due")),
        Page("due, after a certificate", "gaoxin", changed(f"{root}/due", TITLE)),
        Page("due of a county, after a certificate", "jinan", changed(f"{root}/due", TITLE)),
        Page("lapsing", "gaoxin", plain(f"{root}/renewal?rung=hnte")),
        Page("lapsing, after a certificate", "gaoxin", changed(f"{root}/renewal?rung=hnte", TITLE)),
        Page("year's end, after a certificate", "gaoxin", changed(f"{root}/outlook?rung=hnte", TITLE)),
        Page("campaigns", "gaoxin", plain(f"{root}/campaigns")),
        Page("one campaign", "gaoxin", one_of(f"{root}/campaigns/{{}}", campaigns)),
        Page("applications", "gaoxin", plain(f"{root}/applications")),
        Page("cultivation list", "gaoxin", plain("/d/cultivation/")),
        Page("cultivation list, searched", "gaoxin", searched("cultivation")),
        Page("burden", "gaoxin", plain("/enterprises/burden")),
        Page("burden by another count", "gaoxin", by_region("/enterprises/burden", by="twice")),
    ]
