"""The holiday tables of the years whose notice is known."""

from django.db import migrations

from keji.lib.workdays import load_spans


def forwards(apps, schema_editor):
    rule = apps.get_model("calendar", "DayRule")
    rule.objects.bulk_create(
        [rule(day=day, working=span.working, year=span.year, notice=span.notice) for span in load_spans() for day in span.days()],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
