"""高新技术企业认定: eight conditions, all of which must hold; the last but one is a score that experts complete."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from keji.lib.rnd_expense import hnte_domestic, hnte_total
from keji.lib.rules.formula import NOT_A_NUMBER, Constant, Formula, Share, When, yuan
from keji.lib.rules.law import Among, Clause, Condition, Names, no
from keji.lib.rules.rule import Numbers, Rule, since
from keji.lib.rules.scores import Band, Banded, Best, Block, Given, Graded, Pass, Scored, bands
from keji.lib.rules.vocabulary import Unit
from keji.modules.enterprises.rungs.common import items, net_assets

ARTICLE_11 = "国科发火〔2016〕32号 第十一条"
GUIDE_PEOPLE, GUIDE_RND = "国科发火〔2016〕195号 三（五）", "国科发火〔2016〕195号 三（六）"
GUIDE_SCORE = "国科发火〔2016〕195号 三（七）"

GROWTH_BANDS = (*bands((35, 9, 10), (25, 7, 8), (15, 5, 6), (5, 3, 4), per=100), Band(Fraction(0), 1, 2, strict=True))
CONVERSION_BANDS = (
    *bands((5, 25, 30), (4, 19, 24), (3, 13, 18), (2, 7, 12), (1, 1, 6)),
    Band(Fraction(0), 0, 6, strict=True, note="年均转化数在0和1之间，评分表没有规定，由专家确定"),
)


def staff_share(f: Names) -> Share:
    """科技人员 / 职工总数; part-time people count from 183 days' work in the year."""
    return Share(f.last("rnd_staff") + f.last("rnd_part_time_183"), f.last("staff") + f.last("part_time_183"))


def over_years(f: Names, each: list[Formula]) -> Formula:
    """The sum of three years, of two or of one where the firm has not been in business longer. Latest year last."""
    years = f.now("operating_years")
    older = When(years - 3, each[0], 0, or_zero=True) + When(years - 2, each[1], 0, or_zero=True)
    return older + each[2]


def growth(f: Names, values: list[Formula]) -> Formula:
    """½(Y2/Y1 + Y3/Y2) − 1. Y1 = 0, or a firm in its third year: the last two years; Y2 = 0, or one year only: 0.

    Where net assets were below zero the formula is not defined, and says growth for what is a growing deficit.
    """
    years = f.now("operating_years")
    first, second, third = (
        When(years - 3, values[0], 0, or_zero=True),
        When(years - 2, values[1], 0, or_zero=True),
        values[2],
    )
    last_step = Share(third, second) - 1
    both = (Share(second, first) + Share(third, second)) * Fraction(1, 2) - 1
    from_first = When(first, both, When(first * -1, NOT_A_NUMBER, last_step))
    return When(second, from_first, When(second * -1, NOT_A_NUMBER, Constant(0)))


def unused(f: Names) -> Formula:
    """Ⅱ类 rights that no earlier application has used: each serves one."""
    return f.now("class2_ip") - f.now("class2_ip_used")


