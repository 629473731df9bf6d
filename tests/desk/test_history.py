"""What the log keeps as text is shown as people write it."""

from __future__ import annotations

import pytest

from keji.desk.cells import find_field
from keji.desk.pages import said
from keji.modules.enterprises.api import Certification
from keji.modules.rnd.models import RndProject


@pytest.mark.parametrize(
    ("model", "name", "value", "shown"),
    [
        (Certification, "issued_on", "2024-03-05", "2024年3月5日"),
        (Certification, "完成日期", "2024-05-20", "2024年5月20日"),
        (Certification, "confirmed_at", "2024-03-05T09:05:00+08:00", "2024年3月5日 09:05"),
        (Certification, "certificate_code", "2024-13-45", "2024-13-45"),
        (Certification, "year", 2024, "2024"),
        (RndProject, "budget", "4640000", "4,640,000"),
        (RndProject, "budget", "（已隐去）", "（已隐去）"),
        (RndProject, "2024年7月", "304030.00", "304,030"),
        (RndProject, "县区", "341502", "341502"),
        (RndProject, "name", "2.0", "2.0"),
        (RndProject, "starts", "202301", "202301"),
        (RndProject, "走访", "2024年5月22日 上门", "2024年5月22日 上门"),
        (RndProject, "note", "", ""),
    ],
)
def test_a_logged_value_reads_as_people_write_it(model, name, value, shown):
    assert said(find_field(model, name), value) == shown
