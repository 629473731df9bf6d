"""企业研发中心 of the province and of the city: what a firm must have before it may apply."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from keji.lib.rules.formula import Constant, Share, yuan
from keji.lib.rules.law import Clause, Condition, Every, Names, Where, no, yes
from keji.lib.rules.rule import Numbers, Rule, since
from keji.lib.rules.vocabulary import Unit
from keji.modules.enterprises.rungs.common import percent, spent, wan

PROVINCE = "安徽省企业研发中心认定条件"
CITY = "六科成〔2023〕22号"
CITY_NUMBERS = f"{CITY}（数值没有查到，暂按邻市，待核）"
A_YEAR = Constant(365, Unit("天"))


def _sized(f: Names, label: str, least: int, share: Fraction, key: str) -> Every:
    """R&D of a size class: an amount and a share of main revenue."""
    part = Share(spent(f, 1), f.last("main_revenue"))
    return Every(
        label,
        (
            Condition(f"{label}：研发费用", spent(f, 1), ">=", yuan(least), PROVINCE, f"rnd_{key}"),
            Condition(f"{label}：研发费用占主营业务收入比重", part, ">=", share, PROVINCE, f"rnd_share_{key}"),
        ),
        PROVINCE,
    )


class ProvinceCentre(Rule):
    """May a firm apply for a 安徽省企业研发中心? How many people it takes was not found and is not asked."""

    code = "province_centre"
    title = "安徽省企业研发中心认定"

    @since("2020-01-01", cites=PROVINCE)
    def edition_2020(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield yes(f.now("province_tech_firm"), cites=PROVINCE)
        yield Condition("注册成立一年以上", f.now("age_days"), ">=", A_YEAR, PROVINCE, "age")
        yield no(f.now("serious_violation_1y"), cites=PROVINCE)
        small = Condition("主营业务收入5000万元以下：研发费用", spent(f, 1), ">=", yuan(300), PROVINCE, "rnd_small")
        middle = _sized(f, "主营业务收入5000万元至2亿元", 500, Fraction(4, 100), "middle")
        large = _sized(f, "主营业务收入2亿元以上", 800, Fraction(3, 100), "large")
        main = f.last("main_revenue")
        rest = Where("研发投入按规模（2亿元以下）", main - yuan(5_000), middle, small, True, PROVINCE, "below_large")
        yield Where("研发投入按规模", main - yuan(20_000), large, rest, True, PROVINCE, "by_size")
        software, site = f.now("software_class"), f.now("rnd_site")
        yield Where(
            "场地和设备按行业",
            software,
            Every(
                "软件、信息和专业技术服务类",
                (
                    Condition("研发场地面积（软件类）", site, ">=", 300, PROVINCE, "site_software"),
                    yes(f.now("software_equipment"), cites=f"{PROVINCE}（软件类设备数额待核）"),
                ),
            ),
            Every(
                "其他行业",
                (
                    Condition("研发场地面积", site, ">=", 600, PROVINCE, "site"),
                    Condition("研发仪器设备原值", f.now("rnd_equipment"), ">=", yuan(600), PROVINCE, "equipment"),
                ),
            ),
            cites=PROVINCE,
            key="by_trade",
        )


class CityCentre(Rule):
    """May a firm apply for a 六安市企业研发中心? The guide's numbers were not found: neighbours' stand in for them."""

    code = "city_centre"
    title = "六安市企业研发中心认定"

    @since("2023-01-01", cites=CITY)
    def edition_2023(self, f: Names, n: Numbers) -> Iterator[Clause]:
        yield Condition("注册成立一年以上", f.now("age_days"), ">=", A_YEAR, CITY_NUMBERS, "age")
        yield no(f.now("serious_violation_1y"), cites=CITY_NUMBERS)
        share = Share(spent(f, 1), f.last("revenue"))
        yield Where(
            "研发投入按规模",
            f.last("revenue") - wan(n, "city_centre.large"),
            Condition(
                "研发费用占营业收入比重（规模较大）",
                share,
                ">=",
                percent(n, "city_centre.rnd_share"),
                CITY_NUMBERS,
                "rnd_share",
            ),
            Condition("研发费用（规模较小）", spent(f, 1), ">=", wan(n, "city_centre.rnd"), CITY_NUMBERS, "rnd"),
            or_zero=True,
            cites=CITY_NUMBERS,
            key="by_size",
        )
        area, staff = n("city_centre.site"), n("city_centre.staff")
        yield Condition("研发场地面积", f.now("rnd_site"), ">=", area, CITY_NUMBERS, "site")
        equipment = wan(n, "city_centre.equipment")
        yield Condition("研发仪器设备原值", f.now("rnd_equipment"), ">=", equipment, CITY_NUMBERS, "equipment")
        yield Condition("专职研发人员", f.now("centre_staff"), ">=", staff, CITY_NUMBERS, "staff")
        rights = f.now("class1_ip") + f.now("class2_ip")
        yield Condition("拥有自主知识产权", rights, ">=", n("city_centre.rights"), CITY_NUMBERS, "rights")
