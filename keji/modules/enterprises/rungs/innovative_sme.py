"""创新型中小企业评价: a direct route, or sixty points with a minimum in each of three parts."""

from __future__ import annotations

from collections.abc import Iterator

from keji.lib.rules.formula import Share, total, yuan
from keji.lib.rules.law import AnyOf, Clause, Condition, Every, Names, yes
from keji.lib.rules.rule import Numbers, Rule, since
from keji.lib.rules.scores import Banded, Best, Block, Graded, Pass, bands
from keji.modules.enterprises.rungs.common import debt_share, growth_of, main_share, sound_sme, spent

DOCUMENT = "工信部企业〔2022〕63号"
BASICS, STANDARD = f"{DOCUMENT} 第三条（待核）", f"{DOCUMENT} 附件1"
ROUTES = ("award_province", "hnte", "innovation_demo", "ip_demo", "institution")


class InnovativeSmeEvaluation(Rule):
    """Is a firm a 创新型中小企业? An edge value takes the higher band."""

    code = "innovative_sme"
    title = "创新型中小企业评价"

    @since("2022-08-01", cites=DOCUMENT)
    def edition_2022(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield from sound_sme(f, BASICS)
        raised = Condition(
            "近三年新增股权融资", total(f.years("equity_raised", 3)), ">=", yuan(500), STANDARD, "equity"
        )
        routes = [yes(f.now(name), cites=STANDARD) for name in ROUTES]
        yield AnyOf("直接确认或综合评价", (*routes, raised, self.score_2022(f)), STANDARD, "route")

    @since("2026-04-01", cites="工信部企业〔2026〕2号")
    def edition_2026(self, f: Names, n: Numbers) -> Iterator[Clause]:
        """科技和创新型中小企业: 第三十条 keeps the former standard until one for both is issued (second-hand)."""
        yield from self.edition_2022(f, n)

    def score_2022(self, f: Names) -> Every:
        ability = Block(
            "创新能力",
            40,
            (
                Best(
                    "有效知识产权",
                    20,
                    (
                        Banded("高价值Ⅰ类", 20, f.now("class1_high_value"), bands((1, 20))),
                        Banded("自主研发的Ⅰ类", 15, f.now("class1_own"), bands((1, 15))),
                        Banded("Ⅰ类", 10, f.now("class1_kept"), bands((1, 10))),
                        Banded("Ⅱ类", 5, f.now("class2_kept"), bands((1, 5))),
                    ),
                    STANDARD,
                ),
                Banded(
                    "研发费用占营业收入比重",
                    20,
                    Share(spent(f, 1), f.last("revenue")),
                    bands((5, 20), (3, 15), (2, 10), (1, 5), per=100),
                    STANDARD,
                ),
            ),
            STANDARD,
        )
        growth = Block(
            "成长性",
            30,
            (
                Banded(
                    "主营业务收入增长率",
                    20,
                    growth_of(f.last("main_revenue"), f.back("main_revenue", 2)),
                    bands((15, 20), (10, 15), (5, 10), (0, 5), per=100),
                    STANDARD,
                    note="上一年主营业务收入为零或负数，无法计算增长率",
                ),
                Banded("资产负债率", 10, debt_share(f), bands((55, 10), (75, 5), per=100), STANDARD, falling=True),
            ),
            STANDARD,
        )
        focus = Block(
            "专业化",
            30,
            (
                Graded("主导产品所属领域", 10, f.now("emerging_industry"), {1: (10, 10), 0: (5, 5)}, STANDARD),
                Banded(
                    "主营业务收入占比",
                    20,
                    main_share(f),
                    bands((70, 20), (60, 15), (55, 10), (50, 5), per=100),
                    STANDARD,
                ),
            ),
            STANDARD,
        )
        minima = ((ability, 20, "ability"), (growth, 15, "growth"), (focus, 15, "focus"))
        parts = [Pass(f"{b.label}得分", (b,), least, STANDARD, key=key) for b, least, key in minima]
        return Every("综合评价", (Pass("综合得分", (ability, growth, focus), 60, STANDARD), *parts), STANDARD)
