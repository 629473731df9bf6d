"""分配评审: the best plan for a batch, its proof, what is impossible, adopting it once, changing it by hand."""
# ruff: noqa: F811 - fixtures are asked for by name

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations, product

import pytest

from keji.kernel.audit.models import Entry
from keji.kernel.parties.models import Person
from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.lib.assignment import FULL_FIT
from keji.lib.codes import citizen_check
from keji.modules.experts.models import Expert
from keji.modules.experts.services.ties import TieRow, record_ties
from keji.modules.projects.models import Proposal, Review
from keji.modules.projects.reviews.services import panel
from keji.modules.projects.reviews.services.allocating import Options, adopt, facts_of, plan_for, usual
from keji.modules.projects.reviews.services.fitting import fit, known_to, neighbours
from keji.modules.projects.reviews.services.swapping import swap
from tests.modules.experts.conftest import make_experts  # noqa: F401
from tests.modules.projects.telling import SYSTEM, form_passed, marked, open_guideline

pytestmark = pytest.mark.django_db
TOPICS = ("轴承疲劳试验", "茶叶采摘机器人", "中药材种植", "芯片封装工艺")
KNOWS = (("轴承",), ("机器人", "采摘"), ("中药材", "种植"), ("芯片", "封装"), ("疲劳试验",), ("茶叶",), ("工艺",))


def citizen(n: int) -> str:
    body = f"34240119800101{n:03d}"
    return body + citizen_check(body)


@pytest.fixture
def batch(make_experts, make_party, person, now):
    """Four proposals and seven experts with accounts, who know something of one or two of them."""
    call = open_guideline(now, unit_quota=5)
    for n, topic in enumerate(TOPICS):
        lead = {"leader_name": f"负责人{n}", "leader_id_number": citizen(n), "abstract": f"研究{topic}。"}
        form_passed(call, make_party(f"申报{n}公司"), now, title=f"{topic}研究", **lead)
    made = make_experts(7, kind=lambda n: "finance" if n == 7 else "technical", level="senior")
    for n, expert in enumerate(made):
        Expert.objects.filter(pk=expert.pk).update(keywords=list(KNOWS[n]))
        Person.objects.filter(pk=expert.person_id).update(account=person("expert", f"expert-{n}"))
    row = {"guideline": call, "title": "第一组", "due_on": date(2024, 12, 20)}
    batch = panel.draft_batches([row], actor=SYSTEM, at=now, source="page")[0]
    panel.assign_panel(batch, [e.person for e in made], "", actor=SYSTEM, at=now)
    return batch


def best(facts, options) -> int:
    """By trying every combination of panels."""
    may = [[(at, who) not in facts.forbidden for who in range(len(facts.people))] for at in range(len(facts.proposals))]
    panels = [
        [p for p in combinations(range(len(facts.people)), options.each) if all(may[at][w] for w in p)]
        for at in range(len(facts.proposals))
    ]
    found = -1
    for choice in product(*panels):
        loads = Counter(w for p in choice for w in p)
        if max(loads.values()) <= options.load:
            found = max(found, sum(int(facts.fits[at, w]) for at, p in enumerate(choice) for w in p))
    return found


def test_the_plan_is_the_best_there_is_and_says_so(batch):
    facts = facts_of(batch)
    options = Options(3, 2)
    plan = plan_for(batch, options, facts)
    assert plan.found.proved and plan.found.total == plan.found.bound == best(facts, options)
    assert max(plan.loads.values()) <= 2 and all(len(set(p)) == 3 for p in plan.panels)


def test_adopting_writes_the_sheets_once_and_the_batch_can_begin(batch, people, now):
    options = usual(batch, facts_of(batch))
    plan = plan_for(batch, options)
    adopt(batch, options, plan.digest, actor=people.officer, at=now)
    adopt(batch, options, plan.digest, actor=people.officer, at=now)  # a second click changes nothing
    sheets = Counter(Review.objects.values_list("proposal", flat=True))
    assert set(sheets.values()) == {options.each} and Review.objects.count() == 4 * options.each
    assert max(Counter(Review.objects.values_list("person", flat=True)).values()) <= options.load
    entry = Entry.objects.filter(action="采用评审分配").first()
    assert plan.digest in str(entry.changes) and "专家0" not in str(entry.changes)
    running = take("start", batch, actor=people.officer, at=now)
    with pytest.raises(Refused, match="评审已经开始"):
        adopt(running, options, plan.digest, actor=people.officer, at=now)
    for review in running.reviews.order_by("pk"):
        marked(review, (27, 22, 22, 9, 8), now)
    assert take("close", running, actor=people.officer, at=now).state == "closed"


def test_a_plan_of_before_is_not_adopted(batch, people, now):
    options = Options(3, 2)
    plan = plan_for(batch, options)
    expert = Expert.objects.get(person=plan.facts.people[plan.panels[0][0]])
    firm = plan.facts.proposals[0].party
    record_ties([TieRow(expert.pk, "interest", unit=firm.name)], actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="有变化"):
        adopt(batch, options, plan.digest, actor=people.officer, at=now)
    again = plan_for(batch, options)
    assert plan.panels[0][0] not in again.panels[0]
    assert any(expert.person.name in why for why in again.facts.forbidden.values())


def test_who_may_not_judge_one_still_judges_the_others(batch, now):
    first = Proposal.objects.order_by("pk").first()
    first.avoided = [{"name": "专家001", "unit": "", "reason": "争议"}]
    first.save()
    plan = plan_for(batch, Options(5, 3))
    who = next(i for i, p in enumerate(plan.facts.people) if p.name == "专家001")
    assert (0, who) in plan.facts.forbidden and who not in plan.panels[0] and plan.loads[who] > 0


