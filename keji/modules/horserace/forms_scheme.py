"""The scheme editor: units, levels, indicators and bonuses as rows; what is wrong is told, nothing is guessed."""

from __future__ import annotations

from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.parties.models import Region
from keji.lib.race.functions import FUNCTIONS, NAMES
from keji.lib.race.scheme import Aggregation, Missing
from keji.modules.horserace.services.content import BASES, RHYTHMS

NUMBER = forms.TextInput(attrs={"inputmode": "decimal"})
PARAMETERS = {word: name for name, word in NAMES.items()}


def _number(label: str, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=required, max_digits=20, decimal_places=6, widget=NUMBER)


class UnitRow(forms.Form):
    region = forms.ChoiceField(label="单位")
    group = forms.CharField(label="分组", max_length=20, required=False)
    from_on = forms.DateField(label="自", required=False, widget=DATE)
    until_on = forms.DateField(label="至", required=False, widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Region.objects.exclude(level=Region.Level.CITY)
        self.fields["region"].choices = [("", "请选择"), *((r.pk, r.name) for r in rows)]  # type: ignore[attr-defined]


class LevelRow(forms.Form):
    title = forms.CharField(label="一级指标", max_length=40)
    weight = _number("权重（%）")


class IndicatorRow(forms.Form):
    code = forms.ChoiceField(label="指标")
    level = forms.CharField(label="一级指标", max_length=40, help_text="与上表名称一致")
    weight = _number("级内权重（%）")
    function = forms.ChoiceField(label="计分方法", choices=[(c, f.title) for c, f in FUNCTIONS.items()])
    parameters = forms.CharField(label="参数", max_length=120, required=False)
    cap = _number("最高分")
    floor = _number("最低分")
    missing = forms.ChoiceField(label="缺数处理", choices=[(m.value, m.word) for m in Missing])
    rhythm = forms.ChoiceField(label="何时计分", choices=list(RHYTHMS.items()))
    base = forms.ChoiceField(label="比较基数", choices=list(BASES.items()), required=False)
    treated = forms.BooleanField(label="处理极端值", required=False)
    cumulative = forms.BooleanField(label="累计数", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "请选择"), *((i.code, i.name) for i in catalogue().values())]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]

    def clean_parameters(self) -> dict[str, str]:
        """标准值=1.8，基础分=60 → {standard: 1.8, d: 60}."""
        found = {}
        for part in self.cleaned_data["parameters"].replace("，", ",").replace("＝", "=").split(","):
            if not part.strip():
                continue
            word, _, value = (p.strip() for p in part.partition("="))
            if word not in PARAMETERS:
                raise forms.ValidationError(f"没有“{word}”这个参数，可用：{'、'.join(PARAMETERS)}")
            try:
                forms.DecimalField(max_digits=20, decimal_places=6).clean(value)
            except forms.ValidationError:
                raise forms.ValidationError(f"“{word}”的值“{value}”不是数") from None
            found[PARAMETERS[word]] = value
        return found


class BonusRow(forms.Form):
    title = forms.CharField(label="加减分项", max_length=60)
    points = _number("每次分值", required=True)
    most = _number("累计上限")


class RuleForm(forms.Form):
    """How the whole is put together."""

    aggregation = forms.ChoiceField(label="合成方法", choices=[(a.value, a.word) for a in Aggregation])
    ties = forms.ChoiceField(label="同分", choices=[("printed", "按公布的小数位比较"), ("exact", "按全部数位比较")])
    places = forms.IntegerField(label="公布小数位", min_value=0, max_value=6)
    across = forms.BooleanField(label="跨组比较得分（名次仍在组内）", required=False)


def _set(form: type[forms.Form], most: int, extra: int) -> Any:
    return forms.formset_factory(form, extra=extra, can_delete=True, max_num=most)


UnitSet = _set(UnitRow, 60, 1)
LevelSet = _set(LevelRow, 12, 1)
IndicatorSet = _set(IndicatorRow, 60, 1)
BonusSet = _set(BonusRow, 20, 1)


def initial_of(content: Any) -> dict[str, list[dict[str, Any]]]:
    """A stored content as the rows of the editor."""
    titles = {level["code"]: level["title"] for level in content.get("levels", ())}
    groups = {g["code"]: g["title"] for g in content.get("groups", ())}
    return {
        "units": [u | {"group": groups.get(u.get("group") or "", "")} for u in content.get("units", ())],
        "levels": list(content.get("levels", ())),
        "indicators": [
            {"missing": "nothing", "rhythm": "month"}
            | row
            | {
                "level": titles.get(row.get("level"), ""),
                "parameters": "，".join(f"{NAMES.get(k, k)}={v}" for k, v in (row.get("parameters") or {}).items()),
            }
            for row in content.get("indicators", ())
        ],
        "bonuses": list(content.get("bonuses", ())),
    }


def content_of(old: Any, rule: dict[str, Any], sets: dict[str, Any]) -> dict[str, Any]:
    """The editor's rows as a content; codes of levels, groups and bonuses stay what they were."""
    rows = {
        name: [r for r in (f.cleaned_data for f in found) if r and not r.get("DELETE")] for name, found in sets.items()
    }
    levels = _coded(rows["levels"], old.get("levels", ()), "level")
    bonuses = _coded(rows["bonuses"], old.get("bonuses", ()), "bonus")
    titles = dict.fromkeys(u["group"] for u in rows["units"] if u["group"])
    groups = _coded([{"title": t} for t in titles], old.get("groups", ()), "group")
    by_title = {g["title"]: g["code"] for g in groups}
    level_codes = {v["title"]: v["code"] for v in levels}
    before = {row["code"]: row for row in old.get("indicators", ())}
    return {
        **{k: rule[k] for k in ("aggregation", "ties", "places", "across")},
        "tie_break": old.get("tie_break", []),
        "groups": groups,
        "units": [
            {
                "region": u["region"],
                "group": by_title.get(u["group"], ""),
                "from_on": u["from_on"].isoformat() if u["from_on"] else "",
                "until_on": u["until_on"].isoformat() if u["until_on"] else "",
            }
            for u in rows["units"]
        ],
        "levels": levels,
        "indicators": [
            {
                **{
                    k: before.get(r["code"], {}).get(k)
                    for k in ("step", "limit", "proxies")
                    if before.get(r["code"], {}).get(k)
                },
                **{
                    k: r[k]
                    for k in ("code", "function", "missing", "rhythm", "base", "treated", "cumulative", "parameters")
                },
                **{k: "" if r[k] is None else f"{r[k].normalize():f}" for k in ("weight", "cap", "floor")},
                "level": level_codes.get(r["level"], ""),
            }
            for r in rows["indicators"]
        ],
        "bonuses": bonuses,
    }


def _coded(rows: list[dict[str, Any]], old: Any, stem: str) -> list[dict[str, Any]]:
    """Each row with the code it had under its title, else a new one."""
    known = {row["title"]: row["code"] for row in old}
    taken, found = set(known.values()), []
    for row in rows:
        code = known.get(row["title"])
        if code is None:
            number = 1
            while (code := f"{stem}{number}") in taken:
                number += 1
            taken.add(code)
        plain = {
            k: "" if v is None else (str(v) if isinstance(v, str) else f"{v.normalize():f}")
            for k, v in row.items()
            if k not in ("DELETE", "code")
        }
        found.append({"code": code, **plain})
    return found
