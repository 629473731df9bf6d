"""What the made-up bureau showed the public in its year, who objected, and which units are under a sanction."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from keji.demo.plan import YEAR
from keji.demo.story import actor, moment
from keji.kernel.documents.models import Paper
from keji.kernel.documents.opening import open_to_public
from keji.kernel.parties.models import Party, Standing
from keji.kernel.parties.standings import register_standings
from keji.kernel.records import notices
from keji.kernel.records.flow import take
from keji.kernel.records.links import link
from keji.modules.enterprises.api import Certification

CONTACT = "市科技局高新技术科，电话 0564-3379000，地址：六安市皋城东路"
SPACE = uuid.UUID("5d6f1c8e-0000-4000-8000-000000000000")  # receipts of the demo are the same in every house
FIRM_HEAD = ("序号", "企业名称", "所在县区")

Rows = list[list[Any]]


def centre_of(firm: str) -> str:
    """六安恒瑞新材料有限公司 → 六安恒瑞新材料研发中心"""
    return firm.removesuffix("有限公司").removesuffix("股份") + "企业研发中心"


class NoticeYear:
    """Tells its events in order as the year goes on; `until(day)` is called as often as there is something new."""

    def __init__(self) -> None:
        self._told = date.min
        self._shown: dict[str, notices.PublicNotice] = {}
        self._events: list[tuple[date, Callable[[date], None]]] = [
            (date(YEAR, 1, 15), self.call_for_projects),
            (date(YEAR, 3, 11), self.register_sanctions),
            (date(YEAR, 3, 12), self.confirm_sanctions),
            (date(YEAR, 7, 9), self.honour),
            (date(YEAR, 9, 20), self.lift_one),
            (date(YEAR, 10, 8), self.list_firms),
            (date(YEAR, 10, 10), self.two_object),
            (date(YEAR, 10, 16), self.answer_two),
            (date(YEAR, 11, 5), self.announce_list),
            (date(YEAR, 11, 19), self.show_projects_wrongly),
            (date(YEAR, 11, 20), self.withdraw_projects),
            (date(YEAR, 12, 5), self.show_centres),
            (date(YEAR, 12, 6), self.object_to_centres),
            (date(YEAR, 12, 9), self.show_projects_again),
            (date(YEAR, 12, 9), self.leave_open),
        ]

    def until(self, day: date) -> None:
        """Everything up to and including `day`; notices whose days are over are closed the night after."""
        for on, event in self._events:
            if self._told < on <= day:
                self._close_until(on)
                event(on)
        self._close_until(day)
        self._told = max(self._told, day)

    def _close_until(self, day: date) -> None:
        ends = notices.PublicNotice.objects.filter(state="published", until_on__lt=day).order_by("until_on")
        for end in list(dict.fromkeys(ends.values_list("until_on", flat=True))):
            notices.close_due(at=moment(end + timedelta(days=1), 1))

    # --- notices ---------------------------------------------------------------------------------------------------

    def show(self, name: str, on: date, *, by: str = "gaoxin", second: str = "guihua", **given: Any) -> Any:
        """Drafted in the morning, published by a colleague in the afternoon."""
        draft = notices.draft_notice(**given, actor=actor(by, on), at=moment(on, 9))
        self._shown[name] = notices.publish(draft, actor=actor(second, on), at=moment(on, 15))
        return self._shown[name]

    def call_for_projects(self, on: date) -> None:
        self.show(
            "call", on, by="guihua", second="gaoxin", kind="announcement", matter="project",
            title=f"关于组织申报{YEAR}年度市科技计划项目的公告", document_number=f"六科〔{YEAR}〕3号",
            body=f"{YEAR}年度市科技计划项目申报工作即日起开始。\n申报单位应在本市注册、有独立法人资格，近三年无科研失信记录。"
            "\n申报材料经所在县区科技局审核推荐后报送市科技局。", contact=CONTACT,
        )  # fmt: skip

    def list_firms(self, on: date) -> None:
        """The fourth batch of 科技型中小企业 before it is listed: ten working days."""
        listed = Certification.objects.filter(kind="tech_sme", year=YEAR - 1, state="confirmed")
        certificates = list(listed.select_related("party", "region").order_by("pk")[:60])
        self.show(
            "listed", on, matter="certification", title=f"{YEAR}年第四批拟入库科技型中小企业名单公示",
            body=f"根据《科技型中小企业评价办法》，现将{YEAR}年第四批拟入库科技型中小企业名单予以公示。\n"
            "公示期内，对名单有异议的单位和个人可在线提出，也可以书面向我局反映，并提供有关依据。",
            columns=(*FIRM_HEAD, "统一社会信用代码"),
            rows=[[i, c.party.name, c.region.name, c.party.uscc] for i, c in enumerate(certificates, 1)],
            contact=CONTACT,
        )  # fmt: skip

    def announce_list(self, on: date) -> None:
        shown = self._shown["listed"]
        result = self.show(
            "result", on, kind="result", matter="certification", title=f"{YEAR}年第四批科技型中小企业入库公告",
            document_number=f"六科高〔{YEAR}〕18号",
            body="经公示，现将入库企业名单予以公告。登记编号当年有效。", contact=CONTACT,
            columns=shown.columns, rows=shown.rows,
        )  # fmt: skip
        link(result, shown, "依据", actor=actor("gaoxin", on), at=moment(on, 16))

    def firms(self, first: int, count: int) -> list[Party]:
        return list(Party.objects.select_related("region").order_by("pk")[first : first + count])

    def project_rows(self) -> Rows:
        themes = ("关键工艺研究与应用", "核心零部件研制", "智能检测系统开发", "绿色制造技术示范")
        return [
            [i, f"{firm.name[2:6]}{themes[i % 4]}", firm.name, firm.region.name]
            for i, firm in enumerate(self.firms(20, 16), 1)
        ]

    def show_projects_wrongly(self, on: date) -> None:
        self.show("wrong", on, by="guihua", second="chengguo", **self.projects(self.project_rows()[:-2]))

    def projects(self, rows: Rows) -> dict[str, Any]:
        return {
            "title": f"{YEAR}年度市科技计划拟立项项目公示",
            "matter": "project",
            "body": f"经专家评审、会议研究，现将{YEAR}年度市科技计划拟立项项目予以公示。",
            "columns": ("序号", "项目名称", "承担单位", "所在县区"),
            "rows": rows,
            "contact": "市科技局规划与监督科，电话 0564-3379001",
        }

    def withdraw_projects(self, on: date) -> None:
        self._shown["wrong"] = notices.withdraw(
            self._shown["wrong"],
            reason="名单漏列两个项目，核对后重新公示。",
            actor=actor("chengguo", on),
            at=moment(on),
        )

    def show_projects_again(self, on: date) -> None:
        draft = notices.draft_correction(self._shown["wrong"], actor=actor("guihua", on), at=moment(on, 9))
        whole = notices.revise_notice(
            draft, {"rows": self.project_rows()}, actor=actor("guihua", on), at=moment(on, 10)
        )
        self._shown["again"] = notices.publish(whole, actor=actor("chengguo", on), at=moment(on, 15))

    def show_centres(self, on: date) -> None:
        held = Certification.objects.filter(kind="hnte", state="confirmed").select_related("party", "region")
        newest = {c.party_id: c for c in held.order_by("-pk")[:40]}  # a firm renewed this year holds two
        picked = list(newest.values())[:12]
        self.show(
            "centres", on, by="gaoxin", second="chengguo", matter="platform",
            title=f"{YEAR}年度拟认定市级企业研发中心名单公示",
            body=f"经企业申报、县区推荐、形式审查、现场审查和会议研究，现将{YEAR}年度拟认定市级企业研发中心名单予以公示。\n"
            "公示期内，任何单位和个人对名单有异议的，请写明理由和依据向我局提出。",
            columns=("序号", "研发中心名称", "依托单位", "所在县区"),
            rows=[[i, centre_of(c.party.name), c.party.name, c.region.name] for i, c in enumerate(picked, 1)],
            numbers=[c.number for c in picked], contact=CONTACT,
        )  # fmt: skip

    # --- objections ------------------------------------------------------------------------------------------------

    def object_to(self, name: str, on: date, hour: int, reason: str, who: tuple[str, str] = ("", "")) -> Any:
        return notices.raise_objection(
            self._shown[name], token=uuid.uuid5(SPACE, reason), reason=reason, name=who[0], contact=who[1],
            address=f"198.51.100.{hour}", at=moment(on, hour),
        )  # fmt: skip

    def two_object(self, on: date) -> None:
        self.object_to("listed", on, 10, "名单第3家企业今年职工已超过500人，不符合条件。", ("王先生", "13905640001"))
        self.object_to("listed", on, 14, "有一家企业今年发生过安全事故，请核查。")

    def answer_two(self, on: date) -> None:
        answers = (
            ("dismissed", "经核对社保缴纳人数，该企业职工总数为312人，符合条件。"),
            ("inadmissible", "来信没有写明企业名称和依据，且为匿名，无法核实；欢迎补充材料后再次提出。"),
        )
        for objection, (decision, answer) in zip(self._shown["listed"].objections.order_by("pk"), answers, strict=True):
            take("propose", objection, actor=actor("gaoxin", on), at=moment(on, 9), decision=decision, answer=answer)
            take("approve", objection, actor=actor("guihua", on), at=moment(on, 16))

    def object_to_centres(self, on: date) -> None:
        reason = "名单第5家的研发场地与另一家企业共用，不符合独立研发场所的要求，附现场照片说明。"
        proposed = self.object_to("centres", on, 9, reason, ("李女士", "li.ms@example.cn"))
        self.object_to("centres", on, 15, "第9家企业近两年没有研发投入，请核查其年度报告。")
        answer = "经现场复核，两家企业场地已分隔并分别签订租赁合同，符合要求。"
        take(
            "propose", proposed, actor=actor("gaoxin", date(YEAR, 12, 9)), at=moment(date(YEAR, 12, 9), 10),
            decision="dismissed", answer=answer,
        )  # fmt: skip

    def leave_open(self, on: date) -> None:
        """What waits when a visitor comes in: a draft for a second person, one that was given up, open papers."""
        notices.draft_notice(
            title=f"{YEAR}年度科技特派员考核优秀名单公示",
            body="根据年度考核结果，现将拟评为优秀的科技特派员名单予以公示。",
            columns=("序号", "派出单位", "服务县区"), rows=[[1, "皖西学院", "金寨县"], [2, "市农科院", "霍山县"]],
            contact="市科技局农村与社会发展科，电话 0564-3379003", actor=actor("nongcun", on), at=moment(on, 11),
        )  # fmt: skip
        given_up = notices.draft_notice(
            kind="announcement", title="关于调整申报系统开放时间的公告", body="（草稿）", contact=CONTACT,
            actor=actor("bangong", on), at=moment(on, 11),
        )  # fmt: skip
        take("discard", given_up, actor=actor("bangong", on), at=moment(on, 14))
        for paper in Paper.objects.filter(kind="bulletin", issued_on__lt=on).order_by("pk"):
            open_to_public(paper, actor=actor("guihua", on), at=moment(on, 16))

    # --- standings -------------------------------------------------------------------------------------------------

    def register(self, on: date, by: str, index: int, **given: Any) -> Standing:
        row = {"party": self.firms(index, 1)[0], "restricts": [], "until_on": None} | given
        return register_standings([row], actor=actor(by, on), at=moment(on, 9))[0]

    def register_sanctions(self, on: date) -> None:
        self.register(
            on, "guihua", 40, kind="sanction", measure="三年内不得申报市级科技计划项目",
            restricts=["apply", "recognise"], basis=f"科研失信行为处理决定书 六科监〔{YEAR}〕1号", from_on=on,
            until_on=date(YEAR + 3, 3, 10),
        )  # fmt: skip
        self.register(
            on, "guihua", 41, kind="sanction", measure="一年内不得享受市级科技奖补", restricts=["fund"],
            basis=f"科研失信行为处理决定书 六科监〔{YEAR}〕2号", from_on=on, until_on=date(YEAR, 12, 1),
        )  # fmt: skip
        self.register(
            on, "guihua", 42, kind="sanction", measure="限期整改期间暂停申报", restricts=["apply"],
            basis=f"整改通知书 六科监〔{YEAR}〕3号", from_on=on,
        )  # fmt: skip

    def confirm_sanctions(self, on: date) -> None:
        for standing in Standing.objects.filter(state="registered").order_by("pk"):
            take("confirm", standing, actor=actor("gaoxin", on), at=moment(on))

    def honour(self, on: date) -> None:
        honour = self.register(
            on, "guihua", 43, kind="honour", measure="科研诚信示范企业，申报时免交信用承诺",
            basis=f"关于公布科研诚信示范企业的通知 六科监〔{YEAR}〕6号", from_on=on, until_on=date(YEAR + 1, 7, 8),
        )  # fmt: skip
        take("confirm", honour, actor=actor("gaoxin", on), at=moment(on, 15))

    def lift_one(self, on: date) -> None:
        mended = Standing.objects.get(basis=f"整改通知书 六科监〔{YEAR}〕3号")
        take("lift", mended, actor=actor("gaoxin", on), at=moment(on), reason="已按要求完成整改，经复查合格。")
        self.register(
            on, "guihua", 44, kind="sanction", measure="一年内不得申报市级科技计划项目", restricts=["apply"],
            basis=f"科研失信行为处理决定书 六科监〔{YEAR}〕9号", from_on=date(YEAR, 10, 1),
            until_on=date(YEAR + 1, 9, 30),
        )  # fmt: skip
