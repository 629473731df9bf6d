"""专精特新“小巨人”企业认定: what R&D it takes depends on how large the firm is.

None of these numbers was read in the text: all of them are dated numbers, shown as 待核 until somebody has.
"""

from __future__ import annotations

from collections.abc import Iterator

from keji.lib.rules.formula import Share, total
from keji.lib.rules.law import AnyOf, Clause, Condition, Every, Names, Where, yes
from keji.lib.rules.rule import Numbers, Rule, since
from keji.modules.enterprises.rungs.common import (
    average_growth,
    debt_share,
    main_share,
    percent,
    sound_sme,
    spent,
    wan,
)
from keji.modules.enterprises.rungs.srdi import DOCUMENT, NEWER, staff_share

STANDARD, LATER = f"{DOCUMENT} 附件3（待核）", f"{NEWER}（待核）"


class LittleGiantRecognition(Rule):
    """May a firm be recognised as 专精特新“小巨人”?"""

    code = "little_giant"
    title = "专精特新“小巨人”企业认定"

    @since("2022-08-01", cites=DOCUMENT)
    def edition_2022(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield from sound_sme(f, STANDARD)
        yield yes(f.now("srdi_held"), cites=STANDARD)
        years = n("little_giant.niche_years")
        yield Condition("从事特定细分市场", f.now("niche_years"), ">=", years, STANDARD, "niche_years")
        share = percent(n, "little_giant.main_share")
        yield Condition("主营业务收入占比", main_share(f), ">=", share, STANDARD, "main_share")
        growth = average_growth(list(f.years("main_revenue", 3)))
        least = percent(n, "little_giant.growth")
        yield Condition("近两年主营业务收入平均增长率", growth, ">=", least, STANDARD, "growth")
        yield Condition("资产负债率", debt_share(f), "<=", percent(n, "little_giant.debt_share"), STANDARD, "debt")
        market = n("little_giant.market_share")
        yield Condition("国内细分市场占有率", f.now("market_share"), ">=", market, STANDARD, "market_share")
        yield Condition("自主品牌", f.now("own_brands"), ">=", n("little_giant.brands"), STANDARD, "brands")
        yield self.rnd_2022(f, n)
        yield Condition("Ⅰ类知识产权", f.now("class1_kept"), ">=", n("little_giant.class1"), STANDARD, "class1")

    def rnd_2022(self, f: Names, n: Numbers) -> Where:
        """By last year's revenue: a share for the large and the middle, money raised and spent for the small."""
        revenue, share = f.last("revenue"), Share(spent(f, 1), f.last("revenue"))
        large = percent(n, "little_giant.rnd_share_large")
        middle = percent(n, "little_giant.rnd_share_middle")
        small = Every(
            "营业收入低于中档的企业",
            (
                Condition(
                    "近两年新增股权融资",
                    total(f.years("equity_raised", 2)),
                    ">=",
                    wan(n, "little_giant.small_equity"),
                    STANDARD,
                    "small_equity",
                ),
                Condition("研发费用", spent(f, 1), ">=", wan(n, "little_giant.small_rnd"), STANDARD, "small_rnd"),
                Condition(
                    "研发人员占比",
                    staff_share(f),
                    ">=",
                    percent(n, "little_giant.small_staff"),
                    STANDARD,
                    "small_staff",
                ),
            ),
            STANDARD,
        )
        return Where(
            "研发投入按企业规模",
            revenue - wan(n, "little_giant.large"),
            Condition("研发费用占营业收入比重（营业收入高档）", share, ">=", large, STANDARD, "rnd_share_large"),
            Where(
                "研发投入按企业规模（中档以下）",
                revenue - wan(n, "little_giant.middle"),
                Condition("研发费用占营业收入比重（营业收入中档）", share, ">=", middle, STANDARD, "rnd_share_middle"),
                small,
                or_zero=True,
                cites=STANDARD,
                key="below_large",
            ),
            or_zero=True,
            cites=STANDARD,
            key="by_size",
        )

    @since("2026-04-01", cites=NEWER)
    def edition_2026(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield from sound_sme(f, LATER)
        yield yes(f.now("srdi_held"), cites=LATER)
        least = wan(n, "little_giant.revenue")
        yield Condition("上年度营业收入", f.last("revenue"), ">=", least, LATER, "revenue")
        share = percent(n, "little_giant.main_share")
        yield Condition("主营业务收入占比", main_share(f), ">=", share, LATER, "main_share")
        twice = Share(f.last("revenue"), f.back("revenue", 3))  # (1 + g)² without a root: exact
        wanted = (1 + percent(n, "little_giant.growth")) ** 2
        yield Condition("上年营业收入与三年前之比（两年复合增长）", twice, ">=", wanted, LATER, "growth")
        yield Condition("资产负债率", debt_share(f), "<=", percent(n, "little_giant.debt_share"), LATER, "debt")
        both = spent(f, 1) + spent(f, 2)
        yield Condition("近两年研发费用合计", both, ">=", wan(n, "little_giant.rnd"), LATER, "rnd")
        for back, year in ((2, "前年"), (1, "上年")):
            part = Share(spent(f, back), f.back("revenue", back))
            wanted_share = percent(n, "little_giant.rnd_share")
            yield Condition(f"{year}研发费用占营业收入比重", part, ">=", wanted_share, LATER, f"rnd_share_{back}")
        own = f.now("class1_first3")
        rights = Condition("自主取得的Ⅰ类知识产权", own, ">=", n("little_giant.class1"), LATER, "class1")
        yield AnyOf("知识产权或国家级科技奖励", (rights, yes(f.now("award"), cites=LATER)), LATER, "rights")
        market = n("little_giant.market_share")
        share_of_market = Condition("国内细分市场占有率", f.now("market_share"), ">=", market, LATER, "market_share")
        yield AnyOf("市场地位", (share_of_market, yes(f.now("market_top3"), cites=LATER)), LATER, "market")
        yield yes(f.now("key_link"), cites=LATER)
        score = f.now("srdi_platform_score")
        wanted_score = n("little_giant.platform_score")
        yield Condition("专精特新发展评价得分", score, ">=", wanted_score, LATER, "platform_score")
