"""What went wrong, as RFC 9457 problem JSON with a Chinese sentence. Never a stack trace, never a page."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:keji:problem:"

#: code → (status, title). The code is for programs and never changes; the title is for people.
KINDS: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "请求不能识别"),
    "unknown-parameter": (400, "参数不存在"),
    "bad-parameter": (400, "参数不正确"),
    "bad-json": (400, "内容不是合法的 JSON"),
    "no-idempotency-key": (400, "缺少幂等键"),
    "token": (401, "令牌无效"),
    "forbidden": (403, "没有权限"),
    "not-found": (404, "没有找到"),
    "method": (405, "不支持这种请求方法"),
    "conflict": (409, "与已有记录冲突"),
    "key-reused": (409, "幂等键已用于别的内容"),
    "too-large": (413, "内容太大"),
    "content-type": (415, "内容类型不支持"),
    "rows": (422, "有几行需要更正"),
    "too-many-calls": (429, "调用太频繁"),
    "unexpected": (500, "系统出错"),
}

logger = logging.getLogger(__name__)


class FieldProblem(Schema):
    """One thing wrong in one row."""

    field: str = Field(description="字段名；整行的问题为空")
    label: str = Field(description="字段的中文名")
    message: str = Field(description="错在哪里、怎么改")


class RowProblem(Schema):
    """A row that cannot be written."""

    row: int = Field(description="第几行，从 1 起")
    problems: list[FieldProblem]


class ProblemOut(Schema):
    """RFC 9457 problem details."""

    type: str = Field(description="问题代码，供程序判断，不会改变", examples=[PREFIX + "rows"])
    title: str = Field(description="这一类问题的名称")
    status: int
    detail: str = Field(description="一句话：发生了什么、为什么、怎么办")
    rows: list[RowProblem] = Field(default=[], description="逐行的问题，只在报送未通过核对时有")


class Problem(Exception):
    """Ends a call with a sentence. `code` is one of KINDS; `rows` and the like go into the answer beside it."""

    def __init__(self, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers, self.more = code, detail, headers or {}, more


def answer(problem: Problem) -> HttpResponse:
    status, title = KINDS[problem.code]
    content = {"type": PREFIX + problem.code, "title": title, "status": status, "detail": problem.detail}
    text = json.dumps(content | problem.more, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=dict(problem.headers))


def of(error: BaseException) -> Problem:
    """Any exception as a problem; what nobody foresaw is logged and told without details."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, AuthenticationError):
        sentence = "请在请求头 Authorization 里写“Bearer 令牌”，令牌由安全管理员发放。"
        return Problem("token", sentence, headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, Http404):
        return Problem("not-found", str(error) or "没有这个地址，请查看 /api/v1/docs。")
    if isinstance(error, PermissionDenied):
        return Problem("forbidden", str(error) or "这个令牌没有权限。")
    if isinstance(error, RequestDataTooBig):
        return Problem("too-large", "请求内容太大，请分批报送。")
    if isinstance(error, SuspiciousOperation):
        return Problem("bad-request", "请求的参数太多或写法不能识别，请检查后再试。")
    logger.error("an API call failed", exc_info=error)
    return Problem("unexpected", "处理时出现意外错误，没有写入任何数据。请把调用时间告诉系统管理员。")


def install(api: NinjaAPI) -> None:
    """Every error of `api` leaves as a problem."""

    def handle(_: HttpRequest, error: Any) -> HttpResponse:
        return answer(of(error))

    for kind in (Exception, Problem, AuthenticationError, Http404):
        api.add_exception_handler(kind, handle)


# --- what the document says ------------------------------------------------------------------------------------------


def problems_told(*codes: str) -> dict[int, Any]:
    return {KINDS[code][0]: {"$ref": f"#/components/responses/{KINDS[code][0]}"} for code in codes}


def responses() -> dict[str, Any]:
    """The ways a call can fail, by status: written once, named by every operation."""
    told: dict[int, list[str]] = {}
    for status, title in KINDS.values():
        told.setdefault(status, []).append(title)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    return {str(s): {"description": "；".join(titles), "content": content} for s, titles in sorted(told.items())}
