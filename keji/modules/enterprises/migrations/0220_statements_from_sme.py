"""What was kept for 科技型中小企业评价 becomes statements, each fact on its own, with its source.

The year of the table was the year of the evaluation; its figures are those of the year before. 万元 with four decimals
become 元 exactly. Staff were counted with part-timers, so part-timers are stated as none beside them and the sums stay.
R&D expense was one sum, which cannot be told apart into its items: it stays in the filing's note. One tick stood for
accidents and for dishonesty: a No answers both, a Yes does not say which, so nothing is stated and the note asks.
"""

from datetime import date

from django.db import migrations

COUNTS = {"staff": "staff", "rnd_staff": "rnd_staff"}
MONEY = {"sales": "revenue", "assets": "assets", "total_cost": "total_cost"}
STANDING = {
    "resident": 0, "class1_ip": 0, "class2_ip": 0, "restricted": 12, "listed_abnormal": 6, "hnte": 0, "award": 12,
    "institution": 12, "standard": 12,
}


def months_on(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date.fromordinal(date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal() - 1).day
    return date(year, month + 1, min(day.day, last))


def said_in(row, newest):
    """[(fact, year, value, months it holds)] and the note of one old row."""
    before, found, notes = row.year - 1, [], []
    for old, new in COUNTS.items():
        if getattr(row, old) is not None:
            found.append((new, before, getattr(row, old), 0))
            found.append(("part_time_6m" if old == "staff" else "rnd_part_time_6m", before, 0, 0))
    for old, new in MONEY.items():
        if getattr(row, old) is not None:
            found.append((new, before, int(getattr(row, old) * 10000), 0))
    if newest:
        for name, months in STANDING.items():
            if getattr(row, name) is not None:
                found.append((name, 0, int(getattr(row, name)), months))
        if row.misconduct is False:
            found += [("serious_incident", 0, 0, 12), ("research_dishonesty", 0, 0, 12)]
    if row.staff is not None:
        notes.append("职工人数含兼职和临时聘用人员")
    if row.rnd_expense is not None:
        notes.append(f"研发费用合计 {row.rnd_expense.normalize():f} 万元（加计扣除口径），请分项填报")
    if row.misconduct:
        notes.append("曾填有重大事故、严重违法或科研严重失信，请分别填报")
    return found, "；".join(notes)[:300]


def carry_over(apps, schema_editor):
    Old = apps.get_model("enterprises", "SmeFacts")
    Filing, Statement = apps.get_model("facts", "Filing"), apps.get_model("facts", "Statement")
    seen = set()
    touched = set()
    for row in Old.objects.select_related("party").order_by("party", "-year"):
        found, note = said_in(row, row.party_id not in seen)
        seen.add(row.party_id)
        filing = Filing.objects.create(
            party_id=row.party_id, title=f"{row.year}年度科技型中小企业评价资料（转入）", year=row.year,
            purpose="tech_sme", origin=row.source, note=note, stated=len(found), asked=len(found),
            at=row.updated_at, by=row.updated_by[:60],
        )
        held = set(
            Statement.objects.filter(
                party_id=row.party_id, origin=row.source, state__in=["stated", "confirmed", "settled"]
            ).values_list("name", "year")
        )
        for name, year, value, months in found:
            if (name, year) in held:
                continue
            Statement.objects.create(
                party_id=row.party_id, name=name, year=year, value=value, origin=row.source, state="stated",
                filing=filing, stated_at=row.updated_at, stated_by=row.updated_by[:60],
                evidence=f"{row.year}年度评价资料",
                expires_on=months_on(row.updated_at.date(), months) if months else None,
            )
            touched.add((row.party_id, year, row.updated_at))
    work_out_files(apps, touched)


def work_out_files(apps, touched):
    Statement, FactFile = apps.get_model("facts", "Statement"), apps.get_model("facts", "FactFile")
    for party, year, at in sorted(touched):
        stated = {}
        live = Statement.objects.filter(party_id=party, year=year, state__in=["stated", "confirmed", "settled"])
        for name, value, expires_on in live.values_list("name", "value", "expires_on"):
            if expires_on is None or expires_on >= date.today():
                stated.setdefault(name, set()).add(value)
        unsettled = sorted(n for n, said in stated.items() if len(said) > 1)
        FactFile.objects.update_or_create(
            party_id=party, year=year,
            defaults={
                "values": {n: next(iter(said)) for n, said in sorted(stated.items()) if len(said) == 1},
                "unsettled": unsettled, "open_count": len(unsettled), "changed_at": at,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0210_rungs_shelf"), ("facts", "0002_filings")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
