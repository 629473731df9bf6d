"""The year before the demo year: its December scored, the year appraised, shown to the public, decided, printed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keji.demo.story import actor, moment
from keji.kernel import clock
from keji.kernel.indicators.services import report_figures
from keji.kernel.parties.models import Region
from keji.kernel.records import notices
from keji.kernel.records.flow import take
from keji.modules.enterprises import api as enterprises
from keji.modules.horserace import api as race

YEAR = 2023
#: indicator → what was filed for December, unit by unit in the order of the regions
FILED = {
    "fiscal_share": ("1.71", "1.58", "1.49", "1.62", "1.66", "1.44", "1.57", "1.80"),
    "fiscal_growth": ("10.4", "7.2", "9.9", "12.1", "8.6", "6.3", "11.5", "13.0"),
    "hightech_value_added_growth": ("9.8", "8.1", "7.4", "10.2", "10.9", "6.8", "9.0", "11.6"),
    "tech_loan_growth": ("17.2", "15.0", "19.8", "16.4", "18.1", "14.3", "15.9", "20.5"),
}
CONTACT = "市科技局规划发展科，电话 0564-3379000，地址：六安市皋城东路"


def adopt_scheme() -> None:
    """The first edition; firms are compared with one another, for no county had a target yet."""
    drafted, adopted = date(YEAR, 3, 6), date(YEAR, 3, 10)
    about = {
        "title": "县区科技创新赛马考评方案",
        "edition": f"{YEAR}年试行版",
        "from_on": date(YEAR, 1, 1),
        "cites": f"局党组会议纪要（{YEAR}年3月），权重和计分方法待正式文件印发后核对",
    }
    officer = actor("guihua", drafted)
    scheme = race.draft_schemes([about], actor=officer, at=moment(drafted))[0]
    content = json.loads(json.dumps(scheme.content))
    for row in content["indicators"]:
        if row["function"] == "TARGET_RATE":
            row |= {"function": "MINMAX", "cap": "", "parameters": {}}
    scheme = race.save_content(scheme, content, actor=officer, at=moment(drafted, 11))
    take("adopt", scheme, actor=actor("juzhang", adopted), at=moment(adopted))


def score_december(clerks: dict[str, str]) -> Any:
    """December and with it the fourth quarter and the year; returns the year's run, published."""
    filed, checked, heard, approved = (date(YEAR + 1, 1, d) for d in (11, 12, 15, 22))
    officer, other = actor("guihua", filed), actor("gaoxin", filed)
    parts = list(Region.objects.exclude(level="city").order_by("order"))
    rows = [
        {
            "indicator": code, "region": region, "period": f"{YEAR}-12", "value": Decimal(value),
            "caliber": "按现行统计制度", "owner": enterprises.owner_of(code),
        }
        for code, values in FILED.items()
        for region, value in zip(parts, values, strict=True)
    ]  # fmt: skip
    for figure in report_figures(rows, actor=officer, at=moment(filed), source="page"):
        take("send", figure, actor=officer, at=moment(filed))
        take("confirm", figure, actor=other, at=moment(filed, 14))
    record = race.open_rounds([{"period": f"{YEAR}-12"}], actor=officer, at=moment(filed, 15))[0]
    for item in record.items.all():
        race.check_item(item, actor=other, at=moment(checked), without="尚未公布")
    record = take("open_hearing", record, actor=officer, at=moment(heard))
    for code, clerk in clerks.items():
        race.agree(record, next(r for r in parts if r.pk == code), actor=actor(clerk, heard), at=moment(heard, 15))
    with clock.stopped_at(moment(approved)):
        take("approve", record, actor=other, at=moment(approved))
    published = [
        take("publish", run, actor=actor("juzhang", approved), at=moment(approved, 16))
        for run in record.runs.filter(state="ready")
    ]
    return next(run for run in published if run.kind == "year")


def appraise(run: Any) -> None:
    """Graded by place, one grade lowered with its reason, shown to the public, decided, printed."""
    proposed, shown = date(YEAR + 1, 1, 23), date(YEAR + 1, 1, 24)
    officer = actor("guihua", proposed)
    record = race.propose_appraisal(run, actor=officer, at=moment(proposed))
    lowered = list(record.lines.filter(grade="良好"))[-1]
    race.regrade(
        lowered, grade="达标", award="", actor=officer, at=moment(proposed, 11),
        reason="全年两次数据错报，经核查属实，按规定降一等次",
    )  # fmt: skip
    record.refresh_from_db()
    record = take("announce", record, actor=officer, at=moment(proposed, 15), contact=CONTACT)
    notice = notices.publish(record.notice, actor=actor("gaoxin", shown), at=moment(shown))
    night: date = (notice.until_on or shown) + timedelta(days=1)
    notices.close_due(at=moment(night, 1))
    record.refresh_from_db()
    decided = max(night, date(YEAR + 1, 2, 2))
    with clock.stopped_at(moment(decided)):
        take("finish", record, actor=actor("juzhang", decided), at=moment(decided))
    drafted, signed = (decided + timedelta(days=n) for n in (0, 3))
    paper = race.papers.draft(run, actor=actor("guihua", drafted), at=moment(drafted, 14))
    race.papers.review(paper, actor=actor("gaoxin", signed), at=moment(signed))
    race.papers.issue(paper, actor=actor("juzhang", signed), at=moment(signed, 11))
