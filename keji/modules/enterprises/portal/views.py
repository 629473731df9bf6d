"""The door for firms: join with a code, claim without one; and the desk where codes are handed out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from keji.desk.files import file_answer
from keji.desk.guard import actor_of, page, public
from keji.desk.lists import containing
from keji.kernel import clock
from keji.kernel.audit.log import log_look, writing
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.lib import sheet
from keji.modules.enterprises.portal import services
from keji.modules.enterprises.portal.forms import ClaimForm, JoinForm
from keji.modules.enterprises.portal.models import Claim, Invitation

DOORKEEPERS = (Role.OFFICER, Role.COUNTY)
TOO_MANY = "尝试次数太多，请过半小时再试，或联系县区科技局。"


@never_cache
@public
@sensitive_post_parameters("password", "again", "code")
def join(request: HttpRequest) -> HttpResponse:
    """A firm opens its account with the code its county gave it."""
    if request.user.is_authenticated:
        return redirect("home")
    form = JoinForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    now, visitor = clock.now(), services.visitor_of(request)
    if request.method == "POST":
        if services.too_many_tries(visitor, now):
            form.add_error(None, TOO_MANY)
        elif form.is_valid():
            data = form.cleaned_data
            try:
                account = services.join(
                    data["code"], username=data["username"], name=data["name"], password=data["password"], at=now
                )
            except Refused as why:
                if "邀请码" in str(why):
                    services.knocked(visitor, now)
                form.add_error("code" if "邀请码" in str(why) else "username", f"{why}。")
            else:
                start_session(request, account, backend="django.contrib.auth.backends.ModelBackend")
                with writing(account.actor(clock.today()), now):
                    log_look("登录", account)
                messages.success(request, "账号已开通。这里是市局掌握的贵单位资料，请先核对。")
                return redirect("home")
    return _door(request, form, "企业开通账号", "join")


@never_cache
@public
@sensitive_post_parameters("password", "again")
def claim(request: HttpRequest) -> HttpResponse:
    """A firm without a code asks for an account; its county confirms."""
    if request.user.is_authenticated:
        return redirect("home")
    form, now, visitor = ClaimForm(request.POST or None), clock.now(), services.visitor_of(request)
    if request.method == "POST":
        if services.too_many_tries(visitor, now):
            form.add_error(None, TOO_MANY)
        elif form.is_valid():
            party = form.party()
            services.knocked(visitor, now)  # accounts cannot be made by the dozen either
            if party is None:
                form.add_error(None, "名册里没有代码和名称都相符的企业，请核对；还没有建档的，请联系县区科技局建档。")
            else:
                try:
                    made = services.claim(party, form.cleaned_data, at=now)
                    return render(
                        request, "enterprises/claimed.html",
                        {"page_title": "申请已收到", "claim": made, "narrow": True},
                    )  # fmt: skip
                except Refused as why:
                    form.add_error(None, f"{why}。")
    return _door(request, form, "企业认领", "claim")


def _door(request: HttpRequest, form: Any, title: str, kind: str) -> HttpResponse:
    context = {"form": form, "page_title": title, "kind": kind, "demo": settings.DEMO}
    return render(request, "enterprises/join.html", context, status=422 if form.is_bound and form.errors else 200)


@page(*DOORKEEPERS, Role.INSPECTOR)
def invitations(request: HttpRequest) -> HttpResponse:
    """Which firms have an account, which hold a code, which have neither; codes are made here and shown once."""
    actor, today = actor_of(request), clock.today()
    show, text = request.GET.get("show", "without"), request.GET.get("q", "").replace("\0", "").strip()[:60]
    firms = Party.objects.visible_to(actor).filter(kind=Party.Kind.ENTERPRISE, merged_into=None)
    open_ = Q(grant__role=Role.ENTERPRISE) & (Q(grant__until_on=None) | Q(grant__until_on__gte=today))
    holding = Invitation.objects.filter(used_at=None, revoked_at=None, expires_on__gte=today)
    with_account = firms.filter(open_).distinct()
    rows = {
        "with": with_account,
        "invited": firms.filter(pk__in=holding.values("party")).exclude(pk__in=with_account.values("pk")),
    }.get(show, firms.exclude(pk__in=with_account.values("pk")).exclude(pk__in=holding.values("party")))
    for word in text.split()[:4]:
        rows = rows.filter(containing(Party, ("name", "uscc"), word))
    found = Paginator(rows.select_related("region").order_by("pk"), 25).get_page(request.GET.get("page"))
    latest = {i.party_id: i for i in holding.filter(party__in=[p.pk for p in found])}
    accounts = dict(
        Party.objects.filter(pk__in=[p.pk for p in found])
        .filter(open_)
        .annotate(n=Count("grant"))
        .values_list("pk", "n")
    )
    context = {
        "tabs": [
            {"label": label, "url": f"?show={key}", "active": key == show}
            for key, label in (("without", "还没有账号"), ("invited", "已发邀请码"), ("with", "已有账号"))
        ],
        "show": show,
        "q": text,
        "rows": [{"party": p, "invitation": latest.get(p.pk), "accounts": accounts.get(p.pk, 0)} for p in found],
        "page": found,
        "may_invite": actor.has(*DOORKEEPERS),
        "claims": Claim.objects.visible_to(actor).filter(state=Claim.State.WAITING).count(),
        "page_title": "企业账号",
        "page_subtitle": "给企业发邀请码，企业凭码自己开通账号；没有码的企业可以自己申请认领，由县区核对。",
        "crumbs": [("一企一档", ""), ("企业账号", "")],
    }
    return render(request, "enterprises/invitations.html", context)


@page(*DOORKEEPERS)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make codes for the ticked firms: on the page, or as a sheet to hand out. They are never shown again."""
    actor = actor_of(request)
    picked = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal()]
    firms = list(Party.objects.visible_to(actor).filter(pk__in=picked[:1000]).select_related("region").order_by("pk"))
    if not firms:
        messages.error(request, "没有勾选企业，请先勾选再发邀请码。")
        return redirect("invitations")
    try:
        made = services.invite(firms, actor=actor, at=clock.now())
    except Refused as why:
        messages.error(request, f"没有发出：{why}。")
        return redirect("invitations")
    address = request.build_absolute_uri(reverse("join"))
    if "sheet" in request.POST:
        columns = [
            sheet.Column("name", "单位名称"), sheet.Column("uscc", "统一社会信用代码", "code"),
            sheet.Column("region", "县区"), sheet.Column("code", "邀请码", "code"),
            sheet.Column("until", "有效期至", "date"), sheet.Column("url", "开通网址"),
        ]  # fmt: skip
        lines = [
            {"name": p.name, "uscc": p.uscc, "region": p.region.name, "code": c, "until": u, "url": address}
            for p, c, u in made
        ]
        return file_answer(sheet.write(columns, lines, title="企业邀请码"), f"企业邀请码{clock.today():%Y%m%d}.xlsx")
    context = {
        "made": [{"party": p, "code": c, "until": u} for p, c, u in made],
        "address": address,
        "page_title": "邀请码",
        "page_subtitle": "邀请码只在这里显示一次，请现在抄下或发给企业；丢了可以重新发，旧码随即作废。",
        "crumbs": [("企业账号", reverse("invitations")), ("邀请码", "")],
    }
    response = render(request, "enterprises/invited.html", context)
    response["Cache-Control"] = "no-store"
    return response
