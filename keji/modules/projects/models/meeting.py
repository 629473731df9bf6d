"""会议评审: the meeting of a batch's panel, its agenda, who came, paper sheets typed in, what the panel says.

None of these is read but through the batch (by whoever runs or oversees it) or through an attendee's own account.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from keji.modules.projects.models.proposal import Proposal
from keji.modules.projects.models.review import Review, ReviewBatch


class How(models.TextChoices):
    """By whose hand: the expert's own log-in, or the secretary's from what was signed on paper or seen in the room."""

    OWN = "own", "本人办理"
    NOTED = "noted", "现场登记"


class PanelMeeting(models.Model):
    """When and where a batch's panel sits, who keeps the record and who chairs; its minutes once they are drawn up."""

    batch = models.OneToOneField(ReviewBatch, models.CASCADE, related_name="meeting", verbose_name="评审批次")
    held_on = models.DateField("会议日期")
    starts_at = models.TimeField("开始时间")
    place = models.CharField("会议地点", max_length=120)
    secretary = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name="会议秘书")
    digits = models.CharField("抽签数字", max_length=12, blank=True)  # read aloud; the order follows from them
    by_hand = models.CharField("调整次序的理由", max_length=300, blank=True)
    chair = models.ForeignKey("projects.Attendee", models.PROTECT, null=True, related_name="+", verbose_name="评审组长")
    elected = models.CharField("推选情况", max_length=200, blank=True)
    docx = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+")
    minutes_by = models.CharField("记录人", max_length=60, blank=True)
    minutes_at = models.DateTimeField("会议记录生成时间", null=True)
    agreed_at = models.DateTimeField("组长确认时间", null=True)
    agreed_how = models.CharField("确认方式", max_length=6, choices=How.choices, blank=True)
    signed_page = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "评审会议"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(docx__isnull=False), name="panel_meeting_agreed_has_minutes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} 评审会议"


class AgendaItem(models.Model):
    """One proposal's place on the agenda, and what the panel says of it together (专家组意见)."""

    meeting = models.ForeignKey(PanelMeeting, models.CASCADE, related_name="items", verbose_name="评审会议")
    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="agenda_item", verbose_name="项目申报")
    order = models.PositiveSmallIntegerField("次序")
    minutes = models.PositiveSmallIntegerField("时长（分钟）")
    conclusion = models.CharField("专家组结论", max_length=30, blank=True)
    opinion = models.TextField("专家组意见", max_length=2000, blank=True)
    drafted_by = models.CharField("起草人", max_length=60, blank=True)
    drafted_at = models.DateTimeField("起草时间", null=True)
    how = models.CharField("起草方式", max_length=6, choices=How.choices, blank=True)
    page = models.ForeignKey("documents.Blob", models.PROTECT, null=True, related_name="+")  # signed on paper
    page_name = models.CharField("签名页", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评审会议议程"
        ordering = ["order", "pk"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="agenda_item_takes_time")]

    def __str__(self) -> str:
        return f"{self.order}. {self.proposal}"


class Attendee(models.Model):
    """One expert expected at the meeting. `instead_of`: whose seat a substitute took."""

    class State(models.TextChoices):
        EXPECTED = "expected", "未签到"
        PRESENT = "present", "已到会"
        ABSENT = "absent", "未到会"

    meeting = models.ForeignKey(PanelMeeting, models.CASCADE, related_name="attendees", verbose_name="评审会议")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", verbose_name="专家")
    code = models.CharField("专家代号", max_length=10)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.EXPECTED)
    how = models.CharField("签到方式", max_length=6, choices=How.choices, blank=True)
    at = models.DateTimeField("签到时间", null=True)
    reason = models.CharField("未到会原因", max_length=300, blank=True)
    instead_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="substitute", verbose_name="替补哪一位"
    )
    vote = models.ForeignKey("self", models.PROTECT, null=True, related_name="votes", verbose_name="推选的组长")

    class Meta:
        verbose_name = verbose_name_plural = "参会专家"
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendee_once"),
            models.CheckConstraint(condition=~Q(state="absent") | ~Q(reason=""), name="attendee_absent_says_why"),
        ]

    def __str__(self) -> str:
        return self.code


class Assent(models.Model):
    """Whether one expert agrees with what was drafted for all; who does not is kept in their own words."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="assents", verbose_name="议程")
    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="assents", verbose_name="参会专家")
    agrees = models.BooleanField("同意")
    words = models.CharField("不同意见", max_length=500, blank=True)
    how = models.CharField("表态方式", max_length=6, choices=How.choices)
    at = models.DateTimeField("表态时间")

    class Meta:
        verbose_name = verbose_name_plural = "专家表态"
        ordering = ["attendee__code"]
        constraints = [
            models.UniqueConstraint(fields=["item", "attendee"], name="assent_once"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(words=""), name="assent_dissent_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.attendee}：{'同意' if self.agrees else '不同意'}"


class PaperSheet(models.Model):
    """A sheet an expert signed on paper: typed by one officer, held against the paper by another, then it counts."""

    class State(models.TextChoices):
        TYPED = "typed", "待核对"
        RETURNED = "returned", "有误，待改"
        CONFIRMED = "confirmed", "已核对"

    review = models.OneToOneField(Review, models.CASCADE, related_name="on_paper", verbose_name="专家评审表")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.TYPED)
    marks = models.JSONField("评分", default=dict)  # {criterion's key: [points as text, comment]}
    comment = models.TextField("总体意见", max_length=2000)
    page = models.ForeignKey("documents.Blob", models.PROTECT, related_name="+")
    page_name = models.CharField("扫描件", max_length=200)
    typed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    typed_name = models.CharField("录入人姓名", max_length=60)
    typed_at = models.DateTimeField("录入时间")
    checked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="核对人")
    checked_name = models.CharField("核对人姓名", max_length=60, blank=True)
    checked_at = models.DateTimeField("核对时间", null=True)
    wrong = models.CharField("哪里不一致", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "纸质评分表"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(checked_by=None) | Q(typed_by=None) | ~Q(checked_by=F("typed_by")),
                name="paper_sheet_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"纸质 {self.review}"
