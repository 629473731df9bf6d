"""The registers of innovating firms: what they were certified as and for how long, and what they say of themselves."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from keji.kernel.people.models import VisibleQuerySet
from keji.kernel.people.roles import BUREAU, Role, Scope
from keji.kernel.records import steps
from keji.kernel.records.access import Access
from keji.kernel.records.flow import Flow
from keji.kernel.records.models import Record, RecordQuerySet
from keji.modules.enterprises.titles import flow as ways

#: The firm reads its own; the county writes for its own; the bureau and the inspector see all.
FIRM_ACCESS = Access(
    read={
        **dict.fromkeys([*BUREAU, Role.INSPECTOR], Scope.ALL),
        Role.COUNTY: Scope.REGION,
        Role.ENTERPRISE: Scope.PARTY,
    },
    write={Role.OFFICER: Scope.ALL, Role.COUNTY: Scope.REGION},
)


class CertificationQuerySet(RecordQuerySet):
    def standing_on(self, on: date) -> CertificationQuerySet:
        """Confirmed, issued by `on` and not revoked by then; its validity may have run out."""
        return self.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=on), issued_on__lte=on, state__in=COUNTED)

    def valid_on(self, on: date) -> CertificationQuerySet:
        """Standing and within its validity; the last day counts."""
        return self.standing_on(on).filter(valid_until__gte=on)

    def one_a_firm(self) -> CertificationQuerySet:
        """Of a firm renewed before its old certificate ran out only the newest counts: a stock counts firms."""
        return self._first_of_each_firm(F("issued_on").desc(), F("pk").desc())

    def first_of_a_firm(self) -> CertificationQuerySet:
        """The earliest of each firm: what makes it new."""
        return self._first_of_each_firm(F("issued_on").asc(), F("pk").asc())

    def _first_of_each_firm(self, *order: Any) -> CertificationQuerySet:
        # Only firms with several are ranked, in one pass: nearly all have one. Asking row by row whether there is
        # another one costs minutes at 100,000 rows where SQLite picks the wrong index for the inner question.
        rows = self.order_by()
        several = rows.values("party", "kind").annotate(held=Count("pk")).filter(held__gt=1).values("party")
        place = Window(RowNumber(), partition_by=[F("party"), F("kind")], order_by=order)
        others = rows.filter(party__in=several).annotate(place=place).filter(place__gt=1)
        return self.exclude(pk__in=others.values("pk"))


class Certification(Record):
    """One title a firm holds: a certificate or a register number, with its first and last day."""

    class Kind(models.TextChoices):
        HNTE = "hnte", "高新技术企业"
        TECH_SME = "tech_sme", "科技型中小企业"
        INNOVATIVE_SME = "innovative_sme", "创新型中小企业"
        SRDI = "srdi", "专精特新中小企业"
        LITTLE_GIANT = "little_giant", "专精特新“小巨人”企业"

    class State(models.TextChoices):
        REPORTED = "reported", "县区已报"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已确认"
        REVOKED = "revoked", "已撤销"
        VOID = "void", "已作废"

    prefix = "ZS"
    access = FIRM_ACCESS
    flow = Flow(ways.Confirm, steps.SendBack, steps.Resend, ways.Revoke, ways.Reopen, steps.Void)
    objects: ClassVar[Any] = CertificationQuerySet.as_manager()

    state = models.CharField("状态", max_length=20, choices=State.choices, editable=False)  # narrows Record's column
    kind = models.CharField("资质类型", max_length=20, choices=Kind.choices)
    certificate_code = models.CharField("证书（登记）编号", max_length=30)
    issued_on = models.DateField("发证（入库）日期")
    valid_until = models.DateField("有效期至", editable=False)
    year = models.PositiveSmallIntegerField("年度", editable=False)
    batch = models.CharField("批次", max_length=60, blank=True)
    reported_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="报送人"
    )
    # The first confirmation: what came in after its month was frozen is a late report, not a new firm.
    confirmed_at = models.DateTimeField("首次确认时间", null=True, editable=False)
    revoked_on = models.DateField("撤销日期", null=True, editable=False)
    revoked_reason = models.CharField("撤销原因", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "科技资质"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "certificate_code"], condition=~Q(state="void"), name="certification_code_once"
            ),
            models.UniqueConstraint(
                fields=["party", "year"],
                condition=Q(kind="tech_sme") & ~Q(state="void"),
                name="certification_tech_sme_once_a_year",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("issued_on")), name="certification_dates_in_order"),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(revoked_on__isnull=False), name="certification_revoked_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "revoked"]) | Q(confirmed_at__isnull=False),
                name="certification_confirmed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="certification_region"),
            models.Index(fields=["state", "-id"], name="certification_state"),
            models.Index(fields=["kind", "state", "-id"], name="certification_kind_state"),
            models.Index(fields=["kind", "-id"], name="certification_kind"),
            models.Index(fields=["issued_on", "-id"], name="certification_issued"),
            models.Index(fields=["certificate_code", "id"], name="certification_by_code"),
            models.Index(fields=["valid_until", "id"], name="certification_by_end"),
            # All that counting asks for, so that a figure is read from the index alone.
            models.Index(
                fields=["kind", "region", "issued_on", "valid_until", "state", "revoked_on", "year", "party"],
                name="certification_counts",
            ),
            # Who holds a title, and who has several of a kind, firm after firm.
            models.Index(
                fields=["kind", "party", "issued_on", "valid_until", "state", "revoked_on", "year"],
                name="certification_holders",
            ),
            # A firm's titles one after the other, with all that says on which days each of them held.
            models.Index(
                fields=["party", "kind", "issued_on", "valid_until", "state", "revoked_on"], name="certification_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} {self.certificate_code}"  # a log line a row: get_kind_display takes 50 µs


#: States in which a certification was once confirmed and counts up to its end or its revocation.
COUNTED = (Certification.State.CONFIRMED, Certification.State.REVOKED)


class EnterpriseProfile(models.Model):
    """What the bureau keeps of a firm beside its name and codes: scale, trade, and what it lives on."""

    class Industry(models.TextChoices):
        NONE = "", "未归类"
        LEADING = "leading", "“5”大主导产业"
        EMERGING = "emerging", "“1”个战略性新兴产业"
        OTHER = "other", "其他"

    access = Access(read=FIRM_ACCESS.read, write=FIRM_ACCESS.write, region="party__region")
    objects = VisibleQuerySet.as_manager()

    party = models.OneToOneField("parties.Party", models.CASCADE, related_name="profile", verbose_name="单位")
    industry = models.CharField("“5+1”产业归类", max_length=20, choices=Industry.choices, blank=True)
    industry_tag = models.CharField("细分产业", max_length=60, blank=True)
    above_scale = models.BooleanField("规模以上", null=True, blank=True)
    main_product = models.CharField("主要产品（服务）", max_length=200, blank=True)
    # Which of the eight fields is a fact of the firm; this says in words what it works on within it.
    technology_focus = models.CharField("技术方向", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "企业概况"
        indexes = [models.Index(fields=["industry_tag"], name="profile_industry")]  # which there are, and who

    def __str__(self) -> str:
        return str(self.party)


def label_of(model: type[models.Model], name: str) -> str:
    """What people call a column: its verbose_name, written once."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


# The areas of this module keep their records in files of their own; Django looks for them here.
from keji.modules.enterprises.burden.models import Burden  # noqa: E402
from keji.modules.enterprises.ladder import campaign_models, chain_models  # noqa: E402
from keji.modules.enterprises.portal.models import Claim, Invitation, Knock  # noqa: E402
from keji.modules.enterprises.rights.models import IpRight, IpShare, IpUse  # noqa: E402

__all__ = [
    "COUNTED",
    "Burden",
    "Certification",
    "Claim",
    "EnterpriseProfile",
    "Invitation",
    "IpRight",
    "IpShare",
    "IpUse",
    "Knock",
    "campaign_models",
    "chain_models",
    "label_of",
]
