"""What anybody may read without a token: regions, indicators, printed figures, regulations, holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from keji.kernel.calendar.models import DayRule, work_calendar
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Region
from keji.kernel.rules.models import Regulation
from keji.modules.plan import api as plans
from keji.site.api.fields import decimal
from keji.site.api.params import AFTER, LIMIT, Param, parsed
from keji.site.api.problems import Problem, problems_told

router = Router(tags=["公开数据（不需要令牌）"])

YEAR = Param("year", "年度", "whole", most=2999)
INDICATOR = Param("indicator", "指标代码，见“指标和口径”")
REGION = Param("region", "县区代码，见“县区”")
PERIOD = Param("period", "期间，如 2024-10")


def told(*params: Param) -> dict[str, Any]:
    return {"parameters": [p.told() for p in params], "responses": problems_told("bad-parameter")}


class RegionOut(Schema):
    code: str = Field(description="行政区划代码；开发区没有六位代码，为自定代码")
    name: str
    short_name: str = Field(description="简称")
    level: str = Field(description="层级：city 市、county 县区、zone 开发区")
    parent: str | None = Field(description="上级代码")


class Regions(Schema):
    items: list[RegionOut]


@router.get("/regions", response=Regions, summary="县区", operation_id="open_regions", openapi_extra=told())
def regions(request: HttpRequest) -> Any:
    parsed(request, ())
    rows = Region.objects.order_by("order", "code")
    return {"items": [{**_only(r, "code", "name", "short_name", "level"), "parent": r.parent_id} for r in rows]}


class IndicatorOut(Schema):
    code: str
    name: str
    unit: str = Field(description="计量单位")
    kind: str = Field(description="存量、累计或填报")
    caliber: str = Field(description="口径：这个数包括什么、不包括什么")
    owner: str = Field(description="数据提供部门")
    rhythm: str = Field(description="多久一次")
    lag: str = Field(description="晚多久出数")
    adds_up: bool = Field(description="全市数是否为各县区之和")


class Indicators(Schema):
    items: list[IndicatorOut]


@router.get(
    "/indicators", response=Indicators, summary="指标和口径", operation_id="open_indicators", openapi_extra=told()
)
def indicators(request: HttpRequest) -> Any:
    parsed(request, ())
    names = ("code", "name", "unit", "owner", "rhythm", "lag", "adds_up")
    found = [catalogue()[code] for code in sorted(catalogue())]
    return {"items": [{**_only(i, *names), "kind": i.kind.value, "caliber": i.caliber()} for i in found]}


class ReadingOut(Schema):
    key: str
    indicator: str
    region: str
    period: str
    as_of: date = Field(description="数据截止日期")
    value: str | None = Field(description="数值（精确小数，写成文本）；没有数时为 null，原因见 empty")
    empty: str = Field(description="没有数的原因：空、not_reported 未报、not_applicable 不适用")
    computed_rate: str | None = Field(description="本系统计算的增速（%）")
    reported_rate: str | None = Field(description="数据提供部门公布的增速（%）")
    source: str
    version: int = Field(description="第几版；同一期更正后版次加一，旧版保留")
    superseded: bool = Field(description="后来印发的通报已更正这个数")
    bulletin: str = Field(description="最先刊载这个数的通报文号")


class Readings(Schema):
    items: list[ReadingOut]
    next: str | None = Field(description="下一页从哪里取；null 表示没有了")


@router.get(
    "/readings",
    response=Readings,
    summary="已印发通报里的定格数",
    operation_id="open_readings",
    description="只有全市和各县区的定格数，且已在印发的通报中使用；没有单位和个人的数据。",
    openapi_extra=told(INDICATOR, REGION, PERIOD, LIMIT, AFTER),
)
def readings(request: HttpRequest) -> Any:
    asked = parsed(request, (INDICATOR, REGION, PERIOD, LIMIT, AFTER))
    printed = plans.printed_readings()
    newest: dict[tuple[str, str, str], int] = {}
    for *what, version in printed:
        where = (what[0], what[1], what[2])
        newest[where] = max(version, newest.get(where, 0))
    rows = Reading.objects.order_by("pk")
    for name in ("indicator", "region", "period"):
        if asked[name] is not None:
            rows = rows.filter(**{name: asked[name]})
    if asked["after"] is not None:
        if not (asked["after"].isascii() and asked["after"].isdecimal() and len(asked["after"]) < 19):
            raise Problem("bad-parameter", "参数 after 应照抄上一页的 next。")
        rows = rows.filter(pk__gt=int(asked["after"]))
    found = []
    for r in rows.iterator(chunk_size=500):
        paper = printed.get((r.indicator, r.region_id, r.period, r.version))
        if paper is not None:
            found.append(_reading(r, paper, newest[r.indicator, r.region_id, r.period]))
        if len(found) > asked["limit"]:
            break
    page = found[: asked["limit"]]
    return {"items": page, "next": page[-1]["key"] if len(found) > asked["limit"] else None}


def _reading(reading: Reading, paper: str, newest: int) -> dict[str, Any]:
    return {
        "key": str(reading.pk),
        **_only(reading, "indicator", "period", "as_of", "empty", "source", "version"),
        "region": reading.region_id,
        **{name: decimal(getattr(reading, name)) for name in ("value", "computed_rate", "reported_rate")},
        "superseded": reading.version < newest,
        "bulletin": paper,
    }


class RegulationOut(Schema):
    number: str = Field(description="文号")
    title: str
    issuer: str = Field(description="发布机关")
    issued_on: date | None
    from_on: date | None = Field(description="施行日期")
    until_on: date | None = Field(description="失效日期；null 为现行")
    checked: bool = Field(description="是否已核对原文；false 为待核")


class Regulations(Schema):
    items: list[RegulationOut]


@router.get(
    "/regulations", response=Regulations, summary="法规依据", operation_id="open_regulations", openapi_extra=told()
)
def regulations(request: HttpRequest) -> Any:
    parsed(request, ())
    names = ("number", "title", "issuer", "issued_on", "from_on", "until_on", "checked")
    return {"items": [_only(r, *names) for r in Regulation.objects.order_by("number")]}


class DayOut(Schema):
    day: date
    working: bool = Field(description="true 调休上班，false 放假")
    year: int = Field(description="放假安排所属年度")
    notice: str = Field(description="依据的通知")


class Days(Schema):
    items: list[DayOut]
    known_years: list[int] = Field(description="已录入放假安排的年度；其余年度只能按周末推算")


@router.get("/workdays", response=Days, summary="节假日调休", operation_id="open_workdays", openapi_extra=told(YEAR))
def workdays(request: HttpRequest) -> Any:
    asked = parsed(request, (YEAR,))
    rows = DayRule.objects.order_by("day")
    if asked["year"] is not None:
        rows = rows.filter(year=asked["year"])
    items = [_only(r, "day", "working", "year", "notice") for r in rows]
    return {"items": items, "known_years": sorted(work_calendar().known_years)}


def _only(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
