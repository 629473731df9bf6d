"""专精特新中小企业认定: conditions, then a direct route or thirteen scores; since 2026 also a platform's score."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from keji.lib.rules.formula import Share, total, yuan
from keji.lib.rules.law import AnyOf, Clause, Condition, Names, yes
from keji.lib.rules.rule import Numbers, Rule, since
from keji.lib.rules.scores import Banded, Best, Block, Given, Graded, Pass, Scored, bands
from keji.modules.enterprises.rungs.common import (
    average_growth,
    debt_share,
    main_share,
    percent,
    sound_sme,
    spent,
    wan,
)

DOCUMENT, NEWER = "工信部企业〔2022〕63号", "工信部企业〔2026〕2号"
BASICS, STANDARD = f"{DOCUMENT} 第三条（待核）", f"{DOCUMENT} 附件2"
ROUTE = f"{DOCUMENT} 附件2（直接认定条件待核）"
LATER = f"{NEWER}（待核）"


def staff_share(f: Names) -> Share:
    return Share(f.last("rnd_staff"), f.last("staff"))


class SrdiRecognition(Rule):
    """May a firm be recognised as 专精特新? 特色化 points are set by the province and given by it."""

    code = "srdi"
    title = "专精特新中小企业认定"

    @since("2022-08-01", cites=DOCUMENT)
    def edition_2022(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield from sound_sme(f, BASICS)
        yield Condition("从事特定细分市场", f.now("niche_years"), ">=", 2, STANDARD, "niche_years")
        yield Condition("上年度研发费用", spent(f, 1), ">=", yuan(100), STANDARD, "rnd")
        share = Share(spent(f, 1), f.last("revenue"))
        yield Condition("上年度研发费用占营业收入比重", share, ">=", Fraction(3, 100), STANDARD, "rnd_share")
        raised = total(f.years("equity_raised", 2))
        large = Condition("上年度营业收入", f.last("revenue"), ">=", yuan(1000), STANDARD, "revenue")
        funded = Condition("近两年新增股权融资", raised, ">=", yuan(2000), STANDARD, "equity")
        yield AnyOf("经营规模或融资", (large, funded), STANDARD, "scale")
        mean = (spent(f, 1) + spent(f, 2)) * Fraction(1, 2)
        routes = (
            yes(f.now("award_province_top"), cites=ROUTE),
            Condition("近两年研发费用均值", mean, ">=", wan(n, "srdi.route_rnd"), ROUTE, "route_rnd"),
            Condition("近两年新增股权融资", raised, ">=", wan(n, "srdi.route_equity"), ROUTE, "route_equity"),
            yes(f.now("maker_top500"), cites=ROUTE),
        )
        score = Pass("综合得分", self.score_2022(f), 60, STANDARD)
        yield AnyOf("直接认定或综合评分", (*routes, score), STANDARD, "route")

    def score_2022(self, f: Names) -> tuple[Scored, ...]:
        return self._focus(f), self._fineness(f), self._feature(f), self._novelty(f)

    def _focus(self, f: Names) -> Block:
        return Block(
            "专业化",
            25,
            (
                Banded("主营业务收入占比", 5, main_share(f), bands((80, 5), (70, 3), (60, 1), per=100), STANDARD),
                Banded(
                    "近两年主营业务收入平均增长率",
                    10,
                    average_growth(list(f.years("main_revenue", 3))),
                    bands((10, 10), (8, 8), (6, 6), (4, 4), (0, 2), per=100),
                    STANDARD,
                ),
                Banded(
                    "从事细分市场年限",
                    5,
                    f.now("niche_years"),
                    bands((10, 5), (8, 4), (6, 3), (4, 2), (2, 1)),
                    STANDARD,
                ),
                Graded("主导产品所属领域", 5, f.now("niche_field"), {2: (5, 5), 1: (3, 3), 0: (0, 0)}, STANDARD),
            ),
            STANDARD,
        )

    def _fineness(self, f: Names) -> Block:
        margin = Share(f.last("net_profit"), f.last("revenue"))
        return Block(
            "精细化",
            25,
            (
                Graded(
                    "数字化水平",
                    5,
                    f.now("digital_level"),
                    {3: (5, 5), 2: (3, 3), 1: (0, 0), 0: (0, 0)},
                    STANDARD,
                ),
                Banded("质量管理", 5, f.now("quality_items"), bands((2, 5), (1, 3)), STANDARD),
                Banded("净利润率", 10, margin, bands((10, 10), (8, 8), (6, 6), (4, 4), (2, 2), per=100), STANDARD),
                Banded(
                    "资产负债率",
                    5,
                    debt_share(f),
                    bands((50, 5), (60, 3), (70, 1), per=100),
                    STANDARD,
                    falling=True,
                ),
            ),
            STANDARD,
        )

    def _feature(self, f: Names) -> Scored:
        return Given("特色化（由省级主管部门设定）", 15, f.now("province_feature"), STANDARD)

    def _novelty(self, f: Names) -> Block:
        by_amount = bands(*((edge * 10_000, points) for edge, points in _SPENDING))
        share = Share(spent(f, 1), f.last("revenue"))
        rights = (
            ("高价值Ⅰ类", "class1_high_value", 10),
            ("自主研发的Ⅰ类", "class1_own", 8),
            ("Ⅰ类", "class1_kept", 6),
            ("Ⅱ类", "class2_kept", 2),
        )
        grades = {4: (10, 10), 3: (8, 8), 2: (4, 4), 1: (2, 2), 0: (0, 0)}
        return Block(
            "创新能力",
            35,
            (
                Best(
                    "知识产权",
                    10,
                    [Banded(label, points, f.now(name), bands((1, points))) for label, name, points in rights],
                    STANDARD,
                ),
                Best(
                    "研发费用投入",
                    10,
                    (
                        Banded("研发费用", 10, spent(f, 1), by_amount),
                        Banded("占营业收入", 10, share, bands((10, 10), (8, 8), (6, 6), (4, 4), (3, 2), per=100)),
                    ),
                    STANDARD,
                ),
                Banded("研发人员占比", 5, staff_share(f), bands((20, 5), (10, 3), (5, 1), per=100), STANDARD),
                Graded("研发机构", 10, f.now("institute_level"), grades, STANDARD),
            ),
            STANDARD,
        )

    @since("2026-04-01", cites=NEWER)
    def edition_2026(self, f: Names, n: Numbers) -> Iterator[Clause]:
        """Every number is second-hand and stands among the dated ones."""
        yield from sound_sme(f, LATER)
        yield yes(f.now("innovative_held"), cites=LATER)
        yield Condition("从事特定细分市场", f.now("niche_years"), ">=", n("srdi.niche_years"), LATER, "niche_years")
        large = Condition("上年度营业收入", f.last("revenue"), ">=", wan(n, "srdi.revenue"), LATER, "revenue")
        raised = total(f.years("equity_raised", 2))
        funded = Condition("近两年新增股权融资", raised, ">=", wan(n, "srdi.equity"), LATER, "equity")
        yield AnyOf("经营规模或融资", (large, funded), LATER, "scale")
        yield Condition("主营业务收入占比", main_share(f), ">=", percent(n, "srdi.main_share"), LATER, "main_share")
        yield Condition("资产负债率", debt_share(f), "<=", percent(n, "srdi.debt_share"), LATER, "debt")
        least, share = wan(n, "srdi.rnd"), percent(n, "srdi.rnd_share")
        for back, year in ((2, "前年"), (1, "上年")):
            part = Share(spent(f, back), f.back("revenue", back))
            yield Condition(f"{year}研发费用", spent(f, back), ">=", least, LATER, f"rnd_{back}")
            yield Condition(f"{year}研发费用占营业收入比重", part, ">=", share, LATER, f"rnd_share_{back}")
        rights = Condition("Ⅰ类知识产权", f.now("class1_kept"), ">=", n("srdi.class1"), LATER, "class1")
        waived = (yes(f.now("award_province_top"), cites=LATER), yes(f.now("institution"), cites=LATER))
        yield AnyOf("知识产权或免除情形", (rights, *waived), LATER, "rights")
        score = f.now("srdi_platform_score")
        yield Condition("专精特新发展评价得分", score, ">=", n("srdi.platform_score"), LATER, "platform_score")


_SPENDING = ((500, 10), (400, 8), (300, 6), (200, 4), (100, 2))  # 万元, points
