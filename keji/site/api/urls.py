"""The addresses of the API, each behind one door that answers everything, also nonsense, with a problem in JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, include, path
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

import keji
from keji.desk.guard import public
from keji.site.api import open_data, problems, views
from keji.site.api.exchange import SHARED, Written, components, make_router
from keji.site.api.fields import Coded, Reference

ABOUT = "\n\n".join(
    [
        "公开数据不需要令牌。与其他系统交换数据需要令牌：请求头写 `Authorization: Bearer 令牌`，"
        "令牌由安全管理员在“对接系统”里发放，权限与它代表的账号相同。",
        "出错时答复 RFC 9457 问题说明（`application/problem+json`），`detail` 是一句可以直接给人看的话。",
        "精确小数写成文本，免得丢失精度；日期写成 2024-10-29。",
    ]
)


class Docs(Swagger):
    """Ninja's page under our own head; its script is in files, so the strict policy holds."""

    template = "api/docs.html"


class Json(JSONRenderer):
    """Chinese as itself: an answer is also read by people."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Ninja's document, with the schemas that come from desks and the same order every time."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        found = super().get_openapi_schema(**kwargs)
        fixed = (Coded, Reference, Written, problems.ProblemOut)
        schemas = found["components"]["schemas"] | components()
        for model in fixed:
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {})
            schemas[model.__name__] = schema
        found["components"]["schemas"] = dict(sorted(schemas.items()))
        found["components"]["parameters"] = SHARED
        found["components"]["responses"] = problems.responses()
        found["paths"] = dict(sorted(found["paths"].items()))
        return found


def make_api() -> Api:
    made = Api(
        renderer=Json(),
        docs=Docs({"defaultModelsExpandDepth": -1, "docExpansion": "list"}),
        title="科技工作一本账数据接口",
        version="1",
        description=ABOUT,
        urls_namespace="api",
        openapi_extra={"info": {"x-product-version": keji.__version__}},
    )
    problems.install(made)
    made.add_router("/open", open_data.router)
    made.add_router("", make_router())
    return made


def door(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Open to anybody without a log-in: the token is asked inside, a session counts for nothing here."""

    @public
    @wraps(view, assigned=("__doc__",), updated=())
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except Exception as error:
            response = problems.answer(problems.of(error))
        if response.status_code == 405:
            allowed = ", ".join(sorted(response.get("Allow", "").split(", ")))
            sentence = f"这个地址不接受 {request.method} 请求，可用：{allowed}。"
            response = problems.answer(problems.Problem("method", sentence, headers={"Allow": allowed}))
        if request.headers.get("Authorization"):
            response["Cache-Control"] = "private, no-store"
        return response

    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is read, so none can be abused
    return guarded


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404("没有这个地址，请查看 /api/v1/docs。")


def home(request: HttpRequest) -> HttpResponse:
    return redirect("api:openapi-view")


api = make_api()


def patterns() -> list[URLPattern]:
    found: list[Any] = []
    laid: Any = api._get_urls()
    for pattern in laid:
        view: Any = home if pattern.name == "api-root" else pattern.callback
        found.append(path(str(pattern.pattern), door(view), name=pattern.name))
    return [*found, path("<path:rest>", door(nowhere))]


urlpatterns = [
    path("clients/<int:pk>/token", views.issue, name="client-token"),
    path("api/v1/", include((patterns(), "api"), namespace="api")),
]
