"""Renders every component to one static page, to look at while changing the theme.

    python tools/styleguide.py build/styleguide
    python -m http.server --directory build/styleguide 8123     # then open /styleguide.html, /404.html

Needs no database and no settings of the product. Figures and names are made up.
"""

import shutil
import sys
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.configure(
    DEBUG=True,
    SECRET_KEY="styleguide",
    ROOT_URLCONF="styleguide_urls",
    USE_TZ=True,
    TIME_ZONE="Asia/Shanghai",
    LANGUAGE_CODE="zh-hans",
    STATIC_URL="/static/",
    INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "keji.desk", "keji.site"],
    STATICFILES_DIRS=[],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [ROOT / "keji/site/templates", ROOT / "keji/desk/templates"],
            "APP_DIRS": False,
            "OPTIONS": {"libraries": {"look": "keji.desk.templatetags.look"}},
        }
    ],
)
sys.modules["styleguide_urls"] = SimpleNamespace(urlpatterns=[])  # type: ignore[assignment]
django.setup()

from django import forms  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from tools.styleguide_data import COUNTIES, HNTE, figures, records, shell, table  # noqa: E402


class Filter(forms.Form):
    q = forms.CharField(label="名称或信用代码", required=False)
    region = forms.ChoiceField(label="县区", choices=[("", "全部")] + [(c, c) for c in COUNTIES], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("", "全部"), ("a", "有效"), ("b", "三个月内到期")], required=False
    )
    field = forms.ChoiceField(label="技术领域", choices=[("", "全部"), ("x", "先进制造与自动化")], required=False)
    since = forms.DateField(label="认定日期起", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Sheet(forms.Form):
    name = forms.CharField(label="项目名称", help_text="与任务书一致，不超过 60 字。")
    region = forms.ChoiceField(label="所属县区", choices=[(c, c) for c in COUNTIES])
    amount = forms.DecimalField(label="研发投入（万元）", help_text="按上一年度审计报告填写。")
    started = forms.DateField(label="起始日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="合作方式",
        choices=[("1", "委托开发"), ("2", "合作开发"), ("3", "技术转让"), ("4", "技术入股")],
        widget=forms.RadioSelect,
    )
    proof = forms.FileField(label="审计报告", help_text="PDF，不超过 20 MB。")
    phone = forms.CharField(label="联系电话")
    summary = forms.CharField(label="主要研发内容", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="所填内容真实，愿意承担相应的科研诚信责任")


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/styleguide")
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out / "static", ignore_errors=True)
    shutil.copytree(ROOT / "keji/site/static", out / "static")
    import django_htmx

    shutil.copytree(Path(django_htmx.__file__).parent / "static", out / "static", dirs_exist_ok=True)
    form = Sheet({"name": "新能源汽车轻量化", "amount": "约120万", "phone": "", "kind": "2"}, {})
    form.errors.pop("proof", None)
    pages = Paginator(range(1283), 20)
    data = {
        **shell(),
        **table(),
        **figures(),
        **records(),
        "tabs": [
            {"label": "总览", "url": "#", "active": True},
            {"label": "县区", "url": "#", "count": 8},
            {"label": "企业", "url": "#", "count": 12345},
        ],
        "lights": ["on_pace", "behind", "at_risk", "done", "over", "not_started", "not_reported", "not_applicable"],
        "tones": ["blue", "green", "amber", "red", "teal", "violet", "gray", "plain"],
        "filter_form": Filter({"region": "金安区"}, auto_id="filter_%s"),
        "chips": [
            {"label": "县区", "value": "金安区", "remove_url": "?"},
            {"label": "名称", "value": "新能源汽车零部件智能制造", "remove_url": "?"},
        ],
        "saved": [
            {"label": "全部", "url": "#"},
            {"label": "三个月内到期", "url": "#", "active": True},
            {"label": "研发费用未报", "url": "#"},
        ],
        "page": pages.page(7),
        "numbers": pages.get_elided_page_range(7, on_each_side=2, on_ends=1),
        "card_columns": [
            {"label": "县区"},
            {"label": "高企数", "align": "end"},
            {"label": "技术合同成交额（万元）", "align": "end"},
            {"label": "进度"},
            {"label": "核对人"},
        ],
        "card_rows": [
            {
                "url": "#",
                "cells": [
                    {"value": n},
                    {"value": v, "number": True},
                    {"value": D(v) * D("812.35"), "number": True},
                    {"light": "behind" if v < 80 else "on_pace"},
                    {"value": "李明"},
                ],
            }
            for n, v in zip(COUNTIES[:3], HNTE, strict=False)
        ],
        "form": form,
        "fieldsets": [
            {
                "title": "项目情况",
                "note": "名称、县区取自企业档案，有变化的请先更新档案。",
                "fields": [form[n] for n in ("name", "region", "amount", "started", "kind", "proof")],
            },
            {"title": "联系与承诺", "fields": [form[n] for n in ("phone", "summary", "agree")]},
        ],
        "extra_buttons": [{"name": "draft", "value": "1", "label": "存草稿"}],
    }
    for source, target, context in [
        ("styleguide.html", "styleguide.html", data),
        ("404.html", "404.html", {}),
        ("403.html", "403.html", {"reason": "您是本件的受理人，受理和审批须由不同人员办理。"}),
        ("500.html", "500.html", {}),
        ("desk/parts/progress.html", "progress.html", {"job": {**records()["job"], "percent": 63}}),
    ]:
        (out / target).write_text(render_to_string(source, context), encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()
