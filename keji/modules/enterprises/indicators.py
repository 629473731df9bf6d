"""The numbers this module feeds. Each docstring is the 口径 shown to users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Count, QuerySet

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.clock import day_of
from keji.kernel.indicators.indicator import Counted, Kind, Reported, indicator
from keji.lib.figures import Period
from keji.modules.enterprises.models import Certification, CertificationQuerySet

State = Certification.State


def of_kind(kind: str) -> CertificationQuerySet:
    return Certification.objects.filter(kind=kind)


class CertificationStock(Counted):
    """Base of the stocks: firms whose certification is valid at the end of the period."""

    kind = Kind.STOCK
    unit = "家"
    certification: ClassVar[str]

    def records(self, period: Period) -> QuerySet[Any]:
        return of_kind(self.certification).valid_on(period.end).one_a_firm()

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        rows = list(Certification.objects.filter(pk__in=list(ids)).select_related(None))
        parties = {row.party_id for row in rows}
        earlier, wrong = _earlier(self.certification, parties), _voided(self.certification, parties)
        found = {}
        for row in rows:
            if row.issued_on >= period.start:
                before = earlier.get(row.party_id)
                found[row.pk] = "复审" if before and before < row.issued_on else "新增"
            elif row.party_id in wrong or (row.confirmed_at and day_of(row.confirmed_at) < period.start):
                found[row.pk] = "更正"
            else:
                found[row.pk] = "迟报"
        return found

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        wanted = list(ids)
        replaced = set(
            of_kind(self.certification).valid_on(period.end).filter(pk__in=wanted).values_list("pk", flat=True)
        ) - set(self.records(period).filter(pk__in=wanted).values_list("pk", flat=True))
        found = dict.fromkeys(wanted, "更正")
        for row in Certification.objects.filter(pk__in=wanted):
            if row.state == State.REVOKED and row.revoked_on and row.revoked_on <= period.end:
                found[row.pk] = "撤销"
            elif row.state == State.CONFIRMED and row.valid_until < period.end:
                found[row.pk] = "到期"
            elif row.pk in replaced:
                found[row.pk] = "换证"
        return found

    @while_unchanged(64)
    def ends(self, period: Period) -> Mapping[str, Mapping[date, int]]:
        """{region: {last day: how many}}: one question tells how many there are and how many lapse by any day."""
        rows = self.records(period).order_by().values_list("region_id", "valid_until").annotate(Count("pk"))
        found: dict[str, dict[date, int]] = {}
        for region, day, many in rows:
            found.setdefault(region, {})[day] = many
        return found

    def figures(self, period: Period) -> dict[str, Decimal]:
        return {region: Decimal(sum(days.values())) for region, days in self.ends(period).items()}

    def lapsing(self, period: Period, until: date) -> dict[str, int]:
        lost = {region: sum(n for day, n in days.items() if day < until) for region, days in self.ends(period).items()}
        return {region: n for region, n in lost.items() if n}


class CertificationFlow(Counted):
    """Base of the yearly flows: certifications issued from 1 January to the end of the period."""

    kind = Kind.FLOW
    unit = "家"
    certification: ClassVar[str]

    def records(self, period: Period) -> QuerySet[Any]:
        return of_kind(self.certification).standing_on(period.end).filter(year=period.end.year)

    def why_entered(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        found = {}
        for row in Certification.objects.filter(pk__in=list(ids)):
            if row.issued_on >= period.start:
                found[row.pk] = "新增"
            else:
                corrected = row.confirmed_at and day_of(row.confirmed_at) < period.start
                found[row.pk] = "更正" if corrected else "迟报"
        return found

    def why_left(self, ids: Iterable[int], period: Period) -> dict[int, str]:
        found = dict.fromkeys(ids, "更正")
        for row in Certification.objects.filter(pk__in=list(found)):
            if row.state == State.REVOKED:
                found[row.pk] = "撤销"
            elif row.issued_on.year < period.end.year:
                found[row.pk] = "跨年"
        return found


def _earlier(kind: str, parties: set[int]) -> dict[int, date]:
    """{party: first day it was certified}."""
    rows = Certification.objects.filter(party_id__in=parties, kind=kind, state__in=[State.CONFIRMED, State.REVOKED])
    found: dict[int, date] = {}
    for party, issued_on in rows.order_by("-issued_on").values_list("party_id", "issued_on"):
        found[party] = issued_on
    return found


def _voided(kind: str, parties: set[int]) -> set[int]:
    """Firms with a record that was withdrawn as wrong after it had counted."""
    rows = Certification.objects.filter(party_id__in=parties, kind=kind, state=State.VOID, confirmed_at__isnull=False)
    return set(rows.values_list("party_id", flat=True))


@indicator
class HnteStock(CertificationStock):
    """统计期末高新技术企业证书在有效期内（发证之日起三年，满三年当日起不计）且未被撤销的企业数，以业务科室确认的记录为准；
    一家企业在旧证到期前换发新证的，只计一家。证书年中到期、尚未重新认定的企业自到期起不计入。"""

    code, name, certification = "hnte_stock", "高新技术企业总数", "hnte"
    aliases = (
        "高企总数",
        "高企数",
        "高新技术企业数",
        "有效高新技术企业总数",
        "高新技术企业",
        "高企保有量",
        "国家高新技术企业",
    )
    owner = "市科技局"
    list_url = "/d/certifications/?kind=hnte"


@indicator
class HnteNew(CertificationFlow):
    """本年1月1日至统计期末首次取得高新技术企业证书的企业数（以前年度取得过证书、本年重新认定的不计），不扣除到期退出的企业。"""

    code, name, certification = "hnte_new", "新增高新技术企业", "hnte"
    aliases = ("新增高企", "新认定高新技术企业", "净增高企", "新增高新技术企业数", "新培育高新技术企业")
    list_url = "/d/certifications/?kind=hnte"

    def records(self, period: Period) -> QuerySet[Any]:
        first = of_kind("hnte").filter(state__in=[State.CONFIRMED, State.REVOKED]).first_of_a_firm()
        return super().records(period).filter(pk__in=first.values("pk"))


@indicator
class TechSmeListed(CertificationFlow):
    """本年1月1日至统计期末取得科技型中小企业入库登记编号且未被撤销的企业数，按入库公告日期计；每年须重新评价入库，一家企业一年计一次。
    2024年评价平台自6月27日开放，此前为零属正常。"""

    code, name, certification = "tech_sme_listed", "评价入库科技型中小企业", "tech_sme"
    aliases = (
        *("科技型中小企业", "入库科技型中小企业", "科技型中小企业入库数", "评价入库国家科技型中小企业"),
        *("重新入库科技型中小企业", "国家科技型中小企业", "科技型中小企业评价入库"),
    )
    opens_on = (6, 27)
    list_url = "/d/certifications/?kind=tech_sme"


@indicator
class TechSmeStock(CertificationStock):
    """统计期末入库登记编号仍在有效期内且未被撤销的科技型中小企业数；登记编号当年有效，因此每年年初归零、随各批次入库逐步增加。"""

    code, name, certification = "tech_sme_stock", "有效期内科技型中小企业", "tech_sme"
    aliases = ("科技型中小企业有效数", "在库科技型中小企业")
    opens_on = (6, 27)
    list_url = "/d/certifications/?kind=tech_sme"


class FiguredByOthers(Reported):
    """Base of what other departments publish as a growth rate or a share: the value filed is the rate itself."""

    unit = "%"
    places = 2


@indicator
class RndGrowth(FiguredByOthers):
    """全社会研究与试验发展（R&D）经费内部支出比上年的增速，范围为规上工业、建筑业和服务业调查单位、科研机构和高等学校；
    只有年度数，市级数一般在次年9至10月发布，年中不存在月度数。"""

    code, name = "rd_growth", "全社会研发经费增速"
    aliases = (
        *(
            "全社会研发经费",
            "研发经费",
            "全社会研发投入",
            "全社会研发经费年增长",
            "全社会研发投入年增长",
            "全社会R&D经费",
        ),
        *("研发经费投入", "R&D经费增速", "全社会研发投入增速"),
    )
    owner, rhythm, lag = "市统计局", "每年", "约9至10个月"
    figure_kind = "year"


@indicator
class FiscalShare(FiguredByOthers):
    """一般公共预算支出中“206科学技术支出”占一般公共预算支出的比重，两者同为1月至统计期末累计数，来自财政部门预算执行月报。"""

    code, name = "fiscal_share", "财政科技支出占比"
    aliases = (
        "财政科技支出占财政支出比重",
        "财政科技支出占一般公共预算支出比重",
        "地方财政科技支出占比",
        "财政科技支出比重",
    )
    owner, lag = "市财政局", "次月10至15日"


@indicator
class FiscalGrowth(FiguredByOthers):
    """“206科学技术支出”1月至统计期末累计数比上年同期的增速，来自财政部门预算执行月报；不含其他科目中的科技支出。"""

    code, name = "fiscal_growth", "地方财政科技支出增速"
    aliases = (
        "财政科技支出增速",
        "地方财政科技支出",
        "财政科技支出",
        "财政科技投入",
        "地方财政科技投入增速",
        "财政科技投入增长",
    )
    owner, lag = "市财政局", "次月10至15日"


@indicator
class HightechValueAddedGrowth(FiguredByOthers):
    """规模以上高新技术产业增加值1月至统计期末累计比上年同期的增速，按可比价计算，不得用现价数自行推算；
    行业范围为本省高新技术产业目录，与国家“高技术制造业”不同；1月不单独发布，与2月合并。"""

    code, name = "hightech_value_added_growth", "规上高新技术产业增加值增速"
    aliases = (
        *("高新技术产业增加值", "规模以上高新技术产业增加值", "规上高新技术产业增加值", "高新技术产业增加值增速"),
        "规模以上高新技术产业增加值增速",
    )
    owner, lag = "市统计局", "次月20至25日"
    skips_january = True


@indicator
class TechLoanGrowth(FiguredByOthers):
    """统计期末科技贷款余额比上年同期的增速，来自人民银行市分行，按季公布。2025年起改用金融“五篇大文章”统计制度口径，
    此前为科技型中小企业和高新技术企业贷款；两种口径的数不可直接相比（口径待人民银行确认）。"""

    code, name = "tech_loan_growth", "科技贷款增速"
    aliases = ("科技贷款", "科技贷款余额增速", "科技贷款余额", "科技型企业贷款增速")
    owner, rhythm, lag = "人民银行市分行", "每季", "季后约1个月"
    figure_kind = "quarter"


from keji.modules.enterprises.ladder import indicators as indicators_ladder  # noqa: E402,F401  enters its own into the catalogue
