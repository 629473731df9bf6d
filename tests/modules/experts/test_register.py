"""The register: entering, admitting by the rules, correcting, confirming once a year, joining by a code."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel import clock
from keji.kernel.audit.models import Entry
from keji.kernel.jobs.models import Job
from keji.kernel.parties.models import Person
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.lib.codes import citizen_check
from keji.modules.experts.fees import fee
from keji.modules.experts.models import Discipline, Employment, ExitCase, Expert, ExpertInvitation, Use
from keji.modules.experts.services import credit, own, register
from keji.modules.experts.services.entry import entry_problems
from keji.modules.experts.services.health import health_on
from keji.modules.experts.services.ties import TieRow, declare_tie

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")


def id_number(serial: int = 1, born: str = "19750301") -> str:
    body = f"341502{born}{serial:03d}"
    return body + citizen_check(body)


def form(serial: int = 1, **changes: str) -> dict[str, str]:
    return {
        "name": "周一", "id_number": id_number(serial), "phone": "13805641234", "employer": "某某大学", "in_city": "否",
        "place": "合肥市", "kind": "technical", "title": "教授", "level": "senior", "disciplines": "520.20，510",
        "agreed_on": "2024-01-08",
    } | changes  # fmt: skip


def test_one_enters_and_another_admits(people, enter):
    client = enter(Account.objects.get(pk=people.officer.id))
    assert client.post("/d/experts/new", form()).status_code == 302
    expert = Expert.objects.get()
    assert (expert.state, expert.number, expert.person.name, expert.sex) == ("applied", "ZJ-2024-0001", "周一", "male")
    assert (expert.discipline_id, [d.code for d in expert.also.order_by("code")]) == ("520", ["510", "520.20"])
    with pytest.raises(Refused, match="两个人"):
        take("admit", expert, actor=people.officer, at=clock.now())
    expert = take("admit", expert, actor=people.second, at=clock.now())
    assert (expert.state, expert.joined_on, expert.confirmed_until) == (
        "active",
        date(2024, 11, 12),
        date(2025, 11, 12),
    )


def test_nobody_is_two_experts(people, enter):
    client = enter(Account.objects.get(pk=people.officer.id))
    client.post("/d/experts/new", form())
    answer = client.post("/d/experts/new", form(name="周二"))
    assert "已在评审专家库里（ZJ-2024-0001）" in answer.content.decode()
    assert Person.objects.count() == 1


def test_a_person_known_for_other_things_stays_one_person(people, enter, now):
    known = Person.objects.create(name="周一", id_number=id_number(), created_at=now)
    enter(Account.objects.get(pk=people.officer.id)).post("/d/experts/new", form())
    assert Expert.objects.get().person_id == known.pk and Person.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id_number": "341502197503010010"}, "证件号码"),
        ({"phone": "123"}, "手机号"),
        ({"disciplines": "999"}, "没有学科“999”"),
        ({"disciplines": "110,120,130,140"}, "1 至 3 个学科"),
        ({"title_on": "2030-01-01"}, "在今天之后"),
        ({"party": "91341502MA00000000"}, "信用代码"),
    ],
)
def test_wrong_input_is_told_at_its_field(people, enter, changes, sentence):
    answer = enter(Account.objects.get(pk=people.officer.id)).post("/d/experts/new", form(**changes))
    assert sentence in answer.content.decode() and not Expert.objects.exists()


def test_a_sheet_of_experts_goes_in_whole_or_not_at_all(people, enter):
    from keji.lib import sheet
    from keji.modules.experts.forms import ExpertForm

    client = enter(Account.objects.get(pk=people.officer.id))
    words = {"kind": "技术", "level": "正高级", "disciplines": "510"}

    def upload(rows):
        content = sheet.write(ExpertForm.columns(), rows, title="评审专家")
        client.post("/d/experts/upload", {"file": SimpleUploadedFile("专家.xlsx", content)})
        return Job.objects.order_by("-pk").first()

    bad = upload([form(1, **words), form(1, name="周二", **words)])
    assert not Expert.objects.exists(), bad.message
    assert upload([form(n, name=f"周{n}", **words) for n in (1, 2, 3)]).state == "done"
    assert Expert.objects.count() == 3 and BytesIO


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"level": "lower"}, "副高级以上"),
        ({"level": "cto"}, "副高级以上"),  # equal for industry only
        ({"born_on": date(1953, 11, 12)}, "年龄 71 岁"),
        ({"born_on": None}, "没有出生日期"),
        ({"agreed_on": None}, "没有同意专家守则"),
    ],
)
def test_entry_rules_say_what_is_missing(make_experts, people, now, changes, sentence):
    expert = make_experts(1, admit=False, **changes)[0]
    with pytest.raises(Refused, match=sentence):
        take("admit", expert, actor=people.second, at=now)
    done, refused = register.admit_many([expert], actor=people.second, at=now)
    assert done == 0 and sentence in refused[0]


def test_seventy_on_the_day_may_still_join_and_equal_levels_count(make_experts, now):
    old = make_experts(1, admit=False, born_on=date(1953, 11, 13))[0]
    boss = make_experts(1, kind="industry", level="cto")[0]
    assert entry_problems(old, now.date()) == [] and entry_problems(boss, now.date()) == []


def test_admitting_many_is_the_step_taken_many_times(make_experts, people, now):
    made = make_experts(5, admit=False)
    assert register.admit_many(made, actor=people.second, at=now) == (5, [])
    assert set(Expert.objects.values_list("state", "confirmed_until")) == {("active", date(2025, 11, 12))}
    assert Entry.objects.filter(action="审核入库").count() == 5


def test_a_new_employer_leaves_the_old_one_in_the_history(make_experts, make_party, people, now):
    expert, firm = make_experts(1)[0], make_party("新单位有限公司")
    register.correct_expert(expert, {"party": firm, "employer": firm.name}, actor=people.officer, at=now)
    old, new = Employment.objects.order_by("pk")
    assert (old.until_on, new.party, new.from_on) == (date(2024, 11, 12), firm, date(2024, 11, 12))
    assert Expert.objects.get().on_register


def test_employers_are_matched_by_name_when_only_one_fits(make_experts, make_party, people, now):
    make_party("甲单位")
    make_experts(1, employer="甲单位")
    make_experts(1, employer="乙单位")
    assert register.match_employers(actor=people.officer, at=now) == 1
    assert list(Expert.objects.order_by("pk").values_list("on_register", flat=True)) == [True, False]


@pytest.fixture
def expert_account(make_experts, person):
    expert = make_experts(1)[0]
    expert.person.account = person("expert", "an-expert")
    expert.person.save()
    return expert


def test_an_expert_confirms_once_a_year_and_changes_own_data_only(expert_account, enter, people, actor_for):
    client = enter(expert_account.person.account)
    said = {
        "employer": "另一所大学",
        "post": "教授",
        "agree": "on",
        "phone": "",
        "bank_card": "",
        "keywords": "光电、材料",
    }
    with clock.stopped_at(datetime(2025, 1, 6, 9, 0)):
        assert client.post("/experts/mine/confirm", said).status_code == 302
    expert = Expert.objects.get()
    assert (expert.confirmed_until, expert.employer, expert.keywords) == (
        date(2026, 1, 6),
        "另一所大学",
        ["光电", "材料"],
    )
    assert expert.person.phone.startswith("138"), "a blank phone keeps the one on file"
    with pytest.raises(Refused, match="本人"):
        own.confirm(expert, {}, actor=people.officer, at=clock.now())


def test_declared_ties_are_kept_sealed_and_shown_to_the_expert_alone(expert_account, enter, people):
    client = enter(expert_account.person.account)
    data = {"tie-kind": "kin", "tie-whom": "吴某某", "tie-unit": "某公司"}
    client.post("/experts/mine/ties", data)
    assert "吴某某" in client.get("/experts/mine").content.decode()
    assert not any("吴某某" in str(e.changes) for e in Entry.objects.all())
    officer = enter(Account.objects.get(pk=people.officer.id))
    text = officer.get(f"/d/experts/{expert_account.pk}").content.decode()
    assert "近亲属申报 1 条" in text and "吴某某" not in text
    with pytest.raises(Refused, match="本人申报"):
        declare_tie(expert_account, TieRow(expert_account.pk, "kin", whom="x"), actor=people.officer, at=clock.now())


def test_phones_are_masked_until_somebody_says_what_for(expert_account, enter, people):
    client = enter(Account.objects.get(pk=people.officer.id))
    page = client.get(f"/d/experts/{expert_account.pk}").content.decode()
    assert expert_account.person.phone not in page
    answer = client.post(
        f"/d/experts/{expert_account.pk}/reveal", {"field": "phone", "reason": "通知开会"}, follow=True
    )
    assert expert_account.person.phone in answer.content.decode()
    assert Entry.objects.filter(action="查看完整手机号", reason="通知开会").exists()


def test_joining_by_a_code_once(people, client, now, city):
    with pytest.raises(Refused, match="姓名最多 60 字，现有 61 字"):
        own.invite(["周" * 61], actor=people.officer, at=now)
    (name, code, until), *_ = own.invite(["周一", "周二"], actor=people.officer, at=now)
    assert (name, until) == ("周一", date(2024, 12, 12))
    assert code not in str(ExpertInvitation.objects.values_list("digest", flat=True))
    data = form() | {
        "code": code.lower(),
        "username": "zhouyi",
        "password": "Zhou-2024x",
        "again": "Zhou-2024x",
        "agree": "on",
    }
    data.pop("agreed_on")
    wrong = client.post("/experts/join", data | {"code": "AAAA-BBBB-CCCC"})
    assert wrong.status_code == 422 and "邀请码不对" in wrong.content.decode()
    other = client.post("/experts/join", data | {"name": "冒名"})
    assert "姓名与邀请的不符" in other.content.decode() and not Account.objects.filter(username="zhouyi").exists()
    assert client.post("/experts/join", data).status_code == 302
    expert = Expert.objects.get()
    assert (expert.state, expert.agreed_on, expert.person.account.username) == ("applied", date(2024, 11, 12), "zhouyi")
    assert client.get("/experts/mine").status_code == 200
    client.logout()
    again = client.post("/experts/join", data | {"username": "zhouyi2", "id_number": id_number(9)})
    assert again.status_code == 422 and Expert.objects.count() == 1
    take("admit", expert, actor=people.officer, at=now)  # nobody of the bureau entered it


def test_an_exit_is_told_answered_and_decided_by_two(expert_account, people, actor_for, now):
    with pytest.raises(Refused, match="依据最多 300 字，现有 301 字"):
        credit.propose_exit(expert_account, "low_marks", "低" * 301, actor=people.officer, at=now)
    case = credit.propose_exit(expert_account, "low_marks", "近三年平均 2.1 分", actor=people.officer, at=now)
    with pytest.raises(Refused, match="已有一件"):
        credit.propose_exit(expert_account, "other", "x", actor=people.second, at=now)
    case = take("notify", case, actor=people.officer, at=now)
    assert case.appeal_until == date(2024, 11, 19)
    with pytest.raises(Refused, match="期满后再决定"):
        take("let_go", case, actor=people.second, at=now, reason="同意")
    own_actor = actor_for(expert_account.person.account)
    with clock.stopped_at(datetime(2024, 11, 20, 9, 0)), pytest.raises(Refused, match="申辩期限"):
        take("appeal", case, actor=own_actor, at=clock.now(), appeal="晚了")
    with pytest.raises(Refused, match="申辩意见最多 1,000 字，现有 1,001 字"):
        take("appeal", case, actor=own_actor, at=now, appeal="冤" * 1001)
    case = take("appeal", case, actor=own_actor, at=now, appeal="当时出差")
    with pytest.raises(Refused, match="两个人"):
        take("let_go", case, actor=people.officer, at=now, reason="同意")
    take("let_go", case, actor=people.second, at=now, reason="申辩理由不成立")
    assert Expert.objects.get().state == "exited"


def test_the_night_finds_who_should_leave_and_lets_nobody_go(make_experts, now):
    old, loose, weak, silent, fine = make_experts(5)
    Person.objects.filter(pk=old.person_id).update(born_on=date(1953, 1, 1))
    Use.objects.create(
        expert=loose, on=date(2024, 5, 1), task="t", timeliness=5, independence=5, quality=5, confidentiality=1
    )
    for month in (1, 2, 3):
        Use.objects.create(
            expert=weak, on=date(2024, month, 1), task="t", timeliness=2, independence=3, quality=2, confidentiality=4
        )
    Expert.objects.filter(pk=silent.pk).update(confirmed_until=date(2023, 11, 11))
    Use.objects.create(
        expert=fine, on=date(2024, 5, 1), task="t", timeliness=3, independence=3, quality=3, confidentiality=2
    )
    made = credit.propose_exits(actor=SYSTEM, at=now)
    assert {(c.expert_id, c.ground) for c in made} == {
        (old.pk, "age"), (loose.pk, "confidentiality"), (weak.pk, "low_marks"), (silent.pk, "unconfirmed"),
    }  # fmt: skip
    assert credit.propose_exits(actor=SYSTEM, at=now) == []
    assert Expert.objects.filter(state="active").count() == 5 and ExitCase.objects.count() == 4


def test_the_worked_fees():
    """2.5 days at 2,000 a day come to 4,600 元, half a day to 1,200."""
    rates = {"half_percent": 60, "later_percent": 50}
    assert fee(Decimal("2.5"), 2000, **rates) == 4600
    assert fee(Decimal("0.5"), 2000, **rates) == 1200
    assert fee(Decimal(2), 2000, **rates) == 4000
    assert fee(Decimal("1.5"), 2000, **rates) == 3200
    with pytest.raises(ValueError, match="半天"):
        fee(Decimal("0.3"), 2000, **rates)


@given(st.integers(1, 40))
def test_more_days_never_pay_less(halves):
    one, more = (fee(Decimal(n) / 2, 1999, half_percent=60, later_percent=50) for n in (halves, halves + 1))
    assert one < more and isinstance(one, Fraction)


def test_health_counts_what_may_be_drawn_and_names_thin_fields(make_experts, now):
    make_experts(6)
    make_experts(2, discipline=lambda n: Discipline.objects.get(code="220"), in_city=False)
    paused = make_experts(1)[0]
    Expert.objects.filter(pk=paused.pk).update(state="paused")
    for _ in range(3):
        Use.objects.create(expert=Expert.objects.first(), on=date(2024, 3, 1), task="t")
    found = health_on(now.date())
    assert (found.total, found.states["paused"], found.inside + found.outside) == (8, 1, 8)
    assert [(t.code, t.experts, t.outside) for t in found.thin] == [("220", 2, 2)]
    assert [o.times for o in found.often] == [3] and "法律" in found.empty_kinds
