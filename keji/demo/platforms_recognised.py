"""Recognition of 市级企业研发中心 in the made-up city: a batch of 2024 that is published, and one under way."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keji.demo.platforms_hands import Hands
from keji.modules.platforms import api as platforms

MATERIALS = (
    *(("企业研发中心建设认定申请表", True), ("企业营业执照", True), ("上年度研发费用证明（专项审计或辅助账）", True)),
    *(("研发人员名单", True), ("研发场地和设备清单", True), ("知识产权证书", False), ("产学研合作协议", False)),
)
CHECKS = (
    *("申请表填写完整、盖章齐全", "依托单位在本市注册、具有独立法人资格", "申请数据与证明材料一致"),
    "近一年无重大安全、质量事故和严重失信",
)
CONDITIONS = (
    "1. 在本市注册一年以上、具有独立法人资格的企业；\n2. 有专职研发人员、固定研发场地和必要的仪器设备；\n"
    "3. 上年度研发费用占主营业务收入的比重、研发人员和设备原值达到通知要求（具体数值待核）；\n"
    "4. 近一年无重大安全、质量事故和严重失信行为。"
)
LIMITS = {
    "county_days": 10,
    "resubmit_days": 5,
    "form_days": 10,
    "visit_days": 20,
    "publicity_days": 5,
    "returns_allowed": 1,
}
ATTENDEES = ["陈志远", "王海燕", "姜正", "孙丽"]
VISITORS = ["李明哲（高新技术科）", "吴凡（成果转化与合作科）"]
FOUND = "实验室和中试线正常运行，设备与清单一致，研发人员在岗，研发项目有立项和过程记录。"
CONTACT = "高新技术科，0564-1234567，工作日 8:30—17:30"


class RecognitionStory:
    """Two batches: acts of the first by the day, the second left with an application at every stage."""

    def __init__(self, chance: random.Random, hands: Hands, firms: Callable[[int], list[Any]]) -> None:
        self.chance, self.hands, self.firms = chance, hands, firms

    def acts(self) -> list[tuple[date, Callable[[date], None]]]:
        return [(date(2024, 4, 1), self.second_batch), (date(2024, 12, 8), self.third_batch)]

    # --- the second batch: nine apply, seven are published ----------------------------------------------------------

    def second_batch(self, _: date) -> None:
        call = self._call("第二批", date(2024, 1, 9), date(2024, 1, 12), date(2024, 2, 8), "六科成〔2024〕1号")
        rows = [self._submitted(call, party, date(2024, 1, 25)) for party in self.firms(9)]
        rows = [self._recommended(row, date(2024, 2, 20)) for row in rows]
        failed, rows = rows[0], rows[1:]
        self._form(failed, date(2024, 3, 1), bad="申请数据与证明材料一致")
        rows = [self._form(row, date(2024, 3, 1)) for row in rows]
        for place, row in enumerate(rows):
            self._visit(row, date(2024, 3, 6) + timedelta(days=place % 3))
        declined = rows[-1].pk
        waiting = [row.pk for row in platforms.waiting(call)]
        outcomes = {
            pk: ("declined", "研发活动以外协为主，自有研发能力不足。") if pk == declined else ("approved", "")
            for pk in waiting
        }
        self._meeting(call, date(2024, 3, 21), "局党组会议纪要〔2024〕6号", outcomes)
        day = date(2024, 3, 22)
        officer = self.hands.actor("gaoxin", day)
        notice = self.hands.at(day, 9, platforms.publicise, call, CONTACT, actor=officer)
        self.hands.take("publish", notice, "guihua", day, 10)
        self.hands.at(date(2024, 4, 1), 9, platforms.draft_list, call, actor=officer)
        signer = self.hands.actor("juzhang", day)
        self.hands.at(date(2024, 4, 1), 15, platforms.issue_list, call, "六科成〔2024〕9号", actor=signer)

    # --- the third batch: one at every stage ------------------------------------------------------------------------

    def third_batch(self, _: date) -> None:
        call = self._call("第三批", date(2024, 10, 14), date(2024, 10, 15), date(2024, 12, 31), "六科成〔2024〕26号")
        self.call = call
        firms = self.firms(14)
        self._draft(call, firms[0], date(2024, 12, 3))
        for party, on in ((firms[1], date(2024, 11, 18)), (firms[2], date(2024, 12, 4))):  # the first is overdue
            self._submitted(call, party, on)
        back = self._submitted(call, firms[3], date(2024, 12, 2))
        reason = "研发费用证明没有加盖公章，请补正。"
        self.hands.take("send_back", back, self.hands.clerk(back.region_id), date(2024, 12, 6), 10, reason=reason)
        gone = self._submitted(call, firms[4], date(2024, 11, 5))
        self.hands.take("withdraw", gone, self.hands.host(gone.party), date(2024, 11, 8), 10)
        refused = self._submitted(call, firms[5], date(2024, 11, 5))
        reason = "研发人员不足，上年度没有研发项目。"
        self.hands.take(
            "not_recommend", refused, self.hands.clerk(refused.region_id), date(2024, 11, 12), 10, reason=reason
        )
        rows = [self._recommended(self._submitted(call, p, date(2024, 10, 22)), date(2024, 10, 30)) for p in firms[6:]]
        self._half_checked(rows[0], date(2024, 12, 6))
        passed = [self._form(row, date(2024, 11, 8)) for row in rows[2:]]
        visited = [self._visit(row, date(2024, 11, 14)) for row in passed[2:]]
        chosen = {visited[0].pk: ("approved", ""), visited[1].pk: ("deferred", "设备权属待核实，补充材料后再议。")}
        self._meeting(call, date(2024, 11, 28), "局党组会议纪要〔2024〕21号", chosen)
        day = date(2024, 12, 6)
        notice = self.hands.at(day, 9, platforms.publicise, call, CONTACT, actor=self.hands.actor("gaoxin", day))
        self.hands.take("publish", notice, "guihua", day, 10)
        self._meeting(call, date(2024, 12, 7), "局党组会议纪要〔2024〕23号", {visited[2].pk: ("approved", "")})

    def leave_open(self, own: Any) -> None:
        """The firm with an account has begun; next year's batch is drafted and waits for a second person."""
        self._draft(self.call, own, date(2024, 12, 9), files=2)
        self._call("第一批", date(2024, 12, 9), date(2025, 1, 6), date(2025, 2, 28), "", year=2025, announced=False)

    # --- steps ------------------------------------------------------------------------------------------------------

    def _call(
        self,
        batch: str,
        on: date,
        opens: date,
        closes: date,
        document: str,
        *,
        year: int = 2024,
        announced: bool = True,
    ) -> Any:
        row = {
            "title": f"关于组织申报{year}年{batch}六安市企业研发中心的通知",
            "kind": "enterprise_rnd_centre",
            "level": "city",
            "year": year,
            "batch": batch,
            "document": document,
            "opens_on": opens,
            "closes_on": closes,
            "conditions": CONDITIONS,
            "materials": [{"code": f"m{n}", "name": name, "required": r} for n, (name, r) in enumerate(MATERIALS, 1)],
            "form_items": list(CHECKS),
            **LIMITS,
        }
        officer = self.hands.actor("gaoxin", on)
        call = self.hands.at(on, 9, platforms.draft_calls, [row], actor=officer, source="page")[0]
        return self.hands.take("announce", call, "guihua", on, 16) if announced else call

    def _draft(self, call: Any, party: Any, on: date, *, files: int = 0) -> Any:
        host = self.hands.host(party)
        record = self.hands.at(on, 9, platforms.apply, call, party, actor=host)
        revenue = Decimal(self.chance.randrange(42000, 310000)) / 10
        values: dict[str, Any] = {
            "field": self.chance.choice(("先进制造与自动化", "新材料", "电子信息", "生物与新医药")),
            "leader": self.chance.choice("张李王刘陈杨") + self.chance.choice(("建国", "晓东", "文博", "海峰", "立新")),
            "data_year": 2023,
            "revenue": revenue,
            "rnd_spend": (revenue * self.chance.randrange(28, 62) / 1000).quantize(Decimal("0.1")),
            "staff": self.chance.randrange(60, 400),
            "contact_phone": f"139{self.chance.randrange(10**8):08d}",
        }
        record = self.hands.at(on, 9, platforms.update_application, record, values, actor=host)
        for n in range(1, files + 1):
            self._material(record, n, on, host)
        return record

    def _material(self, record: Any, n: int, on: date, host: Any) -> None:
        file = self.hands.file(f"{MATERIALS[n - 1][0]}.pdf")
        self.hands.at(on, 10, platforms.add_material, record, f"m{n}", file, actor=host)

    def _submitted(self, call: Any, party: Any, on: date) -> Any:
        host = self.hands.host(party)
        required = [n for n, (_, needed) in enumerate(MATERIALS, 1) if needed]
        record = self._draft(call, party, on, files=len(required))
        values = {
            "direction": "围绕主导产品开展工艺优化、新材料应用和智能检测研究。",
            "rnd_staff": self.chance.randrange(10, 40),
            "site_area": Decimal(self.chance.randrange(200, 1500)),
            "equipment_value": Decimal(self.chance.randrange(1500, 12000)) / 10,
            "ip_count": self.chance.randrange(3, 30),
            "contact_name": party.contact_name or "办公室",
        }
        record = self.hands.at(on, 11, platforms.update_application, record, values, actor=host)
        return self.hands.take("submit", record, host, on, 15)

    def _recommended(self, record: Any, on: date) -> Any:
        return self.hands.take("recommend", record, self.hands.clerk(record.region_id), on, 10)

    def _form(self, record: Any, on: date, *, bad: str = "") -> Any:
        officer = self.hands.actor("gaoxin", on)
        checks = [
            {"item": item, "passed": item != bad, "note": "辅助账与申请表的研发费用相差较大" if item == bad else ""}
            for item in record.call.form_items
        ]
        self.hands.at(on, 10, platforms.save_form_checks, record, checks, actor=officer)
        if bad:
            return self.hands.take("fail_form", record, "gaoxin", on, 11, reason=f"不符合：{bad}。")
        return self.hands.take("pass_form", record, "gaoxin", on, 11)

    def _half_checked(self, record: Any, on: date) -> None:
        checks = [{"item": item, "passed": True if n < 2 else None, "note": ""} for n, item in enumerate(CHECKS)]
        officer = self.hands.actor("gaoxin", on)
        self.hands.at(on, 10, platforms.save_form_checks, record, checks, actor=officer)

    def _visit(self, record: Any, on: date) -> Any:
        self.hands.at(
            on,
            16,
            platforms.record_visit,
            record,
            visited_on=on,
            people=VISITORS,
            findings=FOUND,
            passed=True,
            photos=[self.hands.file("现场照片.jpg")],
            actor=self.hands.actor("gaoxin", on),
        )
        record.refresh_from_db()
        return record

    def _meeting(self, call: Any, on: date, minutes: str, decisions: dict[int, tuple[str, str]]) -> None:
        self.hands.at(
            on,
            17,
            platforms.record_meeting,
            call,
            held_on=on,
            minutes=minutes,
            attendees=ATTENDEES,
            decisions=decisions,
            actor=self.hands.actor("gaoxin", on),
        )
