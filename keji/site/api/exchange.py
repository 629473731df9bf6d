"""The exchange by token, one set of operations a desk, made from what each desk declares; no module is named here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Router, Schema

from keji.desk.desk import Desk, desks
from keji.site.api.auth import Token, caller
from keji.site.api.fields import REF, record_schema
from keji.site.api.params import AFTER, LIMIT, parsed
from keji.site.api.problems import problems_told
from keji.site.api.reading import SINCE, by_number, listing, one, params_of, readable
from keji.site.api.writing import DRY_RUN, batch_schema, row_schema, writable, write

READ_PROBLEMS = ("bad-parameter", "token", "forbidden", "too-many-calls")
WRITE_PROBLEMS = (*READ_PROBLEMS, "conflict", "too-large", "content-type", "rows")
ABOUT = "令牌和编号"
NUMBER: Any = Path(..., description="编号，如 ZS-2024-0001")
KEY: Any = Path(..., description="记录的键")


#: Parameters that many operations share, by name.
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "幂等键：每批一个，重发同一批时不变；只核对时不需要",
    "schema": {"type": "string", "minLength": 8, "maxLength": 80, "pattern": "^[A-Za-z0-9._:-]+$"},
}
SHARED = {p.name: p.document() for p in (LIMIT, AFTER, SINCE, DRY_RUN)} | {"Idempotency-Key": IDEMPOTENCY}
KEY_TOLD = {"$ref": "#/components/parameters/Idempotency-Key"}


class Access(Schema):
    name: str = Field(description="地址里的名称：/api/v1/records/<name>")
    title: str
    may_write: bool


class Me(Schema):
    system: str = Field(description="对接系统的名称")
    account: str = Field(description="代表的账号")
    roles: list[str]
    may_read: bool
    may_write: bool
    until: str = Field(description="令牌有效期至")
    records: list[Access] = Field(description="这个账号能查询的记录")


class Written(Schema):
    """The answer to a batch."""

    rows: int = Field(description="收到多少行")
    written: int = Field(description="写入多少行；只核对时为 0")
    dry_run: bool
    replayed: bool = Field(description="这一批以前已经写入，这次没有重复写")
    records: list[dict[str, str]] = Field(description="写入的记录：key 键、code 编号、label 名称，顺序与报送的行相同")


def json_told(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def as_answer(content: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False), status=status, content_type="application/json")


def schema_name(desk: Desk, what: str = "Record") -> str:
    """follow-ups → FollowUpsRecord; no other schema ends that way, whatever a later desk is called."""
    return "".join(part.capitalize() for part in desk.name.split("-")) + what


def offered() -> list[Desk]:
    """Desks some business role reads, by name, so that the document does not depend on the order of loading."""
    return [desk for _, desk in sorted(desks().items()) if readable(desk)]


def components() -> dict[str, Any]:
    """The schemas of every offered desk."""
    found: dict[str, Any] = {}
    for desk in offered():
        found[schema_name(desk)] = record_schema(desk)
        if writable(desk):
            found[schema_name(desk, "Row")] = row_schema(desk)
    return found


def make_router() -> Router:
    router = Router(auth=Token())
    _about(router)
    for desk in offered():
        _listing(router, desk)
        _single(router, desk)
        if writable(desk):
            _batch(router, desk)
    return router


def _about(router: Router) -> None:
    @router.get(
        "/me",
        response=Me,
        tags=[ABOUT],
        summary="这个令牌是谁、能做什么",
        operation_id="me",
        openapi_extra={"responses": problems_told(*READ_PROBLEMS)},
    )
    def me(request: HttpRequest) -> Any:
        parsed(request, ())
        client, actor = request.auth, request.actor  # type: ignore[attr-defined]
        seen = [d for d in offered() if actor.has(*d.readers)]
        may = [{"name": d.name, "title": d.title, "may_write": writable(d) and d.may_create(actor)} for d in seen]
        return {
            "system": client.name,
            "account": client.account.name,
            "roles": sorted(role.label for role in actor.roles),
            "may_read": client.may_read,
            "may_write": client.may_write,
            "until": client.until_on.isoformat(),
            "records": may,
        }

    schema = {"anyOf": [{"$ref": REF + schema_name(d)} for d in offered()]}
    extra = {
        "responses": {200: json_told("记录；kind 是它的名称", schema), **problems_told(*READ_PROBLEMS, "not-found")},
    }

    def find(request: HttpRequest, number: str = NUMBER) -> HttpResponse:
        _, actor = caller(request, "read")
        return as_answer(by_number(request, actor, number))

    _add(
        router,
        "GET",
        "/numbers/{number}",
        find,
        summary="按编号查一条",
        operation_id="by_number",
        extra=extra,
        tag=ABOUT,
    )


def _add(
    router: Router,
    method: str,
    path: str,
    view: Callable[..., Any],
    *,
    summary: str,
    operation_id: str,
    extra: dict[str, Any],
    tag: str,
    description: str = "",
) -> None:
    router.add_api_operation(
        path,
        [method],
        view,
        summary=summary,
        description=description,
        operation_id=operation_id,
        openapi_extra=extra,
        tags=[tag],
    )


def _tag(desk: Desk) -> str:
    return desk.group or "其他"


def _id(verb: str, desk: Desk) -> str:
    return f"{verb}_{desk.name.replace('-', '_')}"


def _listing(router: Router, desk: Desk) -> None:
    page = {
        "type": "object",
        "required": ["items", "next", "as_of"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": REF + schema_name(desk)}},
            "next": {"type": ["string", "null"], "description": "下一页从哪里取；null 表示没有了"},
            "as_of": {"type": "string", "format": "date-time", "description": "答复的时刻"},
        },
    }
    extra = {
        "parameters": [p.told() for p in params_of(desk)],
        "responses": {200: json_told("一页", page), **problems_told(*READ_PROBLEMS)},
    }

    def show(request: HttpRequest) -> HttpResponse:
        _, actor = caller(request, "read")
        return as_answer(listing(request, desk, actor))

    _add(
        router,
        "GET",
        f"/records/{desk.name}",
        show,
        summary=f"查询{desk.title}",
        operation_id=_id("list", desk),
        extra=extra,
        tag=_tag(desk),
        description=desk.intro,
    )


def _single(router: Router, desk: Desk) -> None:
    extra = {
        "responses": {
            200: json_told(desk.noun, {"$ref": REF + schema_name(desk)}),
            **problems_told(*READ_PROBLEMS, "not-found"),
        },
    }

    def show(request: HttpRequest, key: str = KEY) -> HttpResponse:
        _, actor = caller(request, "read")
        return as_answer(one(request, desk, actor, key))

    _add(
        router,
        "GET",
        f"/records/{desk.name}/{{key}}",
        show,
        summary=f"查一条{desk.noun}",
        operation_id=_id("get", desk),
        extra=extra,
        tag=_tag(desk),
    )


def _batch(router: Router, desk: Desk) -> None:
    body = {"application/json": {"schema": batch_schema(REF + schema_name(desk, "Row"))}}
    extra = {
        "parameters": [DRY_RUN.told(), KEY_TOLD],
        "requestBody": {"required": True, "content": body},
        "responses": {
            200: json_told("只核对，或以前已经写入", {"$ref": REF + "Written"}),
            201: json_told("已写入", {"$ref": REF + "Written"}),
            **problems_told(*WRITE_PROBLEMS),
        },
    }

    def take_in(request: HttpRequest) -> HttpResponse:
        client, actor = caller(request, "write")
        status, content = write(request, desk, client, actor)
        return as_answer(content, status)

    _add(
        router,
        "POST",
        f"/records/{desk.name}",
        take_in,
        summary=f"报送{desk.noun}",
        operation_id=_id("report", desk),
        extra=extra,
        tag=_tag(desk),
        description="全部正确才写入，有一行不对就一行都不写；核对与上传表格完全相同。",
    )
