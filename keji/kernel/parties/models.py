"""Regions, parties and people: who exists, under which names and codes at which time, and how they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from keji.kernel import clock
from keji.kernel.parties import standing_flow
from keji.kernel.people.crypto import SealedField, fingerprint
from keji.kernel.people.models import SYSTEM, DatedQuerySet, VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Actor, Role, Scope
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.lib.codes import check_uscc
from keji.lib.figures import plain_date


class Region(models.Model):
    """A place that reports: the city, its counties, and zones, which have no six-digit code of their own."""

    access = SYSTEM
    objects = VisibleQuerySet.as_manager()

    class Level(models.TextChoices):
        CITY = "city", "市"
        COUNTY = "county", "县区"
        ZONE = "zone", "开发区"

    code = models.CharField("代码", max_length=20, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "县区"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    def name_on(self, on: date) -> str:
        """What it was called on a day: names change, what was printed then stays true."""
        past = self.names.filter(until_on__gte=on).order_by("until_on").first()
        return past.name if past else self.name


class RegionName(models.Model):
    """A name a region once had, up to and including `until_on`."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="names")
    name = models.CharField("曾用名", max_length=60)
    until_on = models.DateField("至")

    class Meta:
        verbose_name = verbose_name_plural = "县区曾用名"

    def __str__(self) -> str:
        return self.name


class PartyQuerySet(VisibleQuerySet):
    def alive(self) -> PartyQuerySet:
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)