def test_nobody_judges_who_judges_them(batch):
    """Two experts lead one proposal each: not both sit on the other's panel, whatever fits."""
    rows, experts = list(Proposal.objects.order_by("pk")[:2]), list(Expert.objects.order_by("pk")[:2])
    for row, expert in zip(rows, experts, strict=True):
        Proposal.objects.filter(pk=row.pk).update(leader=expert.person)
    plan = plan_for(batch, Options(5, 4))
    place = {p.pk: i for i, p in enumerate(plan.facts.people)}
    one, other = (place[e.person_id] for e in experts)
    assert one not in plan.panels[0] and other not in plan.panels[1]
    assert not (other in plan.panels[0] and one in plan.panels[1])


def test_finance_experts_are_on_every_panel_where_asked(batch):
    plan = plan_for(batch, Options(3, 4, finance=1))
    who = plan.facts.finance.index(True)
    assert all(who in p for p in plan.panels) and plan.loads[who] == 4


def test_what_is_impossible_is_told_with_the_smallest_change(batch):
    plan = plan_for(batch, Options(3, 1))
    assert plan.found is None and plan.problems == ("共需12人次，专家可承担的工作量合计7人次，差5人次",)
    assert plan.changes[0] == "每位专家最多 1 项，提高到 2 项"
    assert "减为 1 位（评审方案要求至少 3 位" in plan.changes[1]
    plan = plan_for(batch, Options(3, 3, finance=1))
    assert plan.found is None and plan.changes == (
        "每位专家最多 3 项，提高到 4 项",
        "每个项目至少 1 位财务专家，减为 0 位",
    )


@pytest.mark.parametrize(
    ("options", "sentence"), [(Options(4, 3), "单数"), (Options(1, 3), "至少 3 位"), (Options(3, 0), "至少评 1 项")]
)
def test_conditions_that_make_no_sense_are_refused_in_words(batch, options, sentence):
    with pytest.raises(Refused, match=sentence):
        plan_for(batch, options)


def test_a_reviewer_is_changed_by_hand_with_a_reason(batch, people, now):
    options = Options(3, 2)
    plan = plan_for(batch, options)
    adopt(batch, options, plan.digest, actor=people.officer, at=now)
    sheet = batch.reviews.order_by("pk").first()
    there = set(sheet.proposal.reviews.values_list("person", flat=True))
    other = Person.objects.filter(expert__isnull=False).exclude(pk__in=there).first()
    with pytest.raises(Refused, match="理由"):
        swap(sheet, other, " ", actor=people.officer, at=now)
    with pytest.raises(Refused, match="已在这个项目"):
        swap(sheet, Person.objects.get(pk=sorted(there - {sheet.person_id})[0]), "换", actor=people.officer, at=now)
    with pytest.raises(Refused, match="业务科室"):
        swap(sheet, other, "换", actor=people.county, at=now)
    made = swap(sheet, other, "更熟悉该领域", actor=people.officer, at=now)
    assert made.proposal_id == sheet.proposal_id and Review.objects.count() == 12
    with pytest.raises(Refused, match="已被换下"):
        swap(sheet, other, "再点一次", actor=people.officer, at=now)
    assert Entry.objects.filter(action="更换评审专家", reason="更熟悉该领域").count() == 1


def test_once_the_review_runs_only_who_stepped_back_is_replaced(batch, people, now):
    options = Options(3, 2)
    adopt(batch, options, plan_for(batch, options).digest, actor=people.officer, at=now)
    batch = take("start", batch, actor=people.officer, at=now)
    sheet = batch.reviews.order_by("pk").first()
    there = set(sheet.proposal.reviews.values_list("person", flat=True))
    other = Person.objects.filter(expert__isnull=False).exclude(pk__in=there).first()
    with pytest.raises(Refused, match="请先让这位专家回避"):
        swap(sheet, other, "换", actor=people.officer, at=now)
    sheet = take("release", sheet, actor=people.officer, at=now, reason="联系不上")
    made = swap(sheet, other, "原专家联系不上", actor=people.officer, at=now)
    assert (made.state, Review.objects.get(pk=sheet.pk).state) == ("assigned", "recused")


def test_the_page_shows_the_proof_to_who_may_know_names_and_to_nobody_else(batch, people, client):
    def page(actor, query=""):
        client.force_login(Account.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
        return client.get(f"/projects/batches/{batch.pk}/allocate{query}")

    told = page(people.officer, "?each=3&load=2&finance=0").content.decode()
    assert "这是最好的方案" in told and "专家001" in told and "采用这个方案" in told
    watched = page(people.inspector).content.decode()
    assert "专家001" in watched and "采用这个方案" not in watched and "换人" not in watched
    for actor in (people.leader, people.county, people.unit):
        response = page(actor)
        assert response.status_code in (403, 404) and "专家001" not in response.content.decode()
    assert "分不出来" in page(people.officer, "?each=3&load=1&finance=0").content.decode()
    for odd in ("?each=x&load=2&finance=0", "?each=4&load=2&finance=0", "?each=99999999&load=-1&finance=0"):
        assert "没有计算" in page(people.officer, odd).content.decode()


def test_the_fit_is_the_share_of_registered_words_found():
    known = known_to(["轴承", "机器人"])
    assert known == {"轴承", "机器", "器人"}
    assert fit(known, neighbours("采摘机器人研究")) == FULL_FIT * 2 // 3
    assert fit(set(), neighbours("采摘")) == 0
