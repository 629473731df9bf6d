"""How the pool is: how many of what, who serves too often, which fields are so thin that names can be guessed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q

from keji.kernel.audit.unchanged import while_unchanged
from keji.modules.experts.models import Discipline, Expert, Use
from keji.modules.experts.services.numbers import number


@dataclass(frozen=True)
class Thin:
    """A field with few experts; `outside` of them from outside the city."""

    code: str
    name: str
    experts: int
    outside: int


@dataclass(frozen=True)
class Often:
    """An expert used far more than others of the same type this year: `times` against an exact mean."""

    expert: Expert
    times: int
    mean: Fraction


@dataclass(frozen=True)
class Health:
    """Everything of one day, over those who may be drawn. `fields`: (code, name, type → how many)."""

    total: int
    states: dict[str, int]
    kinds: dict[str, int]
    inside: int
    outside: int
    fields: list[tuple[str, str, dict[str, int]]]
    thin: list[Thin]
    empty_kinds: list[str]
    often: list[Often]
    unmatched: int
    lapsed: int
    thin_below: int


@while_unchanged(8)
def health_on(on: date) -> Health:
    """A handful of queries, whatever the size of the pool."""
    serving = Expert.objects.filter(state=Expert.State.ACTIVE)
    rows = serving.order_by().values_list("discipline_id", "kind", "in_city").annotate(n=Count("pk"))
    table: dict[str, Counter[str]] = {}
    outside: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for code, kind, in_city, n in rows:
        top = code.split(".")[0]
        table.setdefault(top, Counter())[kind] += n
        kinds[kind] += n
        outside[top] += 0 if in_city else n
    names = dict(Discipline.objects.filter(parent=None).values_list("code", "name"))
    below = number("experts.thin_field", on)
    thin = [
        Thin(code, names.get(code, code), total, outside[code])
        for code, found in sorted(table.items())
        if (total := sum(found.values())) < below
    ]
    states = dict(Expert.objects.values_list("state").annotate(n=Count("pk")).order_by())
    return Health(
        total=kinds.total(),
        states={value: states.get(value, 0) for value, _ in Expert.State.choices},
        kinds={value: kinds[value] for value, _ in Expert.Kind.choices},
        inside=kinds.total() - outside.total(),
        outside=outside.total(),
        fields=sorted(
            ((code, names.get(code, code), dict(found)) for code, found in table.items()),
            key=lambda row: (-sum(row[2].values()), row[0]),
        ),
        thin=thin,
        empty_kinds=[label for value, label in Expert.Kind.choices if not kinds[value]],
        often=_often(on),
        unmatched=serving.filter(party=None).count(),
        lapsed=serving.filter(Q(confirmed_until=None) | Q(confirmed_until__lt=on)).count(),
        thin_below=below,
    )


def _often(on: date) -> list[Often]:
    """Used at least `often_times` as often this year as the mean of their type, and more than twice."""
    times = number("experts.often_times", on)
    this_year = Q(uses__on__year=on.year, uses__on__lte=on)
    serving = Expert.objects.serving().order_by()
    people = dict(serving.values_list("kind").annotate(n=Count("pk")))
    used = dict(serving.values_list("kind").annotate(n=Count("uses", filter=this_year)))
    # Only those used more than twice are fetched: a pool has thousands, a year's draws use some dozens.
    uses = Use.objects.filter(on__year=on.year, on__lte=on).order_by().values_list("expert").annotate(n=Count("pk"))
    often = dict(uses.filter(n__gt=2))
    found = []
    for expert in Expert.objects.serving().filter(pk__in=often).select_related("person"):
        mean = Fraction(used[expert.kind], people[expert.kind])
        if often[expert.pk] >= times * mean:
            found.append(Often(expert, often[expert.pk], mean))
    return sorted(found, key=lambda o: (-o.times, o.expert.number))