class Party(models.Model):
    """A unit with a 统一社会信用代码: enterprise, institution, bank, department."""

    access = Access(
        read={
            **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
            Role.COUNTY: Scope.REGION,
            **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION, Role.FINANCIER], Scope.PARTY),
        },
        write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
        party="pk",
    )

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        INSTITUTION = "institution", "高校院所"
        BANK = "bank", "金融机构"
        GOVERNMENT = "government", "机关单位"
        OTHER = "other", "其他"

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("单位名称", max_length=120, db_index=True)
    kind = models.CharField("单位类型", max_length=20, choices=Kind.choices, default=Kind.ENTERPRISE)
    region = models.ForeignKey(Region, models.PROTECT, related_name="parties", verbose_name="统计归属")
    division = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行政区划"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    industry_code = models.CharField("国民经济行业代码", max_length=6, blank=True)
    established_on = models.DateField("成立日期", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = SealedField("联系电话", blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="已并入"
    )
    created_at = models.DateTimeField("建档时间")

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["region", "name"], name="party_region_name"),
            models.Index(fields=["kind", "region"], name="party_kind_region"),
            models.Index(fields=["established_on", "id"], name="party_by_age"),
            models.Index(fields=["industry_code", "id"], name="party_by_industry"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if problem := check_uscc(self.uscc):
            from django.core.exceptions import ValidationError

            raise ValidationError({"uscc": problem})

    def name_on(self, on: date) -> str:
        past = self.names.filter(until_on__gte=on).order_by("until_on").first()
        return past.name if past else self.name


class PartyName(models.Model):
    """A name a party once had, up to and including `until_on`."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="names")
    name = models.CharField("曾用名", max_length=120, db_index=True)
    until_on = models.DateField("至")

    class Meta:
        verbose_name = verbose_name_plural = "单位曾用名"

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(VisibleQuerySet):
    def known_by(self, id_number: str) -> PersonQuerySet:
        """Whoever has this 证件号码; nobody when it is empty."""
        return self.filter(id_print=fingerprint(id_number)) if id_number else self.none()


class Person(models.Model):
    """Somebody records speak of: expert, project leader, commissioner. One row a human being, whatever they do.

    What identifies them is sealed; `id_print` finds the same person again without opening it.
    """

    access = Access(
        read={
            **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
            Role.COUNTY: Scope.REGION,
            **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION], Scope.PARTY),
            Role.EXPERT: Scope.OWN,
        },
        write={Role.OFFICER: Scope.ALL},
        region="party__region",
        account="account",
    )

    name = models.CharField("姓名", max_length=60, db_index=True)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="people", verbose_name="所在单位"
    )
    post = models.CharField("职务", max_length=60, blank=True)
    title = models.CharField("职称", max_length=60, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    id_number = SealedField("证件号码", blank=True, default="")
    id_print = models.CharField("证件号码指纹", max_length=64, null=True, unique=True, editable=False)
    phone = SealedField("手机号", blank=True, default="")
    account = models.OneToOneField(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="person", verbose_name="登录账号"
    )
    created_at = models.DateTimeField("建档时间")

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["pk"]
        indexes = [models.Index(fields=["party", "name"], name="person_of_party")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.id_print = fingerprint(self.id_number) or None
        super().save(*args, **kwargs)


class StandingQuerySet(DatedQuerySet):
    def in_force(self, on: date) -> StandingQuerySet:
        """Seen by two people, within its days (both included) and not lifted by then."""
        held = self.filter(state__in=[Standing.State.IN_FORCE, Standing.State.LIFTED])
        return DatedQuerySet.in_force(held, on).filter(Q(lifted_on__isnull=True) | Q(lifted_on__gt=on))  # type: ignore[return-value]

    def visible_to(self, actor: Actor) -> StandingQuerySet:
        """A unit learns of what is in force over it, not of what is still being looked at."""
        found: Any = super().visible_to(actor)
        if actor.has(*BUREAU, Role.INSPECTOR, Role.COUNTY):
            return found  # type: ignore[no-any-return]
        return found.exclude(state__in=[Standing.State.REGISTERED, Standing.State.REJECTED])  # type: ignore[no-any-return]


class Standing(models.Model):
    """A sanction or honour in force over a unit or a person, both days included; no end means for good."""

    class Kind(models.TextChoices):
        SANCTION = "sanction", "惩戒"
        HONOUR = "honour", "守信激励"

    class Verb(models.TextChoices):
        """What a sanction may stand in the way of; other modules ask `blocks(subject, verb, on)`."""

        APPLY = "apply", "申报科技计划项目"
        RECOMMEND = "recommend", "推荐或提名"
        UNDERTAKE = "undertake", "承担科技计划项目"
        RECOGNISE = "recognise", "申报资格和平台认定"
        FUND = "fund", "享受奖补和贷款贴息"
        REVIEW = "review", "参加评审"
        AWARD = "award", "申报奖励和荣誉"

    class State(models.TextChoices):
        REGISTERED = "registered", "待复核"
        IN_FORCE = "in_force", "生效"
        LIFTED = "lifted", "已解除"
        REJECTED = "rejected", "不予登记"

    access = Access(
        read={
            **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
            Role.COUNTY: Scope.REGION,
            **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION], Scope.PARTY),
            Role.EXPERT: Scope.OWN,
        },
        write={Role.OFFICER: Scope.ALL},
        region="party__region",
        account="person__account",
    )
    flow = Flow(standing_flow.PutInForce, standing_flow.Reject, standing_flow.Lift)
    objects = StandingQuerySet.as_manager()

    # Over a unit or over a person, never both.
    party = models.ForeignKey(
        Party, models.CASCADE, null=True, blank=True, related_name="standings", verbose_name="单位"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="standings", verbose_name="人员"
    )
    kind = models.CharField("性质", max_length=10, choices=Kind.choices)
    measure = models.CharField("措施", max_length=200)
    restricts = models.JSONField("限制事项", default=list, blank=True)
    basis = models.CharField("依据文书", max_length=200)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    # Rows older than the second look were in force; the services always say REGISTERED.
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.IN_FORCE, editable=False)
    state_since = models.DateTimeField("进入状态时间", null=True, editable=False)
    registered_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    lifted_on = models.DateField("解除日期", null=True, editable=False)
    lifted_reason = models.CharField("解除理由", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "信用状态"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="standing_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=True) ^ Q(person__isnull=True), name="standing_has_one_subject"
            ),
            models.CheckConstraint(
                condition=~Q(state="lifted") | Q(lifted_on__isnull=False), name="standing_lifted_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["party", "state", "from_on"], name="standing_of_party"),
            models.Index(fields=["person", "state", "from_on"], name="standing_of_person"),
        ]

    def __str__(self) -> str:
        return self.measure

    @property
    def subject(self) -> Party | Person:
        found = self.party or self.person
        assert found is not None, "standing_has_one_subject"
        return found

    def whom(self) -> str:
        return str(self.subject)

    whom.label = "对象"  # type: ignore[attr-defined]

    def restricted(self) -> str:
        return "、".join(self.Verb(v).label for v in self.restricts)

    restricted.label = "限制事项"  # type: ignore[attr-defined]

    def days(self) -> str:
        if self.until_on is None:
            return f"{plain_date(self.from_on)}起长期"
        return f"{plain_date(self.from_on)}至{plain_date(self.until_on)}"

    days.label = "期限"  # type: ignore[attr-defined]

    def word_on(self, on: date) -> str:
        """How it stands on a day, in a word: a row whose days are over still says 生效 as its state."""
        if self.state != self.State.IN_FORCE:
            return str(self.State(self.state).label)
        if on < self.from_on:
            return "未到期限"
        return "已届满" if self.until_on is not None and self.until_on < on else "有效"

    def word_now(self) -> str:
        return self.word_on(clock.today())

    word_now.label = "当前"  # type: ignore[attr-defined]


class DuplicatePair(models.Model):
    """Two parties that look like one, waiting for a person to say."""

    access = Access(
        read=dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        write={Role.OFFICER: Scope.ALL},
        region="",
        party="",
    )
    objects = VisibleQuerySet.as_manager()

    class State(models.TextChoices):
        OPEN = "open", "待判定"
        MERGED = "merged", "已合并"
        DISTINCT = "distinct", "不是同一单位"

    first = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="单位一")
    second = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="单位二")
    reason = models.CharField("疑似原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复单位"
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(models.Model):
    """One party folded into another, with what it takes to undo: which rows were moved."""

    kept = models.ForeignKey(Party, models.CASCADE, related_name="merges", verbose_name="保留")
    folded = models.ForeignKey(Party, models.CASCADE, related_name="+", verbose_name="并入")
    moved = models.JSONField("移动的记录", default=dict)
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位合并"

    def __str__(self) -> str:
        return f"{self.folded} 并入 {self.kept}"


def party_references(*, worked_out: bool = False) -> list[tuple[type[models.Model], str]]:
    """Every (model, column) that points at a party, so that a merge forgets none; found from the models themselves.

    A model with `worked_out = True` holds what follows from other rows: it does not move, it is worked out anew.
    """
    from django.apps import apps

    own = {Party, PartyName, DuplicatePair, Merge}
    return [
        (model, f.name)
        for model in apps.get_models()
        if model not in own and getattr(model, "worked_out", False) is worked_out
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model is Party
    ]
