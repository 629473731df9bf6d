"""科技型中小企业评价: conditions first, then a direct route or the score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from keji.lib.rnd_expense import deduction_total
from keji.lib.rules.formula import Share, yuan
from keji.lib.rules.law import Answer, AnyOf, Clause, Condition, Every, Names, no, yes
from keji.lib.rules.rule import Numbers, Rule, since
from keji.lib.rules.scores import Banded, Best, Pass, Scored, bands
from keji.modules.enterprises.rungs.common import items

ARTICLE_6, ARTICLE_7 = "国科发政〔2017〕115号 第六条", "国科发政〔2017〕115号 第七条"
ARTICLE_8 = "国科发政〔2017〕115号 第八条（待核）"

STAFF_BANDS = bands((30, 20), (25, 16), (20, 12), (15, 8), (10, 4), per=100)
SALES_BANDS = bands((6, 50), (5, 40), (4, 30), (3, 20), (2, 10), per=100)
COST_BANDS = bands((30, 50), (25, 40), (20, 30), (15, 20), (10, 10), per=100)


def staff_share(f: Names) -> Share:
    """科技人员占职工总数; part-time people count from six months' work in the year."""
    technical = f.last("rnd_staff") + f.last("rnd_part_time_6m")
    return Share(technical, f.last("staff") + f.last("part_time_6m"))


def rnd_score(f: Names, n: Callable[[str], Fraction]) -> Scored:
    """研发投入: the firm picks the better of two ratios, so does this. A ratio over zero does not exist."""
    abroad = n("deduction.abroad_thirds") / 3
    spent = deduction_total(items(f, 1), n("rnd.outsourced_counted"), n("deduction.other_share"), abroad)
    by_sales = Banded("占销售收入", 50, Share(spent, f.last("revenue")), SALES_BANDS)
    by_cost = Banded("占成本费用", 50, Share(spent, f.last("total_cost")), COST_BANDS)
    return Best("研发投入", 50, (by_sales, by_cost), ARTICLE_7)


def achievement_score(f: Names) -> Scored:
    """科技成果: one Ⅰ类 right is full marks, else by the number of Ⅱ类."""
    first = Banded("Ⅰ类", 30, f.now("class1_ip"), bands((1, 30)))
    second = Banded("Ⅱ类", 24, f.now("class2_ip"), bands((4, 24), (3, 18), (2, 12), (1, 6)))
    return Best("科技成果（有效且与主营相关的知识产权）", 30, (first, second), ARTICLE_7)


class TechSmeEvaluation(Rule):
    """Is a firm a 科技型中小企业? Scale and conduct come before every direct route."""

    code = "tech_sme"
    title = "科技型中小企业评价"

    @since("2017-05-03", cites="国科发政〔2017〕115号")
    def edition_2017(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield yes(f.now("resident"), label="在中国境内（不含港澳台）注册的居民企业", cites=ARTICLE_6)
        yield Condition("职工总数", f.last("staff") + f.last("part_time_6m"), "<=", 500, ARTICLE_6, "staff")
        yield Condition("年销售收入", f.last("revenue"), "<=", yuan(20_000), ARTICLE_6, "revenue")
        yield Condition("资产总额", f.last("assets"), "<=", yuan(20_000), ARTICLE_6, "assets")
        for name in ("restricted", "serious_incident", "research_dishonesty", "listed_abnormal"):
            yield no(f.now(name), cites=ARTICLE_6)
        routes: list[Answer | Every] = [
            yes(f.now(n), cites=ARTICLE_8) for n in ("hnte", "award", "institution", "standard")
        ]
        yield AnyOf("直接确认或综合评价", (*routes, self.score_2017(f, n)), ARTICLE_8, "route")

    @since("2026-04-01", cites="工信部企业〔2026〕2号")
    def edition_2026(self, f: Names, n: Numbers) -> Iterator[Clause]:
        """科技和创新型中小企业: 第三十条 keeps the former standard until one for both is issued (second-hand)."""
        yield from self.edition_2017(f, n)

    def score_2017(self, f: Names, n: Numbers) -> Every:
        """第七条: at least 60 points in all, and not 0 for the share of technical staff."""
        share = staff_share(f)
        staff = Banded("科技人员占职工总数比例", 20, share, STAFF_BANDS, ARTICLE_7)
        not_zero = Condition("科技人员指标得分不为零", share, ">=", Fraction(1, 10), ARTICLE_6, "staff_share")
        total = Pass("综合得分", (staff, rnd_score(f, n), achievement_score(f)), 60, ARTICLE_6)
        return Every("综合评价", (not_zero, total), ARTICLE_7)