class HnteRecognition(Rule):
    """May a firm be recognised as 高新技术企业? Experts' points are an interval: 必过, 需评审 or 必不过."""

    code = "hnte"
    title = "高新技术企业认定"
    by_experts = True

    @since("2016-01-01", cites="国科发火〔2016〕32号")
    def edition_2016(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield Condition("注册成立一年以上", f.now("age_days"), ">=", Constant(365, Unit("天")), ARTICLE_11, "age")
        rights = f.now("class1_ip") + unused(f)
        yield Condition("拥有主要产品（服务）的知识产权", rights, ">=", 1, ARTICLE_11, "rights")
        yield Among(
            "主要产品（服务）的核心技术领域",
            f.now("technology_field"),
            range(1, 9),
            "属于国家重点支持的高新技术领域",
            ARTICLE_11,
            "field",
        )
        yield Condition("科技人员占职工总数比例", staff_share(f), ">=", Fraction(1, 10), GUIDE_PEOPLE, "staff_share")
        yield from self.rnd_2016(f, n)
        share = Share(f.last("hightech_revenue"), f.last("total_income"))
        yield Condition("高新技术产品（服务）收入占比", share, ">=", Fraction(3, 5), ARTICLE_11, "hightech_share")
        yield Pass("创新能力评价", self.score_2016(f), 70, GUIDE_SCORE, above=True)
        yield no(f.now("serious_incident"), cites=ARTICLE_11, label="申请前一年内有重大安全、质量事故或严重环境违法")

    def rnd_2016(self, f: Names, n: Numbers) -> Iterator[Clause]:
        """R&D over sales of three years, the tier by the latest year's sales: its upper edge belongs to it."""
        latest = f.last("revenue")
        tier = When(
            latest - yuan(20_000), Fraction(3, 100), When(latest - yuan(5_000), Fraction(4, 100), Fraction(5, 100))
        )
        counted = n("rnd.outsourced_counted"), n("hnte.other_share")
        spent = over_years(f, [hnte_total(items(f, back), *counted) for back in (3, 2, 1)])
        share = Share(spent, over_years(f, list(f.years("revenue", 3))))
        yield Condition("近三年研发费用占销售收入比例", share, ">=", tier, GUIDE_RND, "rnd_share")
        home = over_years(f, [hnte_domestic(items(f, back), *counted) for back in (3, 2, 1)])
        yield Condition(
            "境内研发费用占全部研发费用比例", Share(home, spent), ">=", Fraction(3, 5), ARTICLE_11, "home_share"
        )

    def score_2016(self, f: Names) -> tuple[Scored, ...]:
        rights = Block(
            "知识产权",
            30,
            (
                Graded("技术的先进程度", 8, f.now("advance"), _LADDER, GUIDE_SCORE, by_people=True),
                Graded("对主要产品（服务）的核心支持作用", 8, f.now("support"), _LADDER, GUIDE_SCORE, by_people=True),
                Best(
                    "知识产权数量",
                    8,
                    (
                        Banded("Ⅰ类", 8, f.now("class1_ip"), bands((1, 7, 8))),
                        Banded("Ⅱ类", 6, unused(f), bands((5, 5, 6), (3, 3, 4), (1, 1, 2))),
                    ),
                    GUIDE_SCORE,
                ),
                Graded("知识产权获得方式", 6, f.now("own_ip"), {1: (1, 6), 0: (1, 3)}, GUIDE_SCORE),
                Graded(
                    "参与编制标准、检测方法、技术规范",
                    2,
                    f.now("standard_setting"),
                    {1: (1, 2), 0: (0, 0)},
                    GUIDE_SCORE,
                ),
            ),
            GUIDE_SCORE,
        )
        years = When(f.now("operating_years") - 3, 3, f.now("operating_years"), or_zero=True)
        yearly = Share(over_years(f, list(f.years("conversions", 3))), years, Unit("项/年", 1, 2))
        conversion = Banded("科技成果转化能力（年均转化数）", 30, yearly, CONVERSION_BANDS, GUIDE_SCORE)
        organisation = Block(
            "研究开发组织管理水平",
            20,
            tuple(
                Given(label, full, f.now(name), GUIDE_SCORE)
                for label, full, name in (
                    ("研发组织管理制度、核算体系、辅助账", 6, "org_system"),
                    ("研发机构、科研条件、产学研合作", 6, "org_institute"),
                    ("成果转化奖励制度、创新创业平台", 4, "org_reward"),
                    ("科技人员培养、引进、绩效评价", 4, "org_talent"),
                )
            ),
            GUIDE_SCORE,
        )
        said = "基期为负数，公式无意义，由财务专家核定"
        net = growth(f, [net_assets(f, back) for back in (3, 2, 1)])
        sales = growth(f, list(f.years("revenue", 3)))
        grown = Block(
            "企业成长性",
            20,
            (
                Banded("净资产增长率", 10, net, GROWTH_BANDS, GUIDE_SCORE, note=said),
                Banded("销售收入增长率", 10, sales, GROWTH_BANDS, GUIDE_SCORE, note=said),
            ),
            GUIDE_SCORE,
        )
        return rights, conversion, organisation, grown


_LADDER = {4: (7, 8), 3: (5, 6), 2: (3, 4), 1: (1, 2), 0: (0, 0)}
